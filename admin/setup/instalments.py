"""Instalments: from which amount on a creditor's invoices of runs are paid in how many parts."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm

from admin.office.plan_form import units
from admin.setup import finding
from admin.setup.fields import Pick, Picked
from admin.setup.money import cell, hundredths_of, minor_of
from admin.setup.setting import Setting, faults, number_of
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Amount, Choice, Number
from admin.tables.filters import Choices
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from dues.access.permissions import Permission
from dues.groups.lists import group_of_creditor
from dues.groups.models import Creditor
from dues.invoicing.instalment_errors import PartsError, RuleTakenError, ShortReferencesError
from dues.invoicing.instalment_models import InstalmentRule, PartUnit
from dues.invoicing.instalment_rules import ListedRule, Ruled, add_rule, change_rule, end_rule, rules
from dues.invoicing.instalments import FARTHEST, FEWEST, MOST
from dues.paging import Page
from dues.pricing.lists import all_types
from language import gettext_noop as _
from web.house import session
from web.speech import named, ngettext


def _types() -> Choices:
    return [(str(id_), f"{named(names)} ({group})") for id_, names, group in all_types(session())]


def _often(row: InstalmentRule) -> str:
    said = {"parts": row.parts, "every": row.every}
    if row.unit is PartUnit.WEEK:
        return ngettext("%(parts)s, one a week", "%(parts)s, one every %(every)s weeks", row.every, **said)
    return ngettext("%(parts)s, one a month", "%(parts)s, one every %(every)s months", row.every, **said)


class InstalmentForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a rule is made of."""

    creditor = Pick(
        _("Creditor"), find=finding.creditors, source="creditors.suggest", hint=_("The group whose invoices they are.")
    )
    type = Choice(
        _("Membership type"),
        choices=_types,
        read_as=int,
        optional=True,
        hint=_("Leave it empty for all that have no rules of their own."),
    )
    least = Amount(_("From this amount on"), hint=_("In the currency of the books. The highest that is reached holds."))
    parts = Number(_("Number of instalments"), least=FEWEST, most=MOST)
    every = Number(_("One every"), least=1, most=FARTHEST, hint=_("Counted from the day the first is to be paid."))
    unit = Choice(_("Weeks or months"), choices=units)


class InstalmentsView(Setting):
    """When runs ask for fees in parts."""

    edits = Permission.PRICES_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.PRICES_EDIT)
    door = "instalments"
    address = "/admin/setup/instalments"
    words = _("Instalments")
    about = _(
        "From which amount on the invoices that a run writes are paid in instalments. The first is due when the whole "
        "would be. Rules of a membership type come before those for all. Invoices that were issued stay as they are."
    )
    shelf = _("What is charged")
    new_words = _("Add a rule")
    columns = (
        Column("creditor", _("Creditor"), lambda row: row.creditor),
        Column("type", _("Membership type"), lambda row: named(row.kind) if row.kind else ""),
        Column("least", _("From"), lambda row: cell(row.rule.least, row.currency), number=True),
        Column("parts", _("Instalments"), lambda row: _often(row.rule)),
    )
    form = InstalmentForm
    fixed = ("creditor",)
    can_delete = True
    faults = faults(
        "least",
        {
            RuleTakenError: Fault("least", _("There is a rule from this amount on already. Change that one.")),
            PartsError: Fault("least", _("Write an amount of which something falls on each instalment.")),
            ShortReferencesError: Fault(
                "creditor", _("The references of the bank agreement are too short for instalments.")
            ),
        },
    )

    def defaults(self) -> Mapping[str, Any]:
        """A new one is of three months."""
        return {"parts": 3, "every": 1, "unit": PartUnit.MONTH.value}

    def read(self, wanted: Wanted) -> Page[ListedRule]:
        """Return the rules in force, which are few."""
        return Page([] if wanted.place else rules(session()))

    def one(self, key: str) -> InstalmentRule | None:
        """Return a rule in force by its number."""
        found = session().get(InstalmentRule, number_of(key))
        return None if found is None or found.ended_at is not None else found

    def key_of(self, row: InstalmentRule | ListedRule) -> str:
        """Return the number."""
        return str(row.id if isinstance(row, InstalmentRule) else row.rule.id)

    def called(self, row: InstalmentRule) -> str:
        """Return what it says."""
        return _often(row)

    def filled(self, row: InstalmentRule) -> Mapping[str, Any]:
        """Return a rule as its form shows it."""
        return {
            "creditor": Picked.of(row.creditor_id, group_of_creditor(session(), creditor_id=row.creditor_id)),
            "type": row.type_id,
            "least": hundredths_of(row.least, _currency(row.creditor_id)),
            "parts": row.parts,
            "every": row.every,
            "unit": row.unit.value,
        }

    def add(self, form: Any) -> InstalmentRule:
        """Add a rule."""
        return add_rule(session(), ruled=_said(form, form.creditor.picked))

    def change(self, row: InstalmentRule, form: Any) -> None:
        """End a rule and add another in its place."""
        change_rule(session(), rule_id=row.id, ruled=_said(form, row.creditor_id))

    def remove(self, row: InstalmentRule) -> None:
        """End a rule."""
        end_rule(session(), rule_id=row.id)


def _currency(creditor_id: int) -> str:
    creditor = session().get(Creditor, creditor_id)
    return creditor.currency if creditor else ""


def _said(form: Any, creditor_id: int) -> Ruled:
    """An amount of a currency without such fractions is refused like one that is too small."""
    least = minor_of(form.least.data, _currency(creditor_id) or "SEK")
    return Ruled(
        creditor_id=creditor_id,
        type_id=form.type.data,
        least=0 if least is None else least,
        parts=form.parts.data,
        every=form.every.data,
        unit=PartUnit(form.unit.data),
    )
