"""What a table of payments says whose columns somebody has named: the same events that bank files tell."""

from collections.abc import Iterator
from typing import Final, cast

from sqlalchemy.orm import Session

from bankfiles.errors import BankFileError
from bankfiles.types import Account, Event, Scheme
from dues.groups.models import BankAgreement
from dues.payments.bank_table import Layout, read_bank_table
from dues.payments.models import BankFile
from tablefiles import TableFileError, read

TABLE: Final = "Table"
"""What the format of such a file is called."""


def events(session: Session, file: BankFile, content: bytes) -> Iterator[Event]:
    """Yield what a table says; raise BankFileError."""
    said = file.table_layout or {}
    agreement = session.get_one(BankAgreement, said["agreement"])
    try:
        table = read(content)
    except TableFileError as error:
        raise BankFileError(error.position, "{fault}", fault=error.reason % error.values) from error
    own, currency = own_account(agreement), agreement.currency
    yield from read_bank_table(table, Layout.of(said), own=own, currency=currency, content=file.digest)


def own_account(agreement: BankAgreement) -> Account:
    """Return an account of ours as bank files name it."""
    return Account(cast("Scheme", agreement.scheme), agreement.number)
