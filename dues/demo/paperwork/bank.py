"""Money that came for what was invoiced: bank files as banks write them, taken in and booked like any other."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from sqlalchemy import ColumnElement, select

from bankfiles.accounts import account
from bankfiles.types import Reference
from bankfiles.write import Deposit, Incoming
from bankfiles.write_bgmax import write_bgmax
from bankfiles.write_camt import write_camt054
from dues.demo.paperwork.office import Office
from dues.groups.models import BankAgreement
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.payments.accept import accept
from dues.runs.drive import drive

_NIGHT = dt.time(4, tzinfo=dt.UTC)


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


def came(office: Office, payments: Sequence[Incoming], creditor_id: int, *, ago: int) -> None:
    """Let the bank of a creditor send a file of payments, and book it; without payments there is no file."""
    if not payments:
        return
    on = office.ago(ago)
    with office.desk() as session:
        agreement = session.scalars(
            select(BankAgreement).where(BankAgreement.creditor_id == creditor_id, BankAgreement.preferred)
        ).one()
        name, stream = _file(agreement, payments, on)
        run_id = accept(session, stream=stream, name=name, on=on, by=office.by).run_id
    drive(office.open_session, run_id)
    office.post(on)


def _file(agreement: BankAgreement, payments: Sequence[Incoming], on: dt.date) -> tuple[str, BytesIO]:
    """Write the file that the bank of an account would send: BgMax for a bankgiro, camt.054 for others."""
    found = account(agreement.scheme, agreement.number) if agreement.scheme == "BGNR" else None
    found = found or account("IBAN", agreement.iban or agreement.number)
    if found is None:
        raise ValueError(agreement.number)
    number = on.timetuple().tm_yday
    deposit = Deposit(found, agreement.currency, on, number, payments)
    stream, written = BytesIO(), dt.datetime.combine(on, _NIGHT)
    if found.scheme == "BGNR":
        name = f"BgMax-{on:%y%m%d}.txt"
        write_bgmax(stream, [deposit], created=written)
    else:
        name = f"camt054-{agreement.currency}-{on.isoformat()}.xml"
        write_camt054(stream, [deposit], created=written, message_id=f"{agreement.currency}{on:%Y%m%d}")
    stream.seek(0)
    return name, stream
