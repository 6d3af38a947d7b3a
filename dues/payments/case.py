"""Reads one case as a person looks at it: what the bank says of the payment, and what was done with it so far."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from dues.groups.below import at_or_below
from dues.groups.models import BankAgreement, Creditor
from dues.invoicing.models import Claim, Invoice
from dues.members.models import Person
from dues.payments.models import Allocation, BankFile, CaseReason, Payment, PaymentCase
from dues.payments.moved import last_move


@dataclass(frozen=True, slots=True)
class Use:
    """A part of a payment in use: for an invoice, or (without a number) as a person's credit; minor units."""

    allocation_id: int
    amount: int
    on_date: dt.date
    actor: str
    person: uuid.UUID
    name: str
    number: str | None
    invoice: uuid.UUID | None
    claim_id: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """A payment that waits, or waited, for a person; amounts in minor units of ``currency``.

    ``moved`` is the payment's `last_move`, by which a decision tells whether the ground has moved.
    With a ``path`` it is seen from a group: whom it may be for is looked for there and below.
    ``references`` are those of a payment that gave several: value, own amount, whether the bank delivered it as one.
    """

    payment_id: int
    reason: CaseReason
    unallocated: int
    amount: int
    currency: str
    booked_on: dt.date
    creditor_id: int
    creditor: str
    sensitive: bool
    scheme: str
    account: str
    iban: str | None
    kind: str
    reference: str | None
    references: Sequence[tuple[str, int | None, bool]]
    message: str
    payer_name: str
    payer_account: str | None
    return_reason: str | None
    claim_id: int | None
    closed_at: dt.datetime | None
    closed_by: str | None
    file: uuid.UUID | None
    file_name: str
    uses: tuple[Use, ...]
    moved: int
    path: str = ""

    @property
    def waits(self) -> bool:
        """Whether money of it, or an empty payment, waits for somebody."""
        return self.closed_at is None


def read_case(session: Session, *, payment_id: int, path: str = "") -> Case | None:
    """Return a payment's case, in three statements; None where it never had one.

    With a ``path`` only a case of a creditor at or below that group is there.
    """
    row = _found(session, PaymentCase, PaymentCase.payment_id == payment_id, path=path)
    if row is None:
        return None
    case, payment, *told = row
    return _case(session, payment, told, path=path, waits=_Waits.of(case))


def _found(
    session: Session, of: type[PaymentCase | Allocation], which: ColumnElement[bool], *, path: str
) -> tuple[Any, ...] | None:
    """Return what a payment has, with the payment and where it came from; as it stands in the database now."""
    wanted = (
        select(of, Payment, Creditor, BankAgreement, BankFile.uuid, BankFile.name)
        .join(Payment, Payment.id == of.payment_id)
        .join(Creditor, Creditor.id == Payment.creditor_id)
        .join(BankAgreement, BankAgreement.id == Payment.agreement_id)
        .outerjoin(BankFile, BankFile.id == Payment.file_id)
        .where(which)
    )
    if path:
        wanted = wanted.where(at_or_below(Creditor.group_id, path))
    row = session.execute(wanted.execution_options(populate_existing=True)).first()
    return None if row is None else tuple(row)


def case_of_use(session: Session, *, allocation_id: int, path: str = "") -> tuple[Case, Use] | None:
    """Return what somebody sees who looks for another use of an allocation that holds: it alone waits; else None.

    Any payment has that, also one that was matched by itself and never was a case. The rest is as for `read_case`.
    """
    row = _found(session, Allocation, Allocation.id == allocation_id, path=path)
    if row is None:
        return None
    used, payment, *told = row
    found = _case(session, payment, told, path=path, waits=_Waits(CaseReason.TAKEN_BACK, used.amount, used.claim_id))
    use = next((use for use in found.uses if use.allocation_id == allocation_id), None)
    return (found, use) if use is not None else None


@dataclass(frozen=True, slots=True)
class _Waits:
    """What of a payment waits: why, how much, and for which claim it seemed to be."""

    reason: CaseReason
    unallocated: int
    claim_id: int | None
    closed_at: dt.datetime | None = None
    closed_by: str | None = None

    @classmethod
    def of(cls, case: PaymentCase) -> Self:
        """Return what a case says."""
        return cls(case.reason, case.unallocated, case.claim_id, case.closed_at, case.closed_by)


def _case(
    session: Session,
    payment: Payment,
    told: Sequence[Any],
    *,
    path: str,
    waits: _Waits,
) -> Case:
    """Put a case together; ``told`` are the payment's creditor, its agreement, and its file's uuid and name."""
    creditor, agreement, file, file_name = told
    return Case(
        payment_id=payment.id,
        reason=waits.reason,
        unallocated=waits.unallocated,
        amount=payment.amount,
        currency=payment.currency,
        booked_on=payment.booked_on,
        creditor_id=creditor.id,
        creditor=creditor.name,
        sensitive=creditor.sensitive,
        scheme=agreement.scheme,
        account=agreement.number,
        iban=agreement.iban,
        kind=payment.kind,
        reference=payment.reference,
        references=[(value, amount, structured) for value, amount, structured in payment.references or ()],
        message=payment.message,
        payer_name=payment.payer_name,
        payer_account=payment.payer_account,
        return_reason=payment.return_reason,
        claim_id=waits.claim_id,
        closed_at=waits.closed_at,
        closed_by=waits.closed_by,
        file=file,
        file_name=file_name or "",
        uses=_uses(session, payment.id),
        moved=last_move(session, payment_id=payment.id),
        path=path,
    )


def _uses(session: Session, payment_id: int) -> tuple[Use, ...]:
    """Return the allocations that hold, oldest first."""
    undo = aliased(Allocation)
    wanted = (
        select(Allocation, Person.uuid, full_name(), Invoice.called, Invoice.uuid)
        .join(Person, Person.id == Allocation.person_id)
        .outerjoin(Claim, Claim.id == Allocation.claim_id)
        .outerjoin(Invoice, Invoice.id == Claim.invoice_id)
        .where(
            Allocation.payment_id == payment_id,
            Allocation.reverses_id.is_(None),
            ~select(undo.id).where(undo.reverses_id == Allocation.id).exists(),
        )
        .order_by(Allocation.id)
    )
    return tuple(
        Use(one.id, one.amount, one.on_date, one.actor, person, name, number, invoice, one.claim_id)
        for one, person, name, number, invoice in session.execute(wanted)
    )


def full_name() -> ColumnElement[str]:
    """The column that says a person's name as people write it."""
    return func.ltrim(Person.given_name + " " + Person.family_name)
