"""Memory stays flat, however many payments a file has and however they are arranged."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bankfiles.write import Deposit, Incoming
from bankfiles.write_bgmax import write_bgmax
from bankfiles.write_camt import write_camt054
from bankfiles.write_mt940 import write_mt940
from bankfiles.write_ocr import write_ocr
from tests.bankfiles.files import BANKGIRO, BBAN, CREATED, IBAN, PAID_ON

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 15_000  # 6 MB of XML, of which a parser that forgets nothing makes a tree of 20 to 90 MB
ALLOWED = 6_000  # kB above what the first payment takes

READ = """
import resource, sys
from bankfiles.registry import read
from bankfiles.types import Payment
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = before = 0
with open(sys.argv[1], "rb") as stream:
    for event in read(stream).events:
        if isinstance(event, Payment):
            count += 1
            before = before or peak()
print(count, peak() - before)
"""


def write(path: Path, arrangement: str) -> None:
    payments = (Incoming(100 + number, str(number + 1), payer_name="Åsa Öberg") for number in range(COUNT))
    with path.open("wb") as stream:
        if arrangement == "BgMax":
            write_bgmax(stream, [Deposit(BANKGIRO, "SEK", PAID_ON, 1, payments)], created=CREATED)
            return
        if arrangement == "OCR giro":
            write_ocr(stream, [Deposit(BBAN, "NOK", PAID_ON, 1, payments)], transmission=1)
            return
        if arrangement == "MT940":
            write_mt940(stream, [Deposit(IBAN, "EUR", PAID_ON, 1, payments)])
            return
        batch = 1 if arrangement == "an entry for each" else COUNT
        deposit = Deposit(IBAN, "SEK", PAID_ON, 1, payments)
        write_camt054(stream, [deposit], created=CREATED, message_id="M", batch=batch)


def without_batch_totals(path: Path) -> None:
    """Leaves the reader to find out by itself that the transactions add up."""
    data = path.read_bytes()
    start, end = data.index(b"<Btch>"), data.index(b"</Btch>") + len(b"</Btch>")
    path.write_bytes(data[:start] + data[end:])


@pytest.mark.parametrize(
    "arrangement", ["BgMax", "OCR giro", "MT940", "one entry", "one entry without totals", "an entry for each"]
)
def test_memory_does_not_grow_with_the_file(tmp_path: Path, arrangement: str) -> None:
    path = tmp_path / "large"
    write(path, arrangement)
    if arrangement == "one entry without totals":
        without_batch_totals(path)
    done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True, check=True)
    count, grown = map(int, done.stdout.split())
    assert count == COUNT
    assert grown < ALLOWED
