"""What the page of an invoice or a credit note shows: the document, its lines, its claims, reminders and messages."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from dues.collection.models import ClaimHold, Reminder
from dues.delivery.models import Message, MessageState
from dues.groups.models import Creditor, Group, Payee
from dues.invoicing.models import Claim, FrozenText, Invoice, InvoiceKind, InvoiceLine, PaymentReference
from dues.invoicing.send_again import KIND
from dues.invoicing.standing import Delivery, Document
from dues.journal.coding import contents
from dues.members.models import Membership, Person
from dues.runs.models import Run

_ORIGINAL, _BEFORE, _AFTER = aliased(Invoice), aliased(Invoice), aliased(Invoice)
"""An invoice's kin; made once, because an alias that is made anew for each page takes longer than its question."""

_DELIVERY: Mapping[MessageState, Delivery] = {
    MessageState.QUEUED: Delivery.WAITING,
    MessageState.SENDING: Delivery.SENDING,
    MessageState.SENT: Delivery.SENT,
    MessageState.FAILED: Delivery.NOT_DELIVERED,
    MessageState.WITHHELD: Delivery.WITHHELD,
}


@dataclass(frozen=True, slots=True)
class Head:
    """An invoice or a credit note, whom it concerns, and the documents it belongs to.

    ``original`` is what a credit note credits, ``notes`` are the credit notes of an invoice, oldest first;
    ``replaces`` and ``replaced_by`` are the invoices whose place it took, and which took its place. ``sensitive`` is
    true where the creditor was when it was issued or is now.
    """

    invoice: Invoice
    payer: Person
    creditor: Creditor
    group: Group
    run: Run | None
    original: Invoice | None
    notes: tuple[Invoice, ...]
    replaces: Invoice | None
    replaced_by: Invoice | None
    sensitive: bool

    @property
    def is_credit_note(self) -> bool:
        """Whether it takes an invoice back."""
        return self.invoice.kind is InvoiceKind.CREDIT_NOTE

    @property
    def note(self) -> Invoice | None:
        """The credit note that took back the last of it, None while something is left of it."""
        whole = sum(note.amount for note in self.notes) == self.invoice.amount
        return self.notes[-1] if self.notes and whole else None

    @property
    def document(self) -> Document:
        """What the document is."""
        return Document.CREDITED if self.note is not None else Document.ISSUED


@dataclass(frozen=True, slots=True)
class Line:
    """One component of one member's fee, or something sold, as printed, and the group that it benefits.

    ``component`` and ``type_names`` are what was printed, by language, the latter nothing where something was sold;
    then there is a quantity with its unit, a price of one in minor units, and a rate of VAT in basis points. ``coding``
    is ``names`` and ``code`` of each dimension.
    ``member`` is whose fee it is.
    """

    component: Mapping[str, str]
    type_names: Mapping[str, str]
    member: UUID
    member_name: str
    membership_id: int | None
    beneficiary: str
    period: tuple[dt.date, dt.date] | None
    amount: int
    quantity: Decimal | None = None
    unit: Mapping[str, str] = field(default_factory=dict)
    unit_price: int = 0
    vat_rate: int = 0
    coding: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder, and how its message fared; ``part`` is that of the claim among those of its invoice."""

    part: int
    level: int
    issued_on: dt.date
    pay_by: dt.date
    amount: int
    currency: str
    state: MessageState | None


def find_invoice(session: Session, *, public_id: UUID, below: str = "") -> Head | None:
    """Return an invoice by the id that leaves the house, of a group with the path ``below`` or below it."""
    row = session.execute(
        select(Invoice, Person, Creditor, Group, Run, _ORIGINAL, _BEFORE, _AFTER, Payee.content)
        .join(Person, Person.id == Invoice.payer_id)
        .join(Creditor, Creditor.id == Invoice.creditor_id)
        .join(Group, Group.id == Invoice.group_id)
        .join(Payee, Payee.id == Invoice.payee_id)
        .outerjoin(Run, Run.id == Invoice.run_id)
        .outerjoin(_ORIGINAL, _ORIGINAL.id == Invoice.credits_id)
        .outerjoin(_BEFORE, _BEFORE.id == Invoice.replaces_id)
        .outerjoin(_AFTER, _AFTER.replaces_id == Invoice.id)
        .where(Invoice.uuid == public_id, *([Group.path.op("^@")(below)] if below else []))
    ).first()
    if row is None:
        return None
    invoice, payer, creditor, group, run, credited, replaces, replaced_by, frozen = row
    notes = session.scalars(select(Invoice).where(Invoice.credits_id == invoice.id).order_by(Invoice.id))
    return Head(
        invoice=invoice,
        payer=payer,
        creditor=creditor,
        group=group,
        run=run,
        original=credited,
        notes=tuple(notes),
        replaces=replaces,
        replaced_by=replaced_by,
        sensitive=creditor.sensitive or bool(frozen["sensitive"]),
    )


def invoice_lines(session: Session, *, invoice_id: int) -> list[Line]:
    """Return the lines as they were printed, in their order."""
    rows = session.execute(
        select(InvoiceLine, FrozenText.content, Group.name, Person.uuid, Person.given_name, Person.family_name)
        .join(FrozenText, FrozenText.id == InvoiceLine.text_id)
        .join(Group, Group.id == InvoiceLine.beneficiary_id)
        .join(Person, Person.id == InvoiceLine.person_id)
        .where(InvoiceLine.invoice_id == invoice_id)
        .order_by(InvoiceLine.position)
    ).all()
    codings = contents(session, codings=[row[0].coding_id for row in rows])
    return [
        replace(_line(line, content, group, uuid, f"{given} {family}"), coding=codings.get(line.coding_id or 0, ()))
        for line, content, group, uuid, given, family in rows
    ]


def _line(line: InvoiceLine, content: Mapping[str, Any], group: str, member: UUID, name: str) -> Line:
    period = None if line.period_from is None or line.period_to is None else (line.period_from, line.period_to)
    return Line(
        component=content["component"],
        type_names=content.get("type", {}),
        member=member,
        member_name=line.member_name.strip() or name.strip(),
        membership_id=line.membership_id,
        beneficiary=group,
        period=period,
        amount=line.amount,
        quantity=None if line.quantity is None else line.quantity.normalize(),
        unit=content.get("unit", {}),
        unit_price=line.unit_price or 0,
        vat_rate=line.vat_rate or 0,
    )


def claims_of(session: Session, *, invoice_id: int) -> list[Claim]:
    """Return the claims of an invoice by their due days; a credit note has none."""
    return list(session.scalars(select(Claim).where(Claim.invoice_id == invoice_id).order_by(Claim.position)))


def references_of(session: Session, *, claims: Sequence[int]) -> list[str]:
    """Return what payers quote for some claims; of the parts of an invoice the reference that means all of them."""
    wanted = (
        select(PaymentReference.value)
        .join(Claim, Claim.id == PaymentReference.claim_id)
        .where(PaymentReference.claim_id.in_(claims), or_(PaymentReference.whole, Claim.parts == 1))
    )
    return list(session.scalars(wanted.order_by(PaymentReference.claim_id, PaymentReference.value)))


def newest_message(session: Session, *, invoice_id: int) -> Message | None:
    """Return the last copy of the message that brings the document."""
    wanted = select(Message).where(Message.kind == KIND, Message.subject_id == invoice_id)
    return session.scalar(wanted.order_by(Message.copy.desc()).limit(1))


def delivery_of(state: MessageState) -> Delivery:
    """Return how far a message in a state is on its way."""
    return _DELIVERY[state]


def newest_hold(session: Session, *, claims: Sequence[int]) -> ClaimHold | None:
    """Return the last step in the history of holds of some claims."""
    return session.scalar(
        select(ClaimHold).where(ClaimHold.claim_id.in_(claims)).order_by(ClaimHold.id.desc()).limit(1)
    )


def reminders_of(session: Session, *, claims: Sequence[int]) -> list[Reminded]:
    """Return the reminders of some claims, oldest first, with how their messages fared."""
    rows = session.execute(
        select(Reminder, Message.state, Claim.position)
        .join(Claim, Claim.id == Reminder.claim_id)
        .outerjoin(Message, (Message.kind == "reminder") & (Message.subject_id == Reminder.id) & (Message.copy == 0))
        .where(Reminder.claim_id.in_(claims))
        .order_by(Reminder.id)
    )
    return [Reminded(part, r.level, r.issued_on, r.pay_by, r.amount, r.currency, state) for r, state, part in rows]


def find_reminder(session: Session, *, invoice_id: int, level: int, part: int = 1) -> int | None:
    """Return the id of an invoice's reminder of a level, of one of its parts where it has several."""
    wanted = select(Reminder.id).join(Claim, Claim.id == Reminder.claim_id)
    found = wanted.where(Claim.invoice_id == invoice_id, Claim.position == part, Reminder.level == level)
    return session.scalar(found.order_by(Reminder.id).limit(1))


def released_by(session: Session, *, invoice_id: int) -> list[Membership]:
    """Return the memberships whose stretches crediting an invoice makes free again."""
    charged = select(InvoiceLine.membership_id).where(InvoiceLine.invoice_id == invoice_id)
    return list(session.scalars(select(Membership).where(Membership.id.in_(charged)).order_by(Membership.id)))
