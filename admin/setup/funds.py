"""Funds: what people give money for beside what they owe."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from sqlalchemy import select

from admin.setup import finding
from admin.setup.fields import Pick, Picked
from admin.setup.setting import Setting, faults
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Names, Tick
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from dues.access.permissions import Permission
from dues.groups.lists import group_of_creditor
from dues.journal.chart import NoBooksError
from dues.journal.fund_models import Fund
from dues.paging import Page
from dues.payments.gifts.funds import FundInUseError, ListedFund, add_fund, change_fund, funds_page
from language import gettext_noop as _
from web.house import session
from web.speech import named


class FundForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a fund is called, and whose it is."""

    names = Names(_("Name"), hint=_("At least one language; the others read that one."))
    creditor = Pick(
        _("Creditor"),
        find=finding.creditors,
        source="creditors.suggest",
        hint=_("Gifts are booked on an account of their own in its books. This cannot be changed later."),
    )
    offered = Tick(
        _("Members may choose it"),
        default=True,
        hint=_("Where an invoice invites to pay more, its payer may choose among these funds."),
    )
    closed = Tick(_("Closed"), hint=_("No gifts come any more. Those that came stay."))


class FundsView(Setting):
    """What people give money for."""

    edits = Permission.SETUP_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.SETUP_EDIT)
    door = "funds"
    address = "/admin/setup/funds"
    words = _("Funds")
    about = _("What people give money for beside what they owe. Each has an account of its own.")
    shelf = _("Money")
    new_words = _("Add a fund")
    columns = (
        Column("name", _("Name"), lambda row: named(row.fund.names)),
        Column("creditor", _("Creditor"), lambda row: row.creditor),
        Column("offered", _("Members may choose it"), lambda row: row.fund.offered),
        Column("closed", _("Closed"), lambda row: row.fund.closed),
    )
    form = FundForm
    fixed = ("creditor",)
    faults = faults(
        "names",
        {
            FundInUseError: Fault(
                "closed", _("Money that is paid too much is given for this fund by rule, or invoices invite to.")
            ),
            NoBooksError: Fault("creditor", _("This creditor has no books yet.")),
        },
    )

    def read(self, wanted: Wanted) -> Page[ListedFund]:
        """Return a page of funds."""
        return funds_page(session(), at=wanted.place)

    def one(self, key: str) -> Fund | None:
        """Return a fund by its uuid."""
        return session().scalar(select(Fund).where(Fund.uuid == uuid.UUID(key)))

    def key_of(self, row: Fund | ListedFund) -> str:
        """Return the uuid."""
        return str(row.uuid if isinstance(row, Fund) else row.fund.uuid)

    def called(self, row: Fund) -> str:
        """Return the name."""
        return named(row.names)

    def filled(self, row: Fund) -> Mapping[str, Any]:
        """Return a fund as its form shows it."""
        group = group_of_creditor(session(), creditor_id=row.creditor_id)
        return {
            "names": row.names,
            "creditor": Picked.of(row.creditor_id, group),
            "offered": row.offered,
            "closed": row.closed,
        }

    def add(self, form: Any) -> Fund:
        """Open a fund."""
        return add_fund(session(), creditor_id=form.creditor.picked, names=form.names.data, offered=form.offered.data)

    def change(self, row: Fund, form: Any) -> None:
        """Rename it, close it or open it again."""
        change_fund(
            session(),
            fund_id=row.id,
            names=form.names.data,
            closed=form.closed.data,
            offered=form.offered.data,
        )
