"""The deposit record (15) that ends a section of a BgMax file and says what reached the account."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bankfiles.accounts import account
from bankfiles.bgmax_records import Record, records_of_type
from bankfiles.streams import Window
from bankfiles.types import Account


@dataclass(frozen=True, slots=True)
class Deposit:
    """Record 15; `amount` in minor units is the sum of the payments (20) less the deductions (21)."""

    position: str
    receiver: Account | None
    paid_on: date
    serial: int
    amount: int
    currency: str
    count: int


def deposits(window: Window) -> Iterator[Deposit]:
    """All deposits of a file in order.

    A section's day and number are part of its payments' keys, but stand in its last record: reading the deposits ahead
    costs a second pass over the lines, and no memory.
    """
    return map(read_deposit, records_of_type(window, "15"))


def read_deposit(record: Record) -> Deposit:
    """The fields of a record 15; the receiving account is clearing number (22-25) and account number (26-37)."""
    return Deposit(
        position=record.position,
        receiver=account("OTHER", record.column(22, 25) + record.column(26, 37).lstrip("0")),
        paid_on=record.day(38),
        serial=record.number_in(46, 50, "deposit's number"),
        amount=record.number_in(51, 68, "amount"),
        currency=record.column(69, 71),
        count=record.number_in(72, 79, "number of payments"),
    )
