"""The list of refunds."""

from typing import Any, ClassVar

from markupsafe import Markup

from admin import addresses
from admin.ledgers import cells, narrowing
from admin.office.refund_words import account_words, refund_state
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.filters import amount
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Tab, Wanted
from dues.access.permissions import Permission
from dues.paging import Page
from dues.payments.refunds.listing import NEEDS, RefundRow, RefundsWanted, refunds
from language import gettext_noop as _
from language import pgettext_noop as _p
from web.house import session
from web.speech import gettext


def _receiver(row: RefundRow) -> Markup:
    account = account_words(row.scheme, row.number)
    return cells.under(row.name, account or gettext(_("Account not known yet")))


class RefundsView(LedgerView):
    """Money that goes back to people, the newest first."""

    door = "refunds"
    address = "/admin/refunds"
    words = _("Refunds")
    about = _("Money that goes back: proposed, approved, ordered from the bank, and booked when the bank confirms it.")
    doors: ClassVar[Doors] = {"index_view": Permission.PAYMENTS_READ}
    search = _("Name or account of the receiver")
    tabs = (
        Tab("", _p("refunds", "All")),
        Tab(NEEDS, _p("refunds", "Need somebody")),
        Tab("proposed", _p("refund", "Proposed")),
        Tab("approved", _p("refund", "Approved")),
        Tab("sent", _p("refund", "On its way")),
        Tab("bounced", _p("refund", "Came back")),
        Tab("confirmed", _p("refund", "Paid out")),
        Tab("cancelled", _p("refund", "Cancelled")),
    )
    columns = (
        Column("day", _("Proposed"), lambda row: cells.day(row.on_date)),
        Column("receiver", _("To"), _receiver),
        Column("amount", _("Amount"), lambda row: cells.amount(row.amount, row.currency), number=True),
        Column("status", _("Status"), lambda row: cells.badges([refund_state(row.state, row.stopped)])),
        Column("reason", _("Reason"), lambda row: narrowing.owed_to(row.reason or "–", row.creditor)),
    )
    filters = (narrowing.creditor(), amount("least", _("Amount from")), amount("most", _("Amount to")))
    nothing = _("Nothing goes back. What was paid too much can: begin at the person, or with a rule in the set-up.")

    def asked(self, wanted: Wanted) -> RefundsWanted:
        """Return what is wanted as the list is asked."""
        values = wanted.values
        return RefundsWanted(
            search=wanted.search,
            state=wanted.view,
            creditor_id=int(values["creditor"]) if "creditor" in values else None,
            least=values.get("least"),
            most=values.get("most"),
        )

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of refunds."""
        return refunds(session(), self.asked(wanted), at=wanted.place)

    def link(self, row: Any) -> str:
        """A row leads to the refund."""
        return addresses.address("refund.page", public_id=row.public_id)
