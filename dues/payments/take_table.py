"""Takes in tables of payments: the columns are said once for an account, and the sum is confirmed by a person."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankfiles.types import Payment
from dues.actor import Actor
from dues.groups.below import books_within
from dues.groups.models import BankAgreement
from dues.payments.accept import begin
from dues.payments.bank_table import Layout, guessed, read_bank_table
from dues.payments.errors import FileRefusedError, PaymentError
from dues.payments.models import BankFile, FileState
from dues.payments.store import kept
from dues.payments.table_events import own_account
from dues.runs.models import Run
from tablefiles import MAX_BYTES, Table, TableFileError, read


class OtherSumError(PaymentError):
    """The sum that was confirmed is not the one that these columns give."""

    def __init__(self) -> None:
        super().__init__("The sum has changed since it was shown. Look at it again.")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a table would bring: its payments' number, first and last day, and sums in minor units."""

    payments: int
    first: dt.date
    last: dt.date
    came: int
    left: int
    currency: str
    proved: bool

    @property
    def sum(self) -> int:
        """What came less what left."""
        return self.came - self.left


def table_in(session: Session, file: BankFile) -> Table | None:
    """Return the table that a refused file is, None where it is none or was not refused."""
    if file.state is not FileState.REFUSED or file.size > MAX_BYTES:
        return None
    try:
        return read(b"".join(kept(session, file_id=file.id)))
    except TableFileError:
        return None


def accounts_for(session: Session, *, path: str) -> list[BankAgreement]:
    """Return the accounts that a table may be of, by their numbers."""
    wanted = select(BankAgreement).order_by(BankAgreement.number, BankAgreement.currency)
    if path:
        wanted = wanted.where(books_within(BankAgreement.creditor_id, path))
    return list(session.scalars(wanted))


def layout_for(table: Table, accounts: list[BankAgreement]) -> tuple[BankAgreement | None, Layout]:
    """Return the account whose saved columns a table has, and those; else none, and what the names of columns tell."""
    for one in accounts:
        if one.table_layout is not None and Layout.of(one.table_layout).fits(table.header):
            return one, Layout.of(one.table_layout)
    return None, guessed(table.header)


def outlook(table: Table, layout: Layout, agreement: BankAgreement) -> Outlook:
    """Return what a table would bring; raise BankFileError."""
    payments, proved = [], False
    for event in read_bank_table(table, layout, own=own_account(agreement), currency=agreement.currency, content=""):
        if isinstance(event, Payment):
            payments.append(event)
        proved = proved or getattr(event, "closing_balance", None) is not None
    days = [payment.booked_on for payment in payments]
    came = sum(payment.amount for payment in payments if payment.amount > 0)
    left = -sum(payment.amount for payment in payments if payment.amount < 0)
    return Outlook(len(payments), min(days), max(days), came, left, agreement.currency, proved)


def take_table(
    session: Session,
    *,
    file: BankFile,
    agreement: BankAgreement,
    layout: Layout,
    confirmed: int,
    on: dt.date,
    by: Actor,
) -> Run:
    """Start the run that reads and books a table; its columns are saved for the account's next one.

    ``confirmed`` is the sum that whoever takes it in has seen. Raises BankFileError, OtherSumError, FileKnownError.
    """
    table = table_in(session, file)
    if table is None:
        raise FileRefusedError(file.name, "", "the file is no table that waits for its columns")
    if outlook(table, layout, agreement).sum != confirmed:
        raise OtherSumError
    agreement.table_layout = layout.stored()
    file.table_layout = {"agreement": agreement.id, **layout.stored()}
    file.error = None
    return begin(session, file=file, on=on, by=by)
