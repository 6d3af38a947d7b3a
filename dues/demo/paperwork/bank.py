"""Money that came for what was invoiced: bank files as banks write them, taken in and booked like any other."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bankfiles.accounts import account
from bankfiles.types import Account, Reference
from bankfiles.write import Deposit, Incoming
from bankfiles.write_bgmax import write_bgmax
from bankfiles.write_camt import write_camt054
from bankfiles.write_mt940 import write_mt940
from dues.actor import AUTOMATIC
from dues.demo.paperwork.office import Office
from dues.groups.models import BankAgreement, Creditor
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.payments.accept import accept
from dues.payments.match import start_matching
from dues.payments.models import BankSection, Payment, PaymentCase
from dues.runs.drive import drive

_NIGHT = dt.time(4, tzinfo=dt.UTC)
_HELD_BEFORE = 184_250
"""What an account held before the first statement of it, in minor units."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What somebody owes on an invoice; ``amount`` is what is open, in minor units."""

    invoice_id: int
    claim_id: int
    debtor_id: int
    name: str
    reference: str
    amount: int

    def paid(self, *, more: int = 0, reference: str | None = None, text: str = "") -> Incoming:
        """Return the payment of it: of a little more or less, with another reference, or with "" without any."""
        quoted = self.reference if reference is None else reference
        return Incoming(
            amount=self.amount + more,
            bank_reference=f"{self.claim_id:010}",
            references=(Reference(quoted),) if quoted else (),
            text=text,
            payer_name=self.name,
        )

    @property
    def mistyped(self) -> str:
        """The reference with its last digit but one mistaken."""
        return f"{self.reference[:-2]}{(int(self.reference[-2]) + 1) % 10}{self.reference[-1]}"


def owed(office: Office, *which: ColumnElement[bool]) -> list[Owed]:
    """Return what is open on some invoices, oldest first."""
    wanted = (
        select(Invoice.id, Claim.id, Claim.debtor_id, Invoice.payer_name, PaymentReference.value, Claim.open_amount)
        .join(Claim, Claim.invoice_id == Invoice.id)
        .join(PaymentReference, PaymentReference.claim_id == Claim.id)
        .where(Claim.open_amount > 0, *which)
        .order_by(Claim.id, PaymentReference.whole)
    )
    with office.open_session() as session:
        return [Owed(*row) for row in session.execute(wanted)]


def came(
    office: Office, payments: Sequence[Incoming], creditor_id: int, *, ago: int, currency: str | None = None
) -> None:
    """Let the bank of a creditor send a file of payments, and book it.

    They came in the creditor's own currency unless another one is given. Without payments there is no file.
    """
    if not payments:
        return
    on = office.ago(ago)
    with office.desk() as session:
        kept = _Account.of(session, creditor_id, currency)
        name, stream = kept.file(payments, on)
        run_id = accept(session, stream=stream, name=name, on=on, by=office.by).run_id
    drive(office.open_session, run_id)
    office.post(on)


def look_again(office: Office, *, ago: int) -> None:
    """Look again at what waits, by the rules of matching, as the clock does after each file."""
    on = office.ago(ago)
    with office.desk() as session:
        run_id = start_matching(session, on=on, by=AUTOMATIC).id
    drive(office.open_session, run_id)
    office.post(on)


def waits(session: Session, creditor_id: int, *, of: str) -> int:
    """Return the newest payment from somebody of this name that waits for a creditor's desk."""
    wanted = select(Payment.id).join(PaymentCase, PaymentCase.payment_id == Payment.id)
    wanted = wanted.where(PaymentCase.creditor_id == creditor_id, PaymentCase.closed_at.is_(None))
    return session.scalars(wanted.where(Payment.payer_name == of).order_by(Payment.id.desc()).limit(1)).one()


@dataclass(frozen=True, slots=True)
class _Account:
    """An account at a bank: what it is called there, and the number and opening balance of its next statement."""

    called: Account
    country: str
    currency: str
    number: int
    balance: int

    @classmethod
    def of(cls, session: Session, creditor_id: int, currency: str | None) -> "_Account":
        """Return a creditor's preferred account, or its part in another currency."""
        creditor = session.get_one(Creditor, creditor_id)
        chosen = select(BankAgreement).where(BankAgreement.creditor_id == creditor_id, BankAgreement.preferred)
        agreement = session.scalars(chosen.where(BankAgreement.currency == creditor.currency)).one()
        giro = agreement.scheme == "BGNR" and currency is None
        called = account("BGNR", agreement.number) if giro else account("IBAN", agreement.iban or agreement.number)
        if called is None:
            raise ValueError(agreement.number)
        there = currency or creditor.currency
        same = BankAgreement.number == agreement.number, BankAgreement.currency == there
        before = select(BankSection).join(BankAgreement, BankAgreement.id == BankSection.agreement_id).where(*same)
        count = session.scalar(select(func.count()).select_from(before.subquery())) or 0
        last = session.scalars(before.order_by(BankSection.id.desc()).limit(1)).first()
        held = last.closing_balance if last is not None else None
        return cls(called, creditor.country, there, count + 1, _HELD_BEFORE if held is None else held)

    def file(self, payments: Sequence[Incoming], on: dt.date) -> tuple[str, BytesIO]:
        """Write the file that the bank would send: BgMax for a bankgiro, MT940 in Germany, camt.054 elsewhere."""
        deposit = Deposit(self.called, self.currency, on, self.number, payments)
        stream, written = BytesIO(), dt.datetime.combine(on, _NIGHT)
        if self.called.scheme == "BGNR":
            name = f"BgMax-{on:%y%m%d}.txt"
            write_bgmax(stream, [deposit], created=written)
        elif self.country == "DE":
            name = f"MT940-{on:%y%m%d}.sta"
            write_mt940(stream, [deposit], opening=self.balance)
        else:
            name = f"camt054-{self.currency}-{on.isoformat()}.xml"
            write_camt054(stream, [deposit], created=written, message_id=f"{self.currency}{on:%Y%m%d}")
        stream.seek(0)
        return name, stream
