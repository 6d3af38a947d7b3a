"""Reads what receipts say: what came, for which invoice, what is left of it, and how far it covers."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session, aliased

from documents import Party
from dues.groups.models import Creditor, Group, Occasion
from dues.groups.texts import NOTHING, Moment, own_words
from dues.invoicing.document import Issued, issued
from dues.invoicing.models import Claim, InvoiceLine
from dues.members.models import Membership, Person
from dues.payments.exchange_models import Exchange
from dues.payments.gifts.given import GivenWith, given_with
from dues.payments.models import Allocation, Payment


@dataclass(frozen=True, slots=True)
class Received:
    """An allocation of money as its receipt tells it; amounts in minor units of ``currency``.

    ``invoice`` is None where the money was kept as credit. ``covered`` is the last day paid for, where that is one
    and the same for every membership on the invoice. ``taken_back`` is true when it was reversed since. ``words`` are
    the organisation's own, as they were then, with their places still open. ``gift`` is what came with it for a
    fund, beyond ``amount``.
    """

    allocation_id: int
    creditor_id: int
    sender: Party
    name: str
    group: str
    words: str
    colour: str
    sensitive: bool
    amount: int
    currency: str
    on_date: dt.date
    taken_back: bool
    invoice: Issued | None
    due_on: dt.date | None
    covered: dt.date | None
    gift: GivenWith | None = None

    @property
    def came(self) -> int:
        """What came, a gift included."""
        return self.amount + (self.gift.amount if self.gift else 0)


def received(session: Session, *, allocations: Collection[int]) -> dict[int, Received]:
    """Read allocations by their ids, in eleven statements; ids that do not exist are missing."""
    rows = _rows(session, allocations)
    owed = {row.claim.invoice_id for row in rows if row.claim}
    invoices, covered = issued(session, invoices=owed), _covered(session, owed)
    moments = {row.allocation.id: _moment(row, invoices) for row in rows}
    words = own_words(session, set(moments.values()))
    gifts = given_with(session, payments={row.allocation.payment_id for row in rows if row.claim})
    return {
        row.allocation.id: replace(
            _received(row, invoices, covered, words.get(moments[row.allocation.id], NOTHING).email),
            gift=gifts.get((row.allocation.payment_id, row.person.id)) if row.claim else None,
        )
        for row in rows
    }


def _moment(row: "_Row", invoices: Mapping[int, Issued]) -> Moment:
    """Which own words hold for a receipt: the invoice's group's, or the creditor's where the money became credit."""
    invoice = invoices[row.claim.invoice_id] if row.claim else None
    return Moment(
        invoice.group_id if invoice else row.creditor.group_id,
        Occasion.RECEIPT,
        invoice.document.language if invoice else row.person.language,
        at=row.allocation.recorded_at,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """An allocation, the claim it settles or was exchanged for, who got the money in which look, whether it holds."""

    allocation: Allocation
    claim: Claim | None
    creditor: Creditor
    person: Person
    colour: str
    group: str
    taken_back: bool


def _rows(session: Session, allocations: Collection[int]) -> list[_Row]:
    reversal = aliased(Allocation)
    wanted = (
        select(
            Allocation,
            Claim,
            Creditor,
            Person,
            Group.colour,
            Group.name,
            exists().where(reversal.reverses_id == Allocation.id),
        )
        .join(Payment, Payment.id == Allocation.payment_id)
        .join(Creditor, Creditor.id == Payment.creditor_id)
        .join(Group, Group.id == Creditor.group_id)
        .join(Person, Person.id == Allocation.person_id)
        .outerjoin(Exchange, (Exchange.allocation_id == Allocation.id) & Exchange.taken_back_id.is_(None))
        .outerjoin(Claim, Claim.id == func.coalesce(Allocation.claim_id, Exchange.claim_id))
        .where(Allocation.id.in_(allocations))
    )
    return [_Row(*row) for row in session.execute(wanted)]


def _covered(session: Session, invoices: Collection[int]) -> dict[int, dt.date | None]:
    """The day until which the members of each invoice have paid, where it is the same for all of them."""
    first, last = func.min(Membership.paid_through), func.max(Membership.paid_through)
    wanted = (
        select(InvoiceLine.invoice_id, case((first == last, last)))
        .join(Membership, Membership.id == InvoiceLine.membership_id)
        .where(InvoiceLine.invoice_id.in_(invoices))
        .group_by(InvoiceLine.invoice_id)
    )
    return dict(session.execute(wanted).all())


def _received(row: _Row, invoices: Mapping[int, Issued], covered: Mapping[int, dt.date | None], words: str) -> Received:
    allocation, creditor, claim = row.allocation, row.creditor, row.claim
    invoice = invoices[claim.invoice_id] if claim else None
    return Received(
        allocation_id=allocation.id,
        creditor_id=creditor.id,
        sender=Party(name=creditor.name, email=creditor.email, phone=creditor.phone),
        name=invoice.document.recipient.name
        if invoice
        else f"{row.person.given_name} {row.person.family_name}".strip(),
        group=invoice.group if invoice else row.group,
        words=words,
        colour=row.colour,
        sensitive=creditor.sensitive,
        amount=allocation.amount,
        currency=allocation.currency,
        on_date=allocation.on_date,
        taken_back=row.taken_back,
        invoice=invoice,
        due_on=claim.due_on if claim else None,
        covered=covered.get(claim.invoice_id) if claim and claim.open_amount == 0 else None,
    )
