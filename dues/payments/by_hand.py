"""Money that an officer received: in cash, by a card terminal, or in another way no bank file tells of.

It is a payment like others, to an agreement of the creditor's own (scheme CASH) whose account in the books is its cash.
Each such agreement has one file that brings its payments and never ends. What was registered by mistake is withdrawn:
the payment stays, and what it was used for is taken back.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from database.turns import take_turn
from dues.actor import Actor
from dues.groups.models import CASH, BankAgreement, Creditor, ReferenceKind
from dues.invoicing.models import Claim
from dues.journal.beside import open_cash
from dues.journal.models import Event, Posting
from dues.journal.post import open_entry
from dues.members.models import Person
from dues.patience import patiently
from dues.payments.allocate import allocate_now
from dues.payments.aside import post_aside
from dues.payments.aside_models import PaymentAside, Purpose
from dues.payments.decide import still_there
from dues.payments.errors import (
    ClaimMovedError,
    NotPositiveError,
    OtherCreditorError,
    PaymentError,
    UnknownPaymentError,
    UsedElsewhereError,
)
from dues.payments.keep import keep_now
from dues.payments.models import BY_HAND, BankFile, BankSection, CaseReason, FileState, Payment, PaymentCase, PaymentDay
from dues.payments.statement_models import AccountDay
from dues.payments.take_back import take_back_now
from dues.payments.transfer import credit_account, held_claim, held_payment, use_up, waiting

_LARGEST: Final = 10**12
"""Minor units beyond which an amount is a slip of the hand."""


class How(StrEnum):
    """In which way it was received."""

    CASH = "cash"
    TERMINAL = "card terminal"
    OTHER = "other"


class TooLargeError(PaymentError):
    """Nobody hands over so much."""

    def __init__(self, amount: int) -> None:
        super().__init__(f"{amount} is more than anybody pays by hand (in minor units). Check the amount.")


class FutureDayError(PaymentError):
    """Money that was received was not received tomorrow."""

    def __init__(self, on: dt.date) -> None:
        super().__init__(f"{on} has not come yet. Write the day on which the money was received.")


@dataclass(frozen=True, slots=True)
class Received:
    """What somebody received: minor units of the creditor's own currency, for a claim or (without one) as credit.

    ``key`` makes a press count once; ``open_seen`` is what the claim had open when the officer looked.
    """

    creditor_id: int
    person_id: int
    amount: int
    how: How
    received_on: dt.date
    key: UUID
    claim_id: int | None = None
    open_seen: int | None = None
    note: str = ""


def receive(session: Session, *, received: Received, on: dt.date, by: Actor) -> int:
    """Book money that was received and use it; what a claim does not need is kept as its debtor's credit.

    Returns the payment's id; of a press that came before, the one it made. Raises NotPositiveError, TooLargeError,
    FutureDayError, ClaimMovedError, OtherCreditorError, what `allocate` and `keep` raise, and BusyError.
    """
    if received.amount <= 0:
        raise NotPositiveError(received.amount)
    if received.amount > _LARGEST:
        raise TooLargeError(received.amount)
    if received.received_on > on:
        raise FutureDayError(received.received_on)
    return patiently(session, lambda: _received(session, received, on=on, by=by))


def _received(session: Session, received: Received, *, on: dt.date, by: Actor) -> int:
    creditor = session.get_one(Creditor, received.creditor_id)
    agreement = cash_agreement(session, creditor=creditor)
    key = f"hand:{received.key}"
    known = select(Payment.id).where(Payment.agreement_id == agreement.id, Payment.key == key)
    if (before := session.scalar(known)) is not None:
        return before
    _check_claim(session, received)
    payment = _written(session, agreement, received, key=key, on=on, by=str(by))
    _post(session, agreement, payment, on=on, by=by)
    if received.claim_id is not None:
        allocate_now(session, payment_id=payment.id, claim_id=received.claim_id, amount=None, on=on, by=by)
    else:
        keep_now(session, payment_id=payment.id, person_id=received.person_id, amount=None, on=on, by=by)
    return payment.id


def _check_claim(session: Session, received: Received) -> None:
    if received.claim_id is None:
        return
    claim: Claim = held_claim(session, received.claim_id)
    if claim.creditor_id != received.creditor_id:
        raise OtherCreditorError(0, claim.id)
    if received.open_seen is not None and claim.open_amount != received.open_seen:
        raise ClaimMovedError(claim.id, claim.open_amount)


def cash_agreement(session: Session, *, creditor: Creditor) -> BankAgreement:
    """Return the agreement of a creditor's cash, opened with its account and its file where there is none yet."""
    take_turn(session, f"cash of {creditor.id}")
    wanted = select(BankAgreement).where(BankAgreement.creditor_id == creditor.id, BankAgreement.scheme == CASH)
    found = session.scalar(wanted)
    if found is not None:
        return found
    made = BankAgreement(
        creditor_id=creditor.id,
        scheme=CASH,
        number=f"{CASH}{creditor.id}",
        currency=creditor.currency,
        reference_kind=ReferenceKind.RF,
        bank_account_id=open_cash(session, creditor=creditor).id,
        preferred=False,
    )
    session.add(made)
    session.flush()
    return made


def section_of(session: Session, agreement: BankAgreement, *, on: dt.date, by: str) -> BankSection:
    """Return the section that brings what an agreement's officers receive; it is opened with the first."""
    found = session.scalar(select(BankSection).where(BankSection.agreement_id == agreement.id))
    if found is not None:
        return found
    file = BankFile(
        name=BY_HAND,
        state=FileState.ACCEPTED,
        digest=f"{BY_HAND}:{agreement.id}",
        size=0,
        format=BY_HAND,
        currency=agreement.currency,
        actor=by,
    )
    session.add(file)
    session.flush()
    section = BankSection(
        file_id=file.id,
        agreement_id=agreement.id,
        key=BY_HAND,
        payments=0,
        amount=0,
        currency=agreement.currency,
        created_on=on,
    )
    session.add(section)
    session.flush()
    return section


def _written(
    session: Session, agreement: BankAgreement, received: Received, *, key: str, on: dt.date, by: str
) -> Payment:
    person = session.get_one(Person, received.person_id)
    section = section_of(session, agreement, on=on, by=by)
    payment = Payment(
        file_id=section.file_id,
        section_id=section.id,
        agreement_id=agreement.id,
        creditor_id=agreement.creditor_id,
        key=key,
        occurrence=1,
        kind=received.how.value,
        amount=received.amount,
        currency=agreement.currency,
        booked_on=received.received_on,
        value_on=received.received_on,
        message=received.note,
        payer_name=f"{person.given_name} {person.family_name}".strip(),
        position="",
    )
    session.add(payment)
    session.flush()
    _count(session, payment)
    return payment


def _count(session: Session, payment: Payment) -> None:
    """Add a payment to what its file brought on its day, to its creditor and to its account."""
    of_file = {"file_id": payment.file_id, "booked_on": payment.booked_on}
    day = {**of_file, "creditor_id": payment.creditor_id, "currency": payment.currency}
    known = upsert(PaymentDay).values(payments=1, received=payment.amount, **day)
    more = {"payments": PaymentDay.payments + 1, "received": PaymentDay.received + payment.amount}
    session.execute(known.on_conflict_do_update(index_elements=list(day), set_=more))
    account = {**of_file, "agreement_id": payment.agreement_id}
    moved = upsert(AccountDay).values(payments=1, amount=payment.amount, **account)
    again = {"payments": AccountDay.payments + 1, "amount": AccountDay.amount + payment.amount}
    session.execute(moved.on_conflict_do_update(index_elements=list(account), set_=again))


def _post(session: Session, agreement: BankAgreement, payment: Payment, *, on: dt.date, by: Actor) -> None:
    """Book it from cash to unidentified receipts, as every payment that is yet to be used."""
    entry = open_entry(
        session, creditor_id=payment.creditor_id, event="received by hand", key=f"hand:{payment.id}", on=on, by=by
    )
    unidentified = credit_account(
        session, creditor_id=payment.creditor_id, event=Event.UNIDENTIFIED, currency=payment.currency
    )
    session.execute(
        insert(Posting).values(
            entry_id=entry.id,
            debit_account_id=agreement.bank_account_id,
            credit_account_id=unidentified,
            amount=payment.amount,
            currency=payment.currency,
            on_date=entry.on_date,
            value_date=payment.value_on,
            payment_id=payment.id,
        )
    )
    session.add(
        PaymentCase(
            payment_id=payment.id,
            creditor_id=payment.creditor_id,
            agreement_id=payment.agreement_id,
            reason=CaseReason.NO_REFERENCE,
            unallocated=payment.amount,
            search_key=func.case_search_key(payment.payer_name, None, None, payment.message),
        )
    )
    session.flush()


def withdraw(session: Session, *, payment_id: int, reason: str, on: dt.date, by: Actor) -> None:
    """Take back what somebody registered by mistake: its uses, and the money itself.

    Raises UnknownPaymentError for what a bank file brought, NothingLeftError for what was withdrawn before,
    UsedElsewhereError where a part of it is going back to somebody or was set aside, what `take_back` raises, and
    BusyError.
    """
    patiently(session, lambda: _withdrawn(session, payment_id, reason, on=on, by=by))


def _withdrawn(session: Session, payment_id: int, reason: str, *, on: dt.date, by: Actor) -> None:
    payment = held_payment(session, payment_id)
    agreement = session.get_one(BankAgreement, payment.agreement_id)
    if agreement.scheme != CASH:
        raise UnknownPaymentError(payment_id)
    for one in still_there(session, payment_id=payment_id, first=0, last=2**62):
        take_back_now(session, allocation_id=one.id, on=on, by=by)
    case = waiting(session, payment)
    if case.unallocated != payment.amount:  # a part is going back, or stands elsewhere: that is undone first
        raise UsedElsewhereError(payment_id)
    row = PaymentAside(
        payment_id=payment.id,
        creditor_id=payment.creditor_id,
        purpose=Purpose.WITHDRAWN,
        amount=case.unallocated,
        currency=payment.currency,
        account_id=agreement.bank_account_id,
        reason=reason,
        payer_name=payment.payer_name,
    )
    post_aside(session, payment=payment, row=row, on=on, by=by)
    use_up(case, row.amount, by=by)
    session.flush()
