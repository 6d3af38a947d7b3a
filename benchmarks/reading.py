"""How quickly each bank format is read: `python -m benchmarks --reading`. Payments a CPU second of one core.

The files are what the house's own writers make: payments with a reference, a payer with an account where the format has
one, amounts that differ. Nothing is stored; every check is made, and the best of three readings counts.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Final

from bankfiles.accounts import as_iban
from bankfiles.registry import detect
from bankfiles.types import Account, Event, Payment, Reference
from bankfiles.write import Deposit, Incoming
from bankfiles.write_bgmax import write_bgmax
from bankfiles.write_camt import write_camt054
from bankfiles.write_mt940 import write_mt940
from bankfiles.write_ocr import write_ocr
from dues.payments.bank_table import Layout, read_bank_table
from tablefiles import Notation
from tablefiles import read as read_table

PAYMENTS: Final = 50_000
_TIMES: Final = 3
_DAY: Final = dt.date(2026, 3, 20)
_AT: Final = dt.datetime(2026, 3, 20, 8, tzinfo=dt.UTC)
_OWN: Final = as_iban("DE", "370400440532013000")
_BANKGIRO: Final = Account("BGNR", "50501055")
_NORWEGIAN: Final = Account("BBAN", "86011117947")


def measure_reading(*, payments: int = PAYMENTS) -> dict[str, int]:
    """Read each format; payments a CPU second."""
    files: dict[str, Callable[[], Callable[[], Iterator[Event]]]] = {
        "camt.054": lambda: _bank_file(_camt(payments)),
        "BgMax": lambda: _bank_file(_bgmax(payments)),
        "OCR giro": lambda: _bank_file(_ocr(payments)),
        "MT940": lambda: _bank_file(_mt940(payments)),
        "Table (CSV)": lambda: _table(_csv(payments)),
    }
    return {name: _speed(made(), payments) for name, made in files.items()}


def _speed(read: Callable[[], Iterator[Event]], payments: int) -> int:
    best = float("inf")
    for _ in range(_TIMES):
        began = time.process_time()
        found = sum(isinstance(event, Payment) for event in read())
        best = min(best, time.process_time() - began)
        assert found == payments, found  # noqa: S101 -- a measurement of a part is none
    return round(payments / best)


def _bank_file(file: BytesIO) -> Callable[[], Iterator[Event]]:
    found = detect(file.getvalue()[: 1 << 16])

    def read() -> Iterator[Event]:
        file.seek(0)
        return found.read(file)

    return read


def _table(file: BytesIO) -> Callable[[], Iterator[Event]]:
    layout = Layout({"booked": "Date", "amount": "Amount", "reference": "Reference", "name": "Name"}, Notation.POINT)

    def read() -> Iterator[Event]:
        table = read_table(file.getvalue())
        return read_bank_table(table, layout, own=_OWN, currency="EUR", content="")

    return read


def _incoming(payments: int, payer: Callable[[int], Account]) -> Iterator[Incoming]:
    for number in range(payments):
        yield Incoming(
            amount=10_000 + number * 37 % 90_000,
            bank_reference=f"{number:09}",
            references=(Reference(f"{10**11 + number}"),),
            payer_name=f"Kim Ek {number}",
            payer_account=payer(number),
        )


def _iban(number: int) -> Account:
    return as_iban("DE", f"{120300000000000000 + number}")


def _deposit(account: Account, currency: str, payments: Iterator[Incoming]) -> list[Deposit]:
    return [Deposit(account, currency, _DAY, 1, payments)]


def _camt(payments: int) -> BytesIO:
    file = BytesIO()
    write_camt054(file, _deposit(_OWN, "EUR", _incoming(payments, _iban)), created=_AT, message_id="M1")
    return file


def _bgmax(payments: int) -> BytesIO:
    file = BytesIO()
    came = _incoming(payments, lambda number: Account("BGNR", f"{1_000_000 + number}"))
    write_bgmax(file, _deposit(_BANKGIRO, "SEK", came), created=_AT)
    return file


def _ocr(payments: int) -> BytesIO:
    file = BytesIO()
    came = _incoming(payments, lambda number: Account("BBAN", f"{10**10 + number}"))
    write_ocr(file, _deposit(_NORWEGIAN, "NOK", came), transmission=7)
    return file


def _mt940(payments: int) -> BytesIO:
    file = BytesIO()
    write_mt940(file, _deposit(_OWN, "EUR", _incoming(payments, _iban)))
    return file


def _csv(payments: int) -> BytesIO:
    lines = (
        f"{_DAY};{one.amount / 100:.2f};{one.references[0].value};{one.payer_name}\n"
        for one in _incoming(payments, _iban)
    )
    return BytesIO(("Date;Amount;Reference;Name\n" + "".join(lines)).encode())
