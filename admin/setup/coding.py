"""Detailed accounting of each creditor: what its dimensions are called, beside the rules that give codes."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from flask_wtf import FlaskForm

from admin.setup.of_creditors import OfCreditors
from admin.setup.setting import faults
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Names
from admin.tables.setup_view import doors_of
from dues.access.permissions import Permission
from dues.groups.models import Creditor
from dues.journal.set_coding import dimensions_of, set_dimensions
from dues.overview.coding_rules import told_rules
from language import gettext_noop as _
from web.house import session
from web.speech import named

_FIELDS: Final = ("first", "second", "third")


class DimensionsForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What dimensions are called."""

    first = Names(_("First dimension"), optional=True, hint=_("For example: cost centre. Empty: there is none."))
    second = Names(_("Second dimension"), optional=True, hint=_("For example: project."))
    third = Names(
        _("Third dimension"),
        optional=True,
        hint=_("A dimension that loses its name goes from the rules, too; what was booked keeps its codes."),
    )


class CodingView(OfCreditors):
    """Accounts and dimensions of lines."""

    door = "coding"
    address = "/admin/setup/coding"
    words = _("Accounts and dimensions of lines")
    about = _("Which account, cost centre or project each line is booked on, by group, part of the fee and product.")
    shelf = _("Money")
    doors: ClassVar[Doors] = doors_of(Permission.SETUP_EDIT)
    columns = (
        Column("name", _("Creditor"), lambda row: row.creditor.name),
        Column("dimensions", _("Dimensions"), lambda row: _called(row.creditor.id)),
    )
    form = DimensionsForm
    edit_template = "admin/setup/coding.html"
    faults = faults("first", {})

    def filled(self, row: Creditor) -> Mapping[str, Any]:
        """Return the dimensions as the form shows them."""
        there = {one.position: one.names for one in dimensions_of(session(), creditor_id=row.id)}
        return {name: there.get(position, {}) for position, name in enumerate(_FIELDS, start=1)}

    def change(self, row: Creditor, form: Any) -> None:
        """Call the dimensions so."""
        names = [form[name].data or {} for name in _FIELDS]
        set_dimensions(session(), creditor_id=row.id, names=names)

    def panel(self, form: Any) -> Mapping[str, Any]:
        """Show the rules beside."""
        return {"rules": told_rules(session(), creditor_id=form.row.id)}


def _called(creditor_id: int) -> str:
    return ", ".join(named(one.names) for one in dimensions_of(session(), creditor_id=creditor_id))
