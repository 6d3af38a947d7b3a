"""The list of invoices and credit notes."""

import datetime as dt
from typing import Any, ClassVar

from markupsafe import Markup

from admin import addresses
from admin.ledgers import cells, narrowing
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.filters import Choices, amount, choice, day, tick
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Tab, Wanted
from dues.access.permissions import Permission
from dues.invoicing.invoice_list import InvoiceRow, InvoicesWanted, invoices
from dues.invoicing.models import InvoiceKind
from dues.invoicing.standing import Delivery, Dunning, Hold, Settlement, hold
from dues.paging import Page
from language import gettext_noop as _
from language import pgettext_noop as _p
from web import states
from web.house import session
from web.speech import pgettext
from web.states import State
from web.today import today

_UNSETTLED = frozenset({Settlement.OPEN, Settlement.PART_PAID, Settlement.OVERDUE})


def _kinds() -> Choices:
    return [
        (InvoiceKind.INVOICE.value, pgettext("document", "Invoice")),
        (InvoiceKind.CREDIT_NOTE.value, pgettext("invoice", "Credit note")),
    ]


def standing(row: Any, *, on: dt.date) -> list[State]:
    """Return how an invoice or a claim stands: its settlement, and the first of what else is to be said."""
    if row.settled is None:
        return [State("document", pgettext("invoice", "Credit note"), "quiet", "page")]
    settled = states.settlement(row.settled)
    if row.settled not in _UNSETTLED:
        return [settled]
    held = hold(reason=row.hold_reason, until=row.held_until, on=on)
    undelivered = getattr(row, "undelivered", False)
    dunned = Dunning.REMINDED if row.dunning_level else Dunning.NONE
    others = (
        states.hold(held) if held is not Hold.NONE else None,
        states.delivery(Delivery.NOT_DELIVERED) if undelivered else None,
        states.dunning(dunned, level=row.dunning_level),
    )
    return states.in_list(settled=settled, others=others)


def _stands(row: InvoiceRow) -> Markup:
    return cells.badges(standing(row, on=today()))


def _payer(row: InvoiceRow) -> str | Markup:
    return narrowing.owed_to(cells.link(row.payer_name, addresses.person(row.payer)), row.creditor)


def _left(row: InvoiceRow) -> Markup:
    return cells.amount(row.open_amount if row.settled else None, row.currency)


class InvoicesView(LedgerView):
    """Every invoice and credit note, the newest first."""

    door = "invoices"
    address = "/admin/invoices"
    words = _("Invoices")
    doors: ClassVar[Doors] = {"index_view": Permission.INVOICES_READ}
    search = _("Number, reference, or name of the payer")
    tabs = (
        Tab("", _p("invoices", "All")),
        Tab("open", _p("invoices", "Open")),
        Tab("overdue", _p("invoices", "Overdue")),
        Tab("part-paid", _p("invoices", "Part-paid")),
        Tab("paid", _p("invoices", "Paid")),
        Tab("credited", _p("invoices", "Credited")),
    )
    columns = (
        Column("number", _("Number"), lambda row: cells.number(row.number)),
        Column("payer", _("Payer"), _payer),
        Column("issued", _("Issued"), lambda row: cells.day(row.issued_on), order="issued"),
        Column("due", _("Due"), lambda row: cells.day(row.due_on if row.settled else None)),
        Column("amount", _("Amount"), lambda row: cells.amount(row.amount, row.currency), number=True),
        Column("left", _("Left to pay"), _left, number=True),
        Column("status", _("Status"), _stands),
    )
    orders = ("-issued",)
    filters = (
        narrowing.person("payer", _("Payer")),
        narrowing.group(),
        narrowing.creditor(),
        choice("kind", _("Document"), _kinds),
        day("issued-from", _("Issued from")),
        day("issued-to", _("Issued to")),
        amount("least", _("Amount from")),
        amount("most", _("Amount to")),
        tick("undelivered", _("Could not be delivered")),
    )
    nothing = _("Nothing has been invoiced yet. Joining does it, and each renewal.")

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of invoices."""
        values = wanted.values
        asked = InvoicesWanted(
            search=wanted.search,
            settled=wanted.view,
            payer=values.get("payer"),
            creditor_id=int(values["creditor"]) if "creditor" in values else None,
            below=narrowing.below(values.get("group")),
            kind=InvoiceKind(values["kind"]) if "kind" in values else None,
            issued_from=values.get("issued-from"),
            issued_to=values.get("issued-to"),
            least=values.get("least"),
            most=values.get("most"),
            undelivered="undelivered" in values,
            descending=wanted.descending,
        )
        return invoices(session(), asked, on=today(), at=wanted.place)

    def link(self, row: Any) -> str:
        """A row leads to the invoice."""
        return addresses.invoice(row.public_id)
