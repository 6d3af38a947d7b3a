"""Invoices and claims as they are taken out: what their lists show, and what a table of them is asked for besides."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.groups.models import Group
from dues.invoicing.claim_list import ClaimRow
from dues.invoicing.invoice_list import InvoiceRow
from dues.invoicing.models import Claim, ClaimEnd, Invoice, InvoiceKind, PaymentReference
from dues.invoicing.standing import Settlement
from dues.lists.columns import Column, Eyes, Words, major, plain
from dues.paging import Page, named
from language import gettext_noop as _
from language import pgettext_noop as _p

_SETTLED: Final[Mapping[Settlement, Words]] = {
    Settlement.OPEN: _p("invoice", "Open"),
    Settlement.PART_PAID: _p("invoice", "Part-paid"),
    Settlement.OVERDUE: _p("invoice", "Overdue"),
    Settlement.PAID: _p("invoice", "Paid"),
    Settlement.PAID_TOO_MUCH: _p("invoice", "Paid too much"),
    Settlement.WRITTEN_OFF: _p("invoice", "Written off"),
    Settlement.CREDITED: _p("invoice", "Credited"),
}
_KINDS: Final[Mapping[InvoiceKind, Words]] = {
    InvoiceKind.INVOICE: _p("document", "Invoice"),
    InvoiceKind.CREDIT_NOTE: _p("invoice", "Credit note"),
}


@dataclass(frozen=True, slots=True)
class Billed:
    """An invoice as its list shows it, with its payer's number, its group, its reference, and when it was paid."""

    row: InvoiceRow
    payer_number: int
    group: str
    reference: str
    paid_on: dt.date | None


def with_more(session: Session, page: Page[InvoiceRow]) -> Page[Billed]:
    """Return a page of invoices with what a table of them is asked for besides: one statement."""
    paid_on = func.max(Claim.ended_on).filter(Claim.ended == ClaimEnd.PAID)
    wanted = (
        select(Invoice.uuid, Invoice.payer_id, Group.name, func.min(PaymentReference.value), paid_on)
        .join(Group, Group.id == Invoice.group_id)
        .outerjoin(Claim, Claim.invoice_id == Invoice.id)
        .outerjoin(PaymentReference, PaymentReference.claim_id == Claim.id)
        .where(named(Invoice.uuid, [row.public_id for row in page.rows]))
        .group_by(Invoice.id, Group.id)
    )
    more: dict[UUID, Sequence[object]] = {row[0]: row[1:] for row in session.execute(wanted)}
    return page.turned(lambda row: _billed(row, more[row.public_id]))


def _billed(row: InvoiceRow, more: Sequence[object]) -> Billed:
    payer, group, reference, paid_on = more
    return Billed(row, cast("int", payer), str(group), str(reference or ""), cast("dt.date | None", paid_on))


def _stands(row: InvoiceRow | ClaimRow, eyes: Eyes) -> str:
    return "" if row.settled is None else eyes.said(_SETTLED[row.settled])


INVOICES: Final = (
    Column("number", _("Number"), lambda one, _eyes: one.row.number),
    Column("kind", _("Document"), lambda one, eyes: eyes.said(_KINDS[one.row.kind])),
    Column("payer", _("Payer"), lambda one, _eyes: one.row.payer_name),
    plain("payer-number", _("Number of the payer"), "payer_number"),
    plain("group", _("Group")),
    Column("creditor", _("Creditor"), lambda one, _eyes: one.row.creditor),
    plain("reference", _("Reference")),
    Column("issued", _("Issued"), lambda one, _eyes: one.row.issued_on),
    Column("due", _("Due"), lambda one, _eyes: one.row.due_on if one.row.settled else None),
    Column("paid", _("Paid on"), lambda one, _eyes: one.paid_on),
    Column("amount", _("Amount"), lambda one, _eyes: major(one.row.amount, one.row.currency)),
    Column(
        "left",
        _("Left to pay"),
        lambda one, _eyes: major(one.row.open_amount, one.row.currency) if one.row.settled else None,
    ),
    Column("currency", _("Currency"), lambda one, _eyes: one.row.currency),
    Column("status", _("Status"), lambda one, eyes: _stands(one.row, eyes)),
    Column("reminders", _("Reminders"), lambda one, _eyes: one.row.dunning_level if one.row.settled else None),
    Column("held", _("On hold until"), lambda one, _eyes: one.row.held_until if one.row.hold_reason else None),
)

CLAIMS: Final = (
    plain("number", _("Invoice"), "number"),
    plain("debtor", _("Owed by"), "name"),
    plain("creditor", _("Creditor")),
    plain("due", _("Due"), "due_on"),
    plain("days", _("Days past due")),
    Column("amount", _("Amount"), lambda row, _eyes: major(row.amount, row.currency)),
    Column("left", _("Left to pay"), lambda row, _eyes: major(row.open_amount, row.currency)),
    plain("currency", _("Currency")),
    Column("status", _("Status"), _stands),
    plain("reminders", _("Reminders"), "dunning_level"),
    plain("reminded", _("Reminded on"), "dunned_on"),
    Column("held", _("On hold until"), lambda row, _eyes: row.held_until if row.hold_reason else None),
)
