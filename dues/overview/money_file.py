"""The money behind an invoice or a payment: what was used for what, and how the books tell it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, or_, select
from sqlalchemy.orm import Session, aliased

from dues.groups.below import at_or_below
from dues.groups.models import BankAgreement, Creditor
from dues.invoicing.models import Claim, ClaimEnd, Invoice
from dues.journal.models import Account, AccountRole, Entry, Posting
from dues.members.models import Person
from dues.payments.exchange_models import Exchange
from dues.payments.match_models import AllocationMatch, Rule
from dues.payments.models import Allocation, BankFile, Payment, PaymentCase
from dues.payments.refunds.models import CreditUse, CreditUseKind, Refund
from dues.payments.refunds.past import entries_of

MOST: Final = 200
"""How many rows of one invoice or payment a page shows."""
# Made once: an alias that is made anew for each page takes longer than the question it is asked for.
_DEBIT, _CREDIT = aliased(Account), aliased(Account)
_REVERSAL: Final = aliased(Allocation)
_SUCCESSOR: Final = aliased(Allocation)
_USE_BACK: Final = aliased(CreditUse)


@dataclass(frozen=True, slots=True)
class Use:
    """A part of a payment that was used, or taken back; amounts in minor units of ``currency``.

    Without ``invoice`` it was kept as the credit of ``person``. ``moved_here`` and ``moved_on`` say that it took the
    place of another use, or another use its place. ``reversal`` says that the row itself takes another one
    back, ``taken_back`` that another one took it back; ``can_go_back`` that it can be taken back now.
    ``used_further`` says that the credit it became was exchanged, or went back or was given by rule: that is taken back
    first. ``rule`` is the one by which matching found it, and ``evidence`` what told it.
    """

    id: int
    payment_id: int
    on_date: dt.date
    came_on: dt.date
    payer_name: str
    amount: int
    currency: str
    actor: str
    file_name: str
    by_reference: bool
    by_rule: bool
    reversal: bool
    taken_back: bool
    moved_here: bool
    moved_on: bool
    person: UUID
    person_name: str
    invoice: UUID | None
    number: str | None
    claim_ended: ClaimEnd | None
    used_further: bool = False
    rule: Rule | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def can_go_back(self) -> bool:
        """Whether it still holds, and its claim has not ended in another way since."""
        ended_otherwise = self.claim_ended not in (None, ClaimEnd.PAID)
        return not (self.reversal or self.taken_back or self.used_further or ended_otherwise)

    @property
    def holds(self) -> bool:
        """Whether the money is still used here."""
        return not (self.reversal or self.taken_back)


@dataclass(frozen=True, slots=True)
class Booked:
    """One transfer in the books: the voucher it belongs to, and from which account to which."""

    entry_id: int
    number: int
    event: str
    on_date: dt.date
    debit: str
    debit_names: dict[str, str]
    credit: str
    credit_names: dict[str, str]
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Came:
    """A payment as it came, the file that brought it, the account it came to, and what of it waits for a decision."""

    payment: Payment
    file: BankFile
    agreement: BankAgreement
    creditor: Creditor
    case: PaymentCase | None


def uses_of_claims(session: Session, *, claims: Sequence[int]) -> list[Use]:
    """Return what payments were used for some claims, oldest first."""
    return _uses(session, Allocation.claim_id.in_(claims))


def uses_of_payment(session: Session, *, payment_id: int) -> list[Use]:
    """Return what a payment was used for, oldest first."""
    return _uses(session, Allocation.payment_id == payment_id)


def _uses(session: Session, which: ColumnElement[bool]) -> list[Use]:
    rows = session.execute(
        select(
            Allocation,
            Payment,
            BankFile.name,
            Entry.event,
            exists().where(_REVERSAL.reverses_id == Allocation.id),
            exists().where(_SUCCESSOR.moved_from_id == Allocation.id),
            Person,
            Claim,
            Invoice,
            AllocationMatch,
            or_(
                exists().where(Exchange.allocation_id == Allocation.id, Exchange.taken_back_id.is_(None)),
                exists().where(
                    CreditUse.allocation_id == Allocation.id,
                    CreditUse.kind != CreditUseKind.DIFFERENCE,
                    CreditUse.reverses_id.is_(None),
                    ~exists().where(_USE_BACK.reverses_id == CreditUse.id),
                ),
            ),
        )
        .join(Payment, Payment.id == Allocation.payment_id)
        .join(BankFile, BankFile.id == Payment.file_id)
        .join(Entry, Entry.id == Allocation.entry_id)
        .join(Person, Person.id == Allocation.person_id)
        .outerjoin(Claim, Claim.id == Allocation.claim_id)
        .outerjoin(Invoice, Invoice.id == Claim.invoice_id)
        .outerjoin(AllocationMatch, AllocationMatch.allocation_id == Allocation.id)
        .where(which)
        .order_by(Allocation.id)
        .limit(MOST)
    )
    return [_use(row) for row in rows]


def _use(
    row: Row[
        Allocation, Payment, str, str, bool, bool, Person, Claim | None, Invoice | None, AllocationMatch | None, bool
    ],
) -> Use:
    used, payment, file_name, event, taken_back, moved_on, person, claim, invoice, match, further = row
    return Use(
        id=used.id,
        payment_id=payment.id,
        on_date=used.on_date,
        came_on=payment.booked_on,
        payer_name=payment.payer_name,
        amount=used.amount,
        currency=used.currency,
        actor=used.actor,
        file_name=file_name,
        by_reference=event == "payment",
        by_rule=event == "payer rule",
        reversal=used.reverses_id is not None,
        taken_back=taken_back,
        moved_here=used.moved_from_id is not None,
        moved_on=moved_on,
        person=person.uuid,
        person_name=f"{person.given_name} {person.family_name}".strip(),
        invoice=invoice.uuid if invoice else None,
        number=invoice.called if invoice else None,
        claim_ended=claim.ended if claim else None,
        used_further=further,
        rule=match.rule if match else None,
        evidence=match.evidence if match else {},
    )


def postings_of_claims(session: Session, *, claims: Sequence[int]) -> list[Booked]:
    """Return how the books tell some claims, oldest first."""
    return _booked(session, Posting.claim_id.in_(claims))


def postings_of_payment(session: Session, *, payment_id: int) -> list[Booked]:
    """Return how the books tell a payment, oldest first."""
    return _booked(session, Posting.payment_id == payment_id)


def postings_of_refund(session: Session, *, refund: Refund) -> list[Booked]:
    """Return how the books tell a refund, oldest first; entries of many refunds have one posting for each."""
    own = Posting.person_id == refund.person_id if refund.person_id is not None else Posting.payment_id.is_not(None)
    accounts = or_(_DEBIT.role == AccountRole.REFUND, _CREDIT.role == AccountRole.REFUND)
    entries = entries_of(session, refund_id=refund.id)
    return _booked(session, Posting.entry_id.in_(entries) & (Posting.amount == refund.amount) & own & accounts)


def _booked(session: Session, which: ColumnElement[bool]) -> list[Booked]:
    rows = session.execute(
        select(
            Entry.id.label("entry_id"),
            Entry.number,
            Entry.event,
            Posting.on_date,
            _DEBIT.code.label("debit"),
            _DEBIT.names.label("debit_names"),
            _CREDIT.code.label("credit"),
            _CREDIT.names.label("credit_names"),
            Posting.amount,
            Posting.currency,
        )
        .join(Entry, Entry.id == Posting.entry_id)
        .join(_DEBIT, _DEBIT.id == Posting.debit_account_id)
        .join(_CREDIT, _CREDIT.id == Posting.credit_account_id)
        .where(which)
        .order_by(Posting.id)
        .limit(MOST)
    )
    return [Booked(**row) for row in rows.mappings()]


def find_payment(session: Session, *, payment_id: int, path: str = "") -> Came | None:
    """Return a payment by its number; with a ``path`` only one to a creditor at or below that group."""
    wanted = (
        select(Payment, BankFile, BankAgreement, Creditor, PaymentCase)
        .join(BankFile, BankFile.id == Payment.file_id)
        .join(BankAgreement, BankAgreement.id == Payment.agreement_id)
        .join(Creditor, Creditor.id == Payment.creditor_id)
        .outerjoin(PaymentCase, PaymentCase.payment_id == Payment.id)
        .where(Payment.id == payment_id)
    )
    if path:
        wanted = wanted.where(at_or_below(Creditor.group_id, path))
    row = session.execute(wanted).first()
    return None if row is None else Came(*row)


def payment_of(session: Session, *, allocation_id: int) -> int | None:
    """Return the payment that an allocation is of."""
    return session.scalar(select(Allocation.payment_id).where(Allocation.id == allocation_id))
