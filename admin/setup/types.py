"""Membership types: how long they last, how they renew, and what their fee is made of."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from flask_wtf import FlaskForm

from admin.setup import finding
from admin.setup.components import SHORT_NAME, SHORT_NAME_HINT
from admin.setup.fields import Order, Pick
from admin.setup.setting import Setting, faults, number_of
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Choice, Names, Number, Text, Tick
from admin.tables.filters import Choices
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from dues.access.permissions import Permission
from dues.folding import plain_word
from dues.groups.errors import SlugError
from dues.members.models import CoveredBy, MembershipType, Proration
from dues.paging import Page
from dues.pricing.errors import (
    AgeDayError,
    AgesError,
    FirstPeriodError,
    ForeignComponentError,
    NameTakenError,
    NoComponentsError,
    TermError,
)
from dues.pricing.lists import ListedType, all_components, types_page
from dues.pricing.types import change_type, components_for, components_of, is_charged, remove_type, set_up_type
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, named, reader

TERMS = (
    *("term_months", "calendar", "lead_days", "grace_days", "renews", "joinable", "min_age", "max_age", "position"),
    *("age_month", "age_day", "late_months"),
)


def _covers() -> Choices:
    return [
        (CoveredBy.PAYMENT.value, gettext(_("The invoice is paid in full"))),
        (CoveredBy.FIRST_PART.value, gettext(_("Its first instalment is paid"))),
        (CoveredBy.ISSUE.value, gettext(_("The invoice is issued"))),
    ]


def _prorations() -> Choices:
    return [
        (Proration.NONE.value, gettext(_("A whole period"))),
        (Proration.MONTH.value, gettext(_("Its months: the one of joining counts in full"))),
        (Proration.DAY.value, gettext(_("Its days"))),
    ]


def _components() -> Sequence[tuple[int, str]]:
    return [(id_, f"{named(names)} ({group})") for id_, names, group in all_components(session())]


class TypeForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a membership type is made of."""

    names = Names(_("Name"), hint=_("As it stands on the page for joining and on invoices."))
    slug = Text(SHORT_NAME, optional=True, width="short", hint=SHORT_NAME_HINT)
    group = Pick(
        _("Offered in"),
        find=finding.groups,
        source="groups.suggest",
        hint=_("This group and those below it offer it. This cannot be changed later."),
    )
    components = Order(
        _("What its fee is made of"),
        things=_components,
        hint=_(
            "Write 1, 2, 3 … in the order in which the parts are printed and paid. Leave empty what is no "
            "part of it. Periods that are invoiced keep their parts."
        ),
    )
    term_months = Number(
        _("Months of a period"), least=1, most=120, hint=_("A change holds from each member's next period on.")
    )
    calendar = Tick(
        _("Periods follow the calendar"),
        hint=_(
            "They end with the month, the quarter, the half-year or the year: choose 1, 3, 6 or 12 "
            "months. Otherwise they run from the day somebody joined."
        ),
    )
    proration = Choice(
        _("The first period costs"),
        choices=_prorations,
        hint=_("For whoever joins in the middle of a period of the calendar."),
    )
    late_months = Number(
        _("Who joins late is charged through the next period: in the last … months"),
        most=11,
        hint=_(
            "For periods that follow the calendar; 0 for never. The days before the next period are free where the "
            "first period costs a whole one, and are charged as its part where it costs its months or days."
        ),
    )
    lead_days = Number(_("Days before the period that it is invoiced"), most=366)
    grace_days = Number(
        _("Days of patience after an unpaid period begins"),
        most=366,
        hint=_("For so long the member still counts as one."),
    )
    renews = Tick(
        _("Renews by itself"),
        hint=_(
            "The next period is invoiced without anybody doing anything. Otherwise it ends, unless somebody chooses "
            "another period for a member in the member's file."
        ),
    )
    joinable = Tick(_("Offered on the page for joining"))
    min_age = Number(_("Lowest age"), most=150, optional=True, width="short")
    max_age = Number(
        _("Highest age"),
        most=150,
        optional=True,
        width="short",
        hint=_("Both ages included, on the day that is said below."),
    )
    age_month = Number(
        _("Ages count on a day of the year: month"),
        least=1,
        most=12,
        optional=True,
        width="short",
        hint=_(
            "For example 1 and 1 for 1 January, 12 and 31 for 31 December of the year in which the period begins. "
            "Leave both empty for the first day of the period."
        ),
    )
    age_day = Number(_("Ages count on a day of the year: day"), least=1, most=31, optional=True, width="short")
    covered_by = Choice(_("A period is covered when"), choices=_covers, hint=_("Fixed once a period was invoiced."))
    position = Number(_("Place on the page for joining"), most=999, hint=_("Smaller numbers stand first."))


class TypesView(Setting):
    """What one can be."""

    edits = Permission.PRICES_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.PRICES_EDIT)
    door = "types"
    address = "/admin/setup/types"
    words = _("Membership types")
    about = _("What one can be: for how long, at which ages, and what the fee is made of.")
    shelf = _("What is charged")
    new_words = _("Add a membership type")
    columns = (
        Column("name", _("Name"), lambda row: named(row.kind.names)),
        Column("group", _("Offered in"), lambda row: row.group.name),
        Column("term", _("Period"), lambda row: _term(row.kind)),
        Column("ages", _("Ages"), lambda row: ages(row.kind.min_age, row.kind.max_age)),
        Column("components", _("Fee"), lambda row: ", ".join(named(names) for names in row.components)),
        Column("renews", _("Renews"), lambda row: row.kind.renews),
        Column("joinable", _("One can join"), lambda row: row.kind.joinable),
    )
    form = TypeForm
    fixed = ("slug", "group")
    can_delete = True
    faults = faults(
        "names",
        {
            NameTakenError: Fault(
                "slug", _("This group has a membership type with this short name. Choose another one.")
            ),
            SlugError: Fault("slug", _("Use small letters a to z and digits, words joined by single hyphens.")),
            TermError: Fault("term_months", _("Periods that follow the calendar have 1, 3, 6 or 12 months.")),
            FirstPeriodError: Fault(
                "late_months",
                _(
                    "Only periods that follow the calendar have a first one that is shorter or longer, by fewer months "
                    "than a period has."
                ),
            ),
            AgeDayError: Fault("age_day", _("Write month and day of a day that each year has, or leave both empty.")),
            AgesError: Fault("max_age", _("The highest age lies below the lowest.")),
            NoComponentsError: Fault(
                "components", _("Give at least one part a place: without any, nothing would be charged.")
            ),
            ForeignComponentError: Fault(
                "components",
                _(
                    "A part that has a place is used in another part of the organisation. Choose parts of this "
                    "group or of those above it."
                ),
            ),
        },
    )

    def read(self, wanted: Wanted) -> Page[ListedType]:
        """Return a page of types."""
        return types_page(session(), at=wanted.place)

    def one(self, key: str) -> MembershipType | None:
        """Return a type by its number."""
        return session().get(MembershipType, number_of(key))

    def key_of(self, row: MembershipType | ListedType) -> str:
        """Return the number."""
        return str(row.id if isinstance(row, MembershipType) else row.kind.id)

    def called(self, row: MembershipType) -> str:
        """Return the name."""
        return named(row.names)

    def defaults(self) -> Mapping[str, Any]:
        """A year from the day of joining, that renews by itself."""
        days = {"lead_days": 30, "grace_days": 30, "position": 0}
        return {"term_months": 12, "renews": True, "joinable": True, "covered_by": CoveredBy.PAYMENT.value, **days} | {
            "proration": Proration.NONE.value,
            "late_months": 0,
        }

    def fixed_in(self, row: MembershipType) -> Collection[str]:
        """What covers a period is fixed once one was invoiced."""
        return ("covered_by",) if is_charged(session(), type_id=row.id) else ()

    def edit_form(self, row: MembershipType) -> Any:
        """Offer the parts that can be charged where the type is offered."""
        form = super().edit_form(row)
        form.components.narrow(components_for(session(), group_id=row.group_id))
        return form

    def filled(self, row: MembershipType) -> Mapping[str, Any]:
        """Return a type as its form shows it."""
        return {
            **{name: getattr(row, name) for name in TERMS},
            "names": row.names,
            "slug": row.slug,
            "group": finding.group(row.group_id),
            "components": components_of(session(), type_id=row.id),
            "covered_by": row.covered_by.value,
            "proration": row.proration.value,
        }

    def add(self, form: Any) -> MembershipType:
        """Add a type."""
        return set_up_type(
            session(),
            group_id=form.group.picked,
            slug=form.slug.data or plain_word(named(form.names.data)),
            names=form.names.data,
            components=form.components.data,
            covered_by=CoveredBy(form.covered_by.data),
            proration=Proration(form.proration.data),
            **{name: form[name].data for name in TERMS},
        )

    def change(self, row: MembershipType, form: Any) -> None:
        """Change a type."""
        change_type(
            session(),
            type_id=row.id,
            names=form.names.data,
            components=form.components.data,
            covered_by=CoveredBy(form.covered_by.data),
            proration=Proration(form.proration.data),
            **{name: form[name].data for name in TERMS},
        )

    def remove(self, row: MembershipType) -> None:
        """Take a type away."""
        remove_type(session(), type_id=row.id)


def ages(lowest: int | None, highest: int | None) -> str:
    """Return a bracket of ages in words, nothing where it is all of them."""
    if lowest is None and highest is None:
        return ""
    if highest is None:
        return gettext(_("%(lowest)s and older"), lowest=lowest)
    if lowest is None:
        return gettext(_("up to %(highest)s"), highest=highest)
    return f"{lowest}–{highest}"


def _term(kind: MembershipType) -> str:
    months = reader().ngettext("%(num)s month", "%(num)s months", kind.term_months)
    return gettext(_("%(months)s of the calendar"), months=months) if kind.calendar else months
