"""Limits: how much one person alone may give back or give up, for each creditor."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from sqlalchemy import select

from admin.setup.setting import Setting, faults
from admin.tables.base import Doors
from admin.tables.columns import NOTHING, Column
from admin.tables.fields import Amount
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from dues.access.permissions import Permission
from dues.groups.limits import NegativeLimitError, set_limits
from dues.groups.lists import ListedCreditor, creditors_page
from dues.groups.models import Creditor
from dues.paging import Page
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


class LimitsView(Setting):
    """What one person alone may do."""

    edits = Permission.LIMITS_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.LIMITS_EDIT)
    sensitive = True
    door = "limits"
    address = "/admin/setup/limits"
    words = _("Limits")
    about = _("Up to which amount one person is enough. What is more needs two.")
    shelf = _("Money")
    can_create = False
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
    search = _("Beginning of the group's name")
    form = LimitsForm
    faults = faults("refund_limit", {NegativeLimitError: Fault("refund_limit", _("Write an amount above nothing."))})

    def read(self, wanted: Wanted) -> Page[ListedCreditor]:
        """Return a page of creditors."""
        return creditors_page(session(), beginning=wanted.search, at=wanted.place)

    def one(self, key: str) -> Creditor | None:
        """Return a creditor by its uuid."""
        return session().scalar(select(Creditor).where(Creditor.uuid == uuid.UUID(key)))

    def key_of(self, row: Creditor | ListedCreditor) -> str:
        """Return the uuid."""
        return str(row.uuid if isinstance(row, Creditor) else row.creditor.uuid)

    def called(self, row: Creditor) -> str:
        """Return the name on documents."""
        return row.name

    def filled(self, row: Creditor) -> Mapping[str, Any]:
        """Return the limits as the form shows them."""
        return {"refund_limit": row.refund_limit, "write_off_limit": row.write_off_limit}

    def change(self, row: Creditor, form: Any) -> None:
        """Set the limits."""
        set_limits(session(), creditor_id=row.id, refund=form.refund_limit.data, write_off=form.write_off_limit.data)


def _amount(minor: int | None, currency: str) -> str:
    return NOTHING if minor is None else reader().money(minor, currency)
