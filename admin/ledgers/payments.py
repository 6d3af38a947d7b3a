"""The list of payments."""

from typing import Any, ClassVar

from markupsafe import Markup

from admin import addresses
from admin.ledgers import cells, narrowing
from admin.office.became_words import became_state
from admin.office.queue_words import reason_words
from admin.tables.base import Doors
from admin.tables.columns import NOTHING, Column
from admin.tables.filters import amount, choice, day
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Tab, Wanted
from dues.access.permissions import Permission
from dues.paging import Page
from dues.payments.models import CaseReason
from dues.payments.payment_list import PaymentRow, payments
from dues.payments.payment_wishes import PaymentsWanted
from language import gettext_noop as _
from language import pgettext_noop as _p
from web.house import session
from web.speech import pgettext
from web.states import State


def _stands(row: PaymentRow) -> Markup:
    """Say whether a payment has found its use, and why it has not."""
    if row.waits is None:
        return cells.badges([became_state(row.became, amount=row.amount)])
    waiting = cells.badges([State("payment", pgettext("payment", "Waiting"), "warn", "clock")])
    return cells.under(waiting, reason_words(row.waits))


def _payer(row: PaymentRow) -> Markup:
    return cells.under(row.payer_name or NOTHING, row.payer_account or "")


class PaymentsView(LedgerView):
    """Everything that came into the accounts, and what left them, the newest first."""

    door = "payments"
    address = "/admin/payments"
    takes_out = "payments"
    words = _("Payments")
    doors: ClassVar[Doors] = {"index_view": Permission.PAYMENTS_READ}
    search = _("Reference, account, or name of the payer")
    tabs = (
        Tab("", _p("payments", "All")),
        Tab("waiting", _p("payments", "Waiting for somebody")),
        Tab("matched", _p("payments", "Used")),
    )
    columns = (
        Column("booked", _("Booked"), lambda row: cells.day(row.booked_on), order="booked"),
        Column("payer", _("From"), _payer),
        Column("reference", _("Reference"), lambda row: cells.number(row.reference) if row.reference else NOTHING),
        Column("amount", _("Amount"), lambda row: cells.amount(row.amount, row.currency), number=True),
        Column("status", _("Status"), _stands),
        Column("file", _("Bank file"), lambda row: narrowing.owed_to(row.file or NOTHING, row.creditor)),
    )
    orders = ("-booked",)
    filters = (
        narrowing.file("file", _("Of one bank file")),
        narrowing.creditor(),
        narrowing.account(),
        narrowing.group(_("Used in a group, or below it")),
        narrowing.person("person", _("Used for")),
        choice("reason", _("Why it waits"), lambda: [(one.value, reason_words(one)) for one in CaseReason]),
        day("from", _("Booked from")),
        day("to", _("Booked to")),
        amount("least", _("Amount from")),
        amount("most", _("Amount to")),
        choice("currency", _("Currency"), narrowing.currencies_of_accounts),
    )
    nothing = _("No payment has come in yet. They come with bank files.")

    def asked(self, wanted: Wanted) -> PaymentsWanted:
        """Return what is wanted as the list is asked."""
        values = wanted.values
        return PaymentsWanted(
            search=wanted.search,
            standing=wanted.view,
            file=values.get("file"),
            creditor_id=int(values["creditor"]) if "creditor" in values else None,
            booked_from=values.get("from"),
            booked_to=values.get("to"),
            least=values.get("least"),
            most=values.get("most"),
            descending=wanted.descending,
            currency=values.get("currency", ""),
            account=int(values["account"]) if "account" in values else None,
            reason=CaseReason(values["reason"]) if "reason" in values else None,
            person=values.get("person"),
            below=narrowing.below(values.get("group")),
        )

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of payments."""
        return payments(session(), self.asked(wanted), at=wanted.place)

    def link(self, row: Any) -> str:
        """A row leads to the payment."""
        return addresses.payment(row.id)
