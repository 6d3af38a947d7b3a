"""Discounts: what is taken off fees, for whom, and in which order."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from markupsafe import Markup

from admin.setup import finding
from admin.setup.fields import Percent, Pick
from admin.setup.money import cell, currency_choices, hundredths_of, minor_of
from admin.setup.segments import segments
from admin.setup.setting import Setting, faults, number_of
from admin.setup.types import ages
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Amount, Choice, Day, Names, Number
from admin.tables.filters import Choices
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from documents import rate_words
from dues.access.permissions import Permission
from dues.paging import Page
from dues.pricing.discounts import (
    Discounted,
    ListedDiscount,
    change_discount,
    discounts_page,
    remove_discount,
    set_discount,
)
from dues.pricing.errors import AgesError, DaysError, ShareOrAmountError
from dues.pricing.lists import all_components, all_types
from dues.pricing.models import Discount
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, named, reader


def _components() -> Choices:
    return [(str(id_), f"{named(names)} ({group})") for id_, names, group in all_components(session())]


def _types() -> Choices:
    return [(str(id_), f"{named(names)} ({group})") for id_, names, group in all_types(session())]


def _whom(row: ListedDiscount) -> str:
    parts = [named(names) for names in (row.kind, row.segment, row.component) if names]
    return ", ".join(part for part in (*parts, ages(row.discount.min_age, row.discount.max_age)) if part)


def _off(row: Discount) -> str | Markup:
    if row.amount is not None:
        return cell(row.amount, row.currency or "")
    return rate_words(row.share or 0, reader())


class DiscountForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a discount is made of."""

    names = Names(_("Name"), hint=_("As it stands on invoices, behind the part of the fee."))
    group = Pick(
        _("Holds in"),
        find=finding.groups,
        source="groups.suggest",
        hint=_("A group and those below it. This cannot be changed later."),
    )
    share = Percent(_("Per cent"), optional=True, hint=_("Of what the discounts before it have left."))
    amount = Amount(
        _("Or an amount"),
        optional=True,
        hint=_("Of each part of the fee, for a whole period; never more than it costs."),
    )
    currency = Choice(_("Currency of the amount"), choices=currency_choices, optional=True)
    position = Number(
        _("Place in the order"), most=999, hint=_("Smaller numbers are taken off first; all that hold are taken off.")
    )
    component = Choice(
        _("Part of the fee"), choices=_components, read_as=int, optional=True, hint=_("Leave it empty for all of them.")
    )
    type = Choice(
        _("Membership type"), choices=_types, read_as=int, optional=True, hint=_("Leave it empty for all of them.")
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
    valid_from = Day(_("From"), optional=True, hint=_("For periods that begin on this day or later."))
    valid_to = Day(_("Last day"), optional=True, hint=_("Periods that begin later cost the whole again."))


class DiscountsView(Setting):
    """What is taken off."""

    edits = Permission.PRICES_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.PRICES_EDIT)
    door = "discounts"
    address = "/admin/setup/discounts"
    words = _("Discounts")
    about = _(
        "What is taken off prices, for whom and when. All that hold are taken off, in the order of this list; each "
        "part of a fee is rounded for itself, halves up. Invoices that were issued keep theirs."
    )
    shelf = _("What is charged")
    new_words = _("Add a discount")
    columns = (
        Column("name", _("Name"), lambda row: named(row.discount.names)),
        Column("position", _("Place"), lambda row: row.discount.position, number=True),
        Column("for", _("For"), _whom),
        Column("group", _("Holds in"), lambda row: row.group.name),
        Column("from", _("From"), lambda row: row.discount.valid_from),
        Column("to", _("Last day"), lambda row: row.discount.valid_to),
        Column("off", _("Taken off"), lambda row: _off(row.discount), number=True),
    )
    form = DiscountForm
    fixed = ("group",)
    can_delete = True
    faults = faults(
        "names",
        {
            ShareOrAmountError: Fault("share", _("Write either per cent, up to 100, or an amount with its currency.")),
            AgesError: Fault("max_age", _("The highest age lies below the lowest.")),
            DaysError: Fault("valid_to", _("The last day lies before the first.")),
        },
    )

    def defaults(self) -> Mapping[str, Any]:
        """A new one is taken off first."""
        return {"position": 1}

    def read(self, wanted: Wanted) -> Page[ListedDiscount]:
        """Return a page of discounts."""
        return discounts_page(session(), at=wanted.place)

    def one(self, key: str) -> Discount | None:
        """Return a discount by its number."""
        return session().get(Discount, number_of(key))

    def key_of(self, row: Discount | ListedDiscount) -> str:
        """Return the number."""
        return str(row.id if isinstance(row, Discount) else row.discount.id)

    def called(self, row: Discount) -> str:
        """Return the name."""
        return named(row.names)

    def filled(self, row: Discount) -> Mapping[str, Any]:
        """Return a discount as its form shows it."""
        amount = None if row.amount is None else hundredths_of(row.amount, row.currency or "")
        same = ("names", "share", "currency", "position", "min_age", "max_age", "valid_from", "valid_to")
        return {
            **{name: getattr(row, name) for name in same},
            "amount": amount,
            "group": finding.group(row.group_id),
            "component": row.component_id,
            "type": row.type_id,
            "segment": row.segment_id,
        }

    def validate_form(self, form: Any) -> bool:
        """An amount has no smaller fractions than its currency."""
        if not super().validate_form(form):
            return False
        if form.amount.data is not None and form.currency.data and _minor(form) is None:
            form.amount.errors = [gettext(_("This currency has no such fractions. Write a whole amount."))]
            return False
        return True

    def add(self, form: Any) -> Discount:
        """Add a discount."""
        return set_discount(session(), discounted=_said(form, group_id=form.group.picked))

    def change(self, row: Discount, form: Any) -> None:
        """Change a discount."""
        change_discount(session(), discount_id=row.id, discounted=_said(form, group_id=row.group_id))

    def remove(self, row: Discount) -> None:
        """Take a discount away."""
        remove_discount(session(), discount_id=row.id)


def _minor(form: Any) -> int | None:
    if form.amount.data is None or not form.currency.data:
        return form.amount.data  # type: ignore[no-any-return]  # of a form
    return minor_of(form.amount.data, form.currency.data)


def _said(form: Any, *, group_id: int) -> Discounted:
    same = ("names", "share", "position", "min_age", "max_age", "valid_from", "valid_to")
    return Discounted(
        group_id=group_id,
        amount=_minor(form),
        currency=form.currency.data if form.amount.data is not None else None,
        component_id=form.component.data,
        type_id=form.type.data,
        segment_id=form.segment.data,
        **{name: form[name].data for name in same},
    )
