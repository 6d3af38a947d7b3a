"""The list of invoices and credit notes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from markupsafe import Markup

from admin import addresses
from admin.ledgers import cells, narrowing
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.filters import Choices, amount, choice, day
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Tab, Wanted
from dues.access.permissions import Permission
from dues.invoicing.invoice_list import InvoiceRow, invoices
from dues.invoicing.invoice_wishes import InvoicesWanted
from dues.invoicing.models import InvoiceKind
from dues.invoicing.standing import Delivery, Dunning, Hold, Settlement, hold
from dues.invoicing.take_in_file import known_sources
from dues.paging import Page
from language import gettext_noop as _
from language import pgettext_noop as _p
from web import states
from web.house import session
from web.speech import gettext, pgettext
from web.states import State
from web.today import today

_UNSETTLED = frozenset({Settlement.OPEN, Settlement.PART_PAID, Settlement.OVERDUE})


def _kinds() -> Choices:
    return [
        (InvoiceKind.INVOICE.value, pgettext("document", "Invoice")),
        (InvoiceKind.CREDIT_NOTE.value, pgettext("invoice", "Credit note")),
    ]


_DELIVERIES: Final = (
    ("waiting", _("Waits to be sent")),
    ("sent", _("Sent by e-mail")),
    ("printed", _("Printed")),
    ("failed", _("Could not be delivered")),
    ("withheld", _("Not sent any more")),
    ("none", _("Nothing was to be sent")),
)


def _deliveries() -> Choices:
    return narrowing.words_of(_DELIVERIES)


_ANY: Final = "*"


def _systems() -> Choices:
    """Return any other system, and each of which invoices were taken in."""
    return [(_ANY, gettext("From any other system")), *((name, name) for name in known_sources(session()))]


def _system(value: str | None) -> str | None:
    return "" if value == _ANY else value


def _id(values: Mapping[str, Any], key: str) -> int | None:
    return int(values[key]) if key in values else None


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
    takes_out = "invoices"
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
        Tab("held", _p("invoices", "On hold")),
    )
    columns = (
        Column("number", _("Number"), lambda row: cells.number(row.number)),
        Column("payer", _("Payer"), _payer),
        Column("issued", _("Issued"), lambda row: cells.day(row.issued_on), order="issued"),
        Column("due", _("Due"), lambda row: cells.day(row.due_on if row.settled else None), order="due"),
        Column("amount", _("Amount"), lambda row: cells.amount(row.amount, row.currency), number=True),
        Column("left", _("Left to pay"), _left, number=True),
        Column("status", _("Status"), _stands),
    )
    orders = ("-issued", "-due")
    filters = (
        narrowing.person("payer", _("Payer")),
        narrowing.person("person", _("Person")),
        narrowing.run("run", _("Run")),
        narrowing.group(),
        narrowing.creditor(),
        choice("kind", _("Document"), _kinds),
        narrowing.membership_type(),
        narrowing.product(),
        day("issued-from", _("Issued from")),
        day("issued-to", _("Issued to")),
        day("due-from", _("Due from")),
        day("due-to", _("Due to")),
        day("paid-from", _("Paid from")),
        day("paid-to", _("Paid to")),
        amount("least", _("Amount from")),
        amount("most", _("Amount to")),
        narrowing.level(),
        choice("delivery", _("Delivery"), _deliveries),
        choice("system", _("From elsewhere"), _systems),
    )
    nothing = _("Nothing has been invoiced yet. Joining does it, and each renewal.")

    def ordered(self, wanted: Wanted) -> Wanted:
        """Narrowed by due days, invoices stand by those: a narrow stretch is then found wherever it lies."""
        asked = {"due-from", "due-to"} & wanted.values.keys()
        return replace(wanted, order="due", sorted_by="-due") if asked and not wanted.sorted_by else wanted

    def asked(self, wanted: Wanted) -> InvoicesWanted:
        """Return what is wanted as the list is asked."""
        values = wanted.values
        return InvoicesWanted(
            search=wanted.search,
            settled=wanted.view,
            payer=values.get("payer"),
            person=values.get("person"),
            run=values.get("run"),
            creditor_id=_id(values, "creditor"),
            type_id=_id(values, "type"),
            product_id=_id(values, "product"),
            below=narrowing.below(values.get("group")),
            kind=InvoiceKind(values["kind"]) if "kind" in values else None,
            issued_from=values.get("issued-from"),
            issued_to=values.get("issued-to"),
            least=values.get("least"),
            most=values.get("most"),
            due_from=values.get("due-from"),
            due_to=values.get("due-to"),
            paid_from=values.get("paid-from"),
            paid_to=values.get("paid-to"),
            level=_id(values, "level"),
            delivery=values.get("delivery", ""),
            system=_system(values.get("system")),
            by_due=wanted.order == "due",
            descending=wanted.descending,
        )

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of invoices."""
        return invoices(session(), self.asked(wanted), on=today(), at=wanted.place)

    def link(self, row: Any) -> str:
        """A row leads to the invoice."""
        return addresses.invoice(row.public_id)
