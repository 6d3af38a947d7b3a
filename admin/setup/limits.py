"""Limits: how much one person alone may give back or give up, for each creditor."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm

from admin.setup.of_creditors import FinerThanCurrencyError, OfCreditors, as_kept, as_written
from admin.setup.setting import faults
from admin.tables.base import Doors
from admin.tables.columns import NOTHING, Column
from admin.tables.fields import Amount
from admin.tables.setup_view import Fault, doors_of
from dues.access.permissions import Permission
from dues.groups.limits import NegativeLimitError, set_limits
from dues.groups.models import Creditor
from language import gettext_noop as _
from web.house import session
from web.speech import reader


class LimitsForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Up to which amount one person is enough."""

    refund_limit = Amount(
        _("Refunds by one person, up to"),
        optional=True,
        hint=_("In the currency of the books. What is more waits for a second person. Empty: no limit."),
    )
    write_off_limit = Amount(
        _("Credits and write-offs by one person, up to"),
        optional=True,
        hint=_("In the currency of the books. What is more waits for a second person. Empty: no limit."),
    )


class LimitsView(OfCreditors):
    """What one person alone may do."""

    edits = Permission.LIMITS_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.LIMITS_EDIT)
    sensitive = True
    door = "limits"
    address = "/admin/setup/limits"
    words = _("Limits")
    about = _("Up to which amount one person is enough. What is more needs two.")
    shelf = _("Money")
    columns = (
        Column("name", _("Creditor"), lambda row: row.creditor.name),
        Column(
            "refund", _("Refunds"), lambda row: _amount(row.creditor.refund_limit, row.creditor.currency), number=True
        ),
        Column(
            "write_off",
            _("Credits and write-offs"),
            lambda row: _amount(row.creditor.write_off_limit, row.creditor.currency),
            number=True,
        ),
    )
    form = LimitsForm
    faults = faults(
        "refund_limit",
        {
            NegativeLimitError: Fault("refund_limit", _("Write an amount above nothing.")),
            FinerThanCurrencyError: Fault("refund_limit", _("The currency has no such decimals.")),
        },
    )

    def filled(self, row: Creditor) -> Mapping[str, Any]:
        """Return the limits as the form shows them."""
        return {
            "refund_limit": as_written(row.refund_limit, row.currency),
            "write_off_limit": as_written(row.write_off_limit, row.currency),
        }

    def change(self, row: Creditor, form: Any) -> None:
        """Set the limits."""
        refund, write_off = (as_kept(field.data, row.currency) for field in (form.refund_limit, form.write_off_limit))
        set_limits(session(), creditor_id=row.id, refund=refund, write_off=write_off)


def _amount(minor: int | None, currency: str) -> str:
    return NOTHING if minor is None else reader().money(minor, currency)
