"""Bank files for tests, and their way through the house."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from bankfiles.accounts import account
from bankfiles.types import Reference
from bankfiles.write import Deposit, Incoming
from bankfiles.write_bgmax import write_bgmax
from bankfiles.write_camt import write_camt054
from dues.actor import COMMAND_LINE
from dues.invoicing.models import Claim, PaymentReference
from dues.payments.accept import Accepted, accept
from tests.factories.runs import Outcome, finished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bankfiles.types import Account
    from database.connect import OpenSession
    from dues.groups.models import BankAgreement

_numbers: Final = [count(1)]
_AT: Final = dt.time(8, tzinfo=dt.UTC)


def count_anew() -> None:
    """Let numbers of statements and payments begin again, for a database whose numbers are looked at."""
    _numbers[0] = count(1)


def paid(amount: int, reference: str = "", *, bank_reference: str | None = None, message: str = "") -> Incoming:
    """Money that came (or, below zero, left), with a bank's number of its own unless one (or "") is given."""
    return Incoming(
        amount=amount,
        bank_reference=f"{next(_numbers[0]):012}" if bank_reference is None else bank_reference,
        references=(Reference(reference),) if reference else (),
        text=message,
        payer_name="Kim Ek",
    )


def account_of(agreement: BankAgreement) -> Account:
    """The account as a bank file names it."""
    found = account("IBAN", agreement.iban) if agreement.iban else account(agreement.scheme, agreement.number)
    assert found is not None
    return found


def camt(
    agreement: BankAgreement,
    payments: Sequence[Incoming],
    *,
    on: dt.date,
    currency: str | None = None,
    number: int | None = None,
) -> BytesIO:
    """A camt.054 with one notification of an account, in its own currency or another."""
    deposit = Deposit(
        account=account_of(agreement),
        currency=currency or agreement.currency,
        booked_on=on,
        number=next(_numbers[0]) if number is None else number,
        payments=payments,
    )
    file = BytesIO()
    write_camt054(file, [deposit], created=dt.datetime.combine(on, _AT), message_id=f"M{deposit.number}")
    file.seek(0)
    return file


def exchanged_from(file: BytesIO, sent: str, currency: str, *, rate: str, unit: str) -> BytesIO:
    """The same camt.054, whose first payment the bank changed from an amount in another currency."""
    content = file.getvalue()
    told = (
        f'<AmtDtls><InstdAmt><Amt Ccy="{currency}">{sent}</Amt><CcyXchg><SrcCcy>{currency}</SrcCcy>'
        f"<UnitCcy>{unit}</UnitCcy><XchgRate>{rate}</XchgRate></CcyXchg></InstdAmt></AmtDtls>"
    )
    end = content.index(b"</CdtDbtInd>", content.index(b"</Refs>")) + len(b"</CdtDbtInd>")
    return BytesIO(content[:end] + told.encode() + content[end:])


def bgmax(agreement: BankAgreement, payments: Sequence[Incoming], *, on: dt.date, test: bool = False) -> BytesIO:
    """A BgMax file with one deposit to a bankgiro."""
    deposit = Deposit(
        account=account_of(agreement),
        currency=agreement.currency,
        booked_on=on,
        number=next(_numbers[0]),
        payments=payments,
    )
    file = BytesIO()
    write_bgmax(file, [deposit], created=dt.datetime.combine(on, _AT), test=test)
    file.seek(0)
    return file


def taken(open_session: OpenSession, file: BytesIO, *, on: dt.date, name: str = "bank.xml") -> Accepted:
    """Accept a file; book nothing yet."""
    with open_session() as session, session.begin():
        return accept(session, stream=file, name=name, on=on, by=COMMAND_LINE)


def banked(open_session: OpenSession, file: BytesIO, *, on: dt.date, name: str = "bank.xml") -> Outcome:
    """Accept a file and book it."""
    return finished(open_session, taken(open_session, file, on=on, name=name).run_id)


def owed(open_session: OpenSession) -> list[tuple[int, str, int]]:
    """Every claim as (id, reference, open amount), oldest first."""
    wanted = select(Claim.id, PaymentReference.value, Claim.open_amount).join(
        PaymentReference, PaymentReference.claim_id == Claim.id
    )
    with open_session() as session:
        return [(claim, reference, left) for claim, reference, left in session.execute(wanted.order_by(Claim.id))]
