"""The long lists that are read at the desk."""

from typing import Final

from admin.ledgers.audit import AuditView
from admin.ledgers.claims import ClaimsView
from admin.ledgers.invoices import InvoicesView
from admin.ledgers.journal import JournalView
from admin.ledgers.memberships import MembershipsView
from admin.ledgers.messages import MessagesView
from admin.ledgers.payments import PaymentsView
from admin.ledgers.persons import PersonsView
from admin.ledgers.postings import AccountsView, PostingsView
from admin.ledgers.refunds import RefundsView
from admin.staff.listed import StaffView
from admin.tables.ledger_view import LedgerView

LEDGERS: Final[tuple[type[LedgerView], ...]] = (
    *(PersonsView, MembershipsView, InvoicesView, ClaimsView, PaymentsView),
    RefundsView,
    *(JournalView, PostingsView, AccountsView, MessagesView, AuditView, StaffView),
)
