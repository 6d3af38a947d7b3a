"""Prices: what a part of a fee costs, for whom, where and from when; shown before it is saved is what it will do."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup

from admin.setup import finding
from admin.setup.effects import Planned, shown
from admin.setup.fields import Fact, Percent, Pick
from admin.setup.money import cell, currency_choices, hundredths_of, minor_of
from admin.setup.segments import segments
from admin.setup.setting import Setting, faults, number_of
from admin.setup.types import ages
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Amount, Choice, Day, Number
from admin.tables.filters import Choices, choice
from admin.tables.listing import Tab, Wanted
from admin.tables.setup_view import Fault, doors_of
from documents import rate_words
from dues.access.permissions import Permission
from dues.dates import today
from dues.paging import Page
from dues.pricing.effect import beside, effect_of
from dues.pricing.errors import (
    AgesError,
    AmountError,
    DaysError,
    FollowsTooEarlyError,
    IncomeShareError,
    PriceTwiceError,
    PriceUsedError,
)
from dues.pricing.lists import (
    ListedPrice,
    all_components,
    all_types,
    currency_of,
    price_in_list,
    prices_page,
)
from dues.pricing.models import PriceRule
from dues.pricing.prices import Priced, change_price, follow_price, followed, is_used, remove_price, set_price
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, named, reader

SHOWN = "shown"
WHERE = ("component", "type", "group", "segment", "min_age", "max_age", "currency", "income_share", "least", "most")
"""What a price is for; fixed once it was used."""


def _components() -> Choices:
    return [(str(id_), f"{named(names)} ({group})") for id_, names, group in all_components(session())]


def _types() -> Choices:
    return [(str(id_), f"{named(names)} ({group})") for id_, names, group in all_types(session())]


def whom(row: ListedPrice) -> str:
    """Return for whom a price is, nothing where it is for all."""
    parts = [
        named(row.kind) if row.kind else "",
        named(row.segment) if row.segment else "",
        ages(row.price.min_age, row.price.max_age),
    ]
    return ", ".join(part for part in parts if part)


def _costs(price: PriceRule) -> Markup:
    amount = cell(price.amount, price.currency)
    if price.income_share is None:
        return amount
    return Markup("{}<br>{}").format(share_words(price.income_share), amount)


def share_words(share: int) -> str:
    """Return a share of a yearly income in words."""
    return gettext(_("%(share)s of the income"), share=rate_words(share, reader()))


def _too_early(error: FollowsTooEarlyError) -> str:
    day = reader().long_date(error.earliest)
    return gettext(_("Choose a day, %(day)s at the earliest."), day=day)


class PriceForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a price is made of."""

    component = Choice(_("Part of the fee"), choices=_components, read_as=int)
    type = Choice(
        _("Membership type"), choices=_types, read_as=int, optional=True, hint=_("Leave it empty for all of them.")
    )
    group = Pick(
        _("Only in"),
        find=finding.groups,
        source="groups.suggest",
        optional=True,
        hint=_("A group and those below it. Leave it empty for everywhere. The nearest group's price wins."),
    )
    segment = Choice(
        _("Segment"),
        choices=segments,
        read_as=int,
        optional=True,
        hint=_("Who is of it on the first day of the period. Leave it empty for everybody."),
    )
    min_age = Number(
        _("From age"), most=150, optional=True, hint=_("On the day that the membership type says, else the first one.")
    )
    max_age = Number(_("Up to age"), most=150, optional=True)
    currency = Choice(_("Currency"), choices=currency_choices, hint=_("That of the creditor's books."))
    now = Fact(_("Price until then"))
    amount = Amount(_("Amount"), hint=_("For a whole period, for example 250 or 249,50. 0 is a price, too."))
    income_share = Percent(
        _("Share of the yearly income in per cent"),
        optional=True,
        hint=_(
            "Where the fee follows what somebody earns; the amount above is then for those of whom nobody knows. A "
            "term of fewer months takes its part of the year."
        ),
    )
    least = Amount(_("But at least"), optional=True, hint=_("For a whole period."))
    most = Amount(_("And at most"), optional=True, hint=_("For a whole period."))
    valid_from = Day(
        _("From"),
        optional=True,
        hint=_("For periods that begin on this day or later. Leave it empty for a price that has always held."),
    )
    valid_to = Day(
        _("Last day"),
        optional=True,
        hint=_("Periods that begin later have another price. Most prices have no last day."),
    )


def _bound(written: int | None, currency: str) -> int | None:
    return None if written is None else minor_of(written, currency)


class PricesView(Setting):
    """What everything costs."""

    edits = Permission.PRICES_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.PRICES_EDIT)
    door = "prices"
    address = "/admin/setup/prices"
    words = _("Prices")
    about = _(
        "What each part of a fee costs, for whom, where and from when. The most specific price wins: "
        "the nearest group, then the type, then the segment, then the ages, then the one that began last."
    )
    shelf = _("What is charged")
    new_words = _("Add a price")
    columns = (
        Column("component", _("Part of the fee"), lambda row: named(row.component)),
        Column("home", _("Of")),
        Column("for", _("For"), whom),
        Column("group", _("Only in"), lambda row: row.group.name if row.group else ""),
        Column("from", _("From"), lambda row: row.price.valid_from),
        Column("to", _("Last day"), lambda row: row.price.valid_to),
        Column("amount", _("Amount"), lambda row: _costs(row.price), number=True),
    )
    tabs = (Tab("", _("In force and to come")), Tab("all", _("Also ended ones")))
    filters = (choice("component", _("Part of the fee"), _components), choice("type", _("Membership type"), _types))
    search = _("Beginning of the name of a group with prices of its own")
    form = PriceForm
    create_template = "admin/setup/price_new.html"
    edit_template = "admin/setup/price.html"
    can_delete = True
    faults = faults(
        "amount",
        {
            PriceTwiceError: Fault(
                "valid_from",
                _("There is a price for exactly this from the same day. Change that one, or choose another day."),
            ),
            PriceUsedError: Fault(
                "amount",
                _(
                    "Invoices have been made with this price in the meantime. Load the page again and let another "
                    "price follow it."
                ),
            ),
            FollowsTooEarlyError: Fault("valid_from", _too_early),
            AgesError: Fault("max_age", _("The highest age lies below the lowest.")),
            DaysError: Fault("valid_to", _("The last day lies before the first.")),
            IncomeShareError: Fault(
                "income_share", _("Write up to 100 per cent, and a lowest fee that is no higher than the highest.")
            ),
            AmountError: Fault("amount", _("A price is zero or more.")),
        },
    )

    def read(self, wanted: Wanted) -> Page[ListedPrice]:
        """Return a page of prices."""
        given = wanted.values
        return prices_page(
            session(),
            beginning=wanted.search,
            component=int(given["component"]) if "component" in given else None,
            kind=int(given["type"]) if "type" in given else None,
            from_on=None if wanted.view == "all" else today(session()),
            at=wanted.place,
        )

    def one(self, key: str) -> PriceRule | None:
        """Return a price by its number."""
        return session().get(PriceRule, number_of(key))

    def key_of(self, row: PriceRule | ListedPrice) -> str:
        """Return the number."""
        return str(row.id if isinstance(row, PriceRule) else row.price.id)

    def called(self, row: PriceRule) -> str:
        """Return what the price is for, and how much."""
        listed = price_in_list(session(), row)
        parts = [named(listed.component), whom(listed), listed.group.name if listed.group else ""]
        return f"{', '.join(part for part in parts if part)}: {reader().money(row.amount, row.currency)}"

    def defaults(self) -> Mapping[str, Any]:
        """The currency is that of the component somebody came from, else of the first one."""
        components = all_components(session())
        return {"currency": currency_of(session(), component_id=components[0][0]) if components else "SEK"}

    def fixed_in(self, row: PriceRule) -> Collection[str]:
        """A price that was used is for what it was for; what it costs is followed by another price."""
        return (*WHERE, "now") if is_used(session(), price_id=row.id) else ()

    def edit_form(self, row: PriceRule) -> Any:
        """Return the form; for a price that was used it asks what follows it, and from when."""
        form = super().edit_form(row)
        form.used = is_used(session(), price_id=row.id)
        if form.used:
            form.amount.label.text = _("New amount")
            form.valid_from.label.text = _("From this day on")
            form.valid_from.description = _(
                "For periods that begin on this day or later. Leave amount and day as they are to change only "
                "the last day."
            )
        return form

    def fields(self, form: Any) -> Sequence[Any]:  # type: ignore[override]  # a list like any other
        """A price that was never used has no other price before it."""
        return [field for field in super().fields(form) if field.name != "now" or getattr(form, "used", False)]

    def filled(self, row: PriceRule) -> Mapping[str, Any]:
        """Return a price as its form shows it."""
        used = is_used(session(), price_id=row.id)
        since = reader().date(row.valid_from) if row.valid_from else gettext(_("from the beginning"))
        return {
            "component": row.component_id,
            "type": row.type_id,
            "group": finding.group(row.group_id),
            "min_age": row.min_age,
            "max_age": row.max_age,
            "now": f"{reader().money(row.amount, row.currency)} ({since})",
            "amount": hundredths_of(row.amount, row.currency),
            "currency": row.currency,
            "segment": row.segment_id,
            "income_share": row.income_share,
            "least": None if row.least is None else hundredths_of(row.least, row.currency),
            "most": None if row.most is None else hundredths_of(row.most, row.currency),
            "valid_from": None if used else row.valid_from,
            "valid_to": row.valid_to,
        }

    def validate_form(self, form: Any) -> bool:
        """Whoever saves a price has seen what it will do; until then the form comes back and shows it."""
        if not super().validate_form(form):
            return False
        for field in (form.amount, form.least, form.most):
            if field.data is not None and minor_of(field.data, form.currency.data) is None:
                field.errors = [gettext(_("This currency has no such fractions. Write a whole amount."))]
                return False
        found: list[Planned] = []
        refused = self._refused(lambda: found.append(self._planned(form)))
        if refused is not None:
            form[refused[0]].errors = [refused[1]]
            return False
        planned, asked = found[0], request.form.get(SHOWN)
        if asked == planned.mark:
            return True
        effect = effect_of(session(), priced=planned.priced, replaces=planned.replaces, on=planned.on)
        form.effect, form.moved = shown(planned, effect), asked is not None
        return False

    def _planned(self, form: Any) -> Planned:
        on, row = today(session()), getattr(form, "row", None)
        priced = self._priced(form)
        priced.refuse()
        replaces = row.id if row is not None and not self._follows(form) else None
        first = max(priced.valid_from or on, on)
        if replaces and form.used and priced.valid_to:
            first = priced.valid_to + dt.timedelta(days=1)
        return Planned(priced, replaces, first, beside(session(), component_id=priced.component_id))

    def _follows(self, form: Any) -> bool:
        """Tell whether another price follows the one that was used, rather than that this one ends."""
        row = getattr(form, "row", None)
        if row is None or not form.used:
            return False
        amount = minor_of(form.amount.data, form.currency.data)
        return bool(form.valid_from.data is not None or amount != row.amount)

    def _priced(self, form: Any) -> Priced:
        amount = minor_of(form.amount.data, form.currency.data) or 0
        row = getattr(form, "row", None)
        if row is not None and form.used:
            if not self._follows(form):
                return Priced.ending(row, on=form.valid_to.data)
            from_on = form.valid_from.data or today(session())
            return followed(row, amount=amount, from_on=from_on, until=form.valid_to.data)
        return Priced(
            component_id=form.component.data,
            amount=amount,
            currency=form.currency.data,
            type_id=form.type.data,
            group_id=form.group.picked,
            segment_id=form.segment.data,
            income_share=form.income_share.data,
            least=_bound(form.least.data, form.currency.data),
            most=_bound(form.most.data, form.currency.data),
            min_age=form.min_age.data,
            max_age=form.max_age.data,
            valid_from=form.valid_from.data,
            valid_to=form.valid_to.data,
        )

    def add(self, form: Any) -> PriceRule:
        """Add a price."""
        return set_price(session(), priced=self._priced(form))

    def change(self, row: PriceRule, form: Any) -> None:
        """Change a price that was never used; let another follow one that was."""
        priced = self._priced(form)
        if self._follows(form):
            follow_price(session(), price_id=row.id, priced=priced, today=today(session()))
        else:
            change_price(session(), price_id=row.id, priced=priced)

    def remove(self, row: PriceRule) -> None:
        """Take a price away."""
        remove_price(session(), price_id=row.id)
