"""Matching: by which rules payments that wait are booked, and in which order, for each creditor."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import g
from flask_wtf import FlaskForm

from admin.office.match_words import HOW, RULES
from admin.setup.of_creditors import OfCreditors
from admin.setup.setting import faults
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Number
from admin.tables.setup_view import Fault, doors_of
from dues.access.permissions import Permission
from dues.groups.models import Creditor
from dues.payments.match_models import Rule
from dues.payments.match_rules import HOUSE, MOST, PlaceTakenError, orders, places, set_places
from language import gettext_noop as _
from web.house import session
from web.speech import gettext


def _name(rule: Rule) -> str:
    return rule.value.replace(" ", "_")


class MatchingForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The place of each rule."""


for _rule in Rule:
    setattr(MatchingForm, _name(_rule), Number(RULES[_rule], least=0, most=MOST, hint=HOW[_rule]))


class MatchingView(OfCreditors):
    """By which rules what waits is matched."""

    doors: ClassVar[Doors] = doors_of(Permission.SETUP_EDIT)
    door = "match_rules"
    address = "/admin/setup/matching"
    words = _("Matching")
    about = _(
        "How payments that quote no open invoice exactly find theirs. The rules are tried in this order; 0 switches "
        "one off. What waits is looked at again after each change, each bank file, and new invoices."
    )
    shelf = _("Money")
    columns = (
        Column("name", _("Creditor"), lambda row: row.creditor.name),
        Column("rules", _("Rules in their order"), lambda row: _order(row.creditor.id)),
    )
    form = MatchingForm
    faults = faults(
        _name(Rule.REFERENCE),
        {
            PlaceTakenError: Fault(
                _name(Rule.REFERENCE), _("Two rules have the same place. Give each a place of its own.")
            )
        },
    )

    def filled(self, row: Creditor) -> Mapping[str, Any]:
        """Return the places as the form shows them."""
        return {_name(rule): place for rule, place in places(session(), creditor_id=row.id).items()}

    def change(self, row: Creditor, form: Any) -> None:
        """Set the order."""
        set_places(session(), creditor_id=row.id, wanted={rule: form[_name(rule)].data for rule in Rule})


def _order(creditor_id: int) -> str:
    """The order of a creditor; all that differ from the house's are read once for a page."""
    if "matching" not in g:
        g.matching = orders(session())
    return ", ".join(gettext(RULES[rule]) for rule in g.matching.get(creditor_id) or HOUSE)
