"""What a payment has come to, as a member, an economist and the ledger see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from sqlalchemy import select

from bankfiles.types import Account
from bankfiles.write import Deposit, Incoming
from bankfiles.write_mt940 import write_mt940
from bankfiles.write_ocr import write_ocr
from dues.invoicing.models import Claim, ClaimEnd, Invoice
from dues.members.models import Membership
from dues.payments.models import CaseReason, Credit, PaymentCase
from tests.factories.members import member
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import issued

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from database.connect import OpenSession
    from dues.groups.models import BankAgreement

DAY = dt.date(2026, 3, 10)
PAID = dt.date(2026, 3, 20)
LATER = dt.date(2026, 3, 25)
THROUGH = dt.date(2027, 3, 9)


def invoiced(
    session: Session, ledger: OpenSession, country: str = "SE", *, members: int = 3, prefix: str = "org"
) -> Organisation:
    """An organisation in a country whose members have been invoiced."""
    found = organisation(session, country=country, prefix=prefix)
    for _ in range(members):
        member(session, found, joined_on=DAY)
    issued(ledger, on=DAY, slice_size=50)
    return found


def ocr(agreement: BankAgreement, payments: Sequence[Incoming], *, on: dt.date = PAID) -> BytesIO:
    """An OCR giro file of one assignment, in which archive references have nine digits."""
    kept = [replace(payment, bank_reference=payment.bank_reference[-9:]) for payment in payments]
    number = agreement.number if agreement.scheme == "BBAN" else agreement.number[4:]
    file = BytesIO()
    write_ocr(file, [Deposit(Account("BBAN", number), "NOK", on, 1, kept)], transmission=7)
    file.seek(0)
    return file


def mt940(agreement: BankAgreement, payments: Sequence[Incoming], *, on: dt.date = PAID, number: int = 1) -> BytesIO:
    """An MT940 of one statement."""
    file = BytesIO()
    account = Account("IBAN", agreement.iban or agreement.number)
    write_mt940(file, [Deposit(account, agreement.currency, on, number, payments)])
    file.seek(0)
    return file


def stands(session: Session) -> list[tuple[int, ClaimEnd | None]]:
    """What each claim has open and how it ended, oldest first."""
    session.expire_all()
    return [(one.open_amount, one.ended) for one in session.scalars(select(Claim).order_by(Claim.id))]


def paid_through(session: Session, claim: int) -> dt.date | None:
    """How long whoever a claim is against has paid for."""
    return membership_of(session, claim).paid_through


def membership_of(session: Session, claim: int) -> Membership:
    """The membership of whoever a claim is against."""
    invoice = session.get_one(Invoice, session.get_one(Claim, claim).invoice_id)
    return session.scalars(select(Membership).where(Membership.person_id == invoice.payer_id)).one()


def waits(session: Session) -> list[tuple[CaseReason, int]]:
    """Why payments wait, and what is left of them."""
    found = select(PaymentCase.reason, PaymentCase.unallocated).where(PaymentCase.closed_at.is_(None))
    return [(reason, left) for reason, left in session.execute(found.order_by(PaymentCase.payment_id))]


def first_waiting(session: Session) -> int:
    """The oldest payment that waits."""
    found = select(PaymentCase.payment_id).where(PaymentCase.closed_at.is_(None)).order_by(PaymentCase.payment_id)
    return session.scalars(found.limit(1)).one()


def credit_of(session: Session) -> list[int]:
    """What persons have to their credit, in minor units."""
    return list(session.scalars(select(Credit.balance).where(Credit.balance > 0).order_by(Credit.person_id)))
