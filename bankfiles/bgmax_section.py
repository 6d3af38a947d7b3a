"""A section of a BgMax file, from its opening record (05) to its deposit (15), and the totals of file and section."""

from collections.abc import Mapping
from dataclasses import dataclass

from bankfiles.accounts import account
from bankfiles.bgmax_deposit import Deposit, read_deposit
from bankfiles.bgmax_records import Record
from bankfiles.currencies import decimal_text
from bankfiles.errors import Truncated, UnsupportedCurrency, WrongRecord, WrongTotal
from bankfiles.keys import key
from bankfiles.types import SectionClosed, SectionOpened

_CURRENCIES = {"SEK", "EUR"}  # EUR until 31 October 2016
_FLAGS = {"T": True, "P": False}


@dataclass(slots=True)
class Section:
    """A section being read; `amount` is payments less deductions so far, in minor units."""

    opened: SectionOpened
    deposit: Deposit
    position: str
    payments: int = 0
    amount: int = 0


def read_test_flag(record: Record) -> bool:
    """Whether the start record (01) marks a test file."""
    flag = record.text[44]
    if flag not in _FLAGS:
        raise WrongRecord(record.position, 'column 45 should be T or P, but is "{flag}"', flag=flag)
    return _FLAGS[flag]


def open_section(record: Record, first: Record, deposit: Deposit | None) -> Section:
    """A section from its record 05, the file's first record, and the next deposit in the file."""
    bankgiro, currency = record.bankgiro(), record.column(23, 25)
    if bankgiro is None:
        raise WrongRecord(record.position, "the section has no bankgiro number")
    if currency not in _CURRENCIES:
        raise UnsupportedCurrency(record.position, 'BgMax has no currency "{currency}"', currency=currency)
    if deposit is None:
        raise Truncated(record.position, "no deposit record (15) follows for the section that begins here")
    others = (account("PGNR", record.column(13, 22)), deposit.receiver)
    opened = SectionOpened(
        key=key("BgMax", bankgiro.number, deposit.paid_on.year, deposit.serial),
        account=bankgiro,
        currency=currency,
        created=first.day(25),
        statement_number=str(deposit.serial),
        test=read_test_flag(first),
        accounts=tuple(other for other in others if other is not None),
    )
    return Section(opened, deposit, record.position)


def close_section(section: Section, record: Record) -> SectionClosed:
    """Compares a section with its deposit, which is payments (20) less deductions (21); raises WrongTotal."""
    deposit = read_deposit(record)
    currency = section.opened.currency
    if deposit.currency != currency:
        sentence = "the deposit is in {said}, its section in {found}"
        raise UnsupportedCurrency(record.position, sentence, said=deposit.currency, found=currency)
    _same(record, "the deposit says {said} payments, the file has {found}", deposit.count, section.payments)
    _same(
        record,
        "the deposit says {said} {currency}, its payments add up to {found}",
        decimal_text(deposit.amount, currency),
        f"{'-' if section.amount < 0 else ''}{decimal_text(abs(section.amount), currency)}",
        currency=currency,
    )
    return SectionClosed(section.opened.key, section.payments, section.amount)


def check_counts(record: Record, counts: Mapping[str, int]) -> None:
    """Compares the numbers in the end record (70) with the records of each type; raises WrongTotal."""
    for first, what, codes in (
        (3, "payments (20)", ("20",)),
        (11, "deductions (21)", ("21",)),
        (19, "further references (22, 23)", ("22", "23")),
        (27, "deposits (15)", ("15",)),
    ):
        said = record.number_in(first, first + 7, f"number of {what}")
        found = sum(counts.get(code, 0) for code in codes)
        _same(record, "the end record says {said} {what}, the file has {found}", said, found, what=what)


def _same(record: Record, sentence: str, said: object, found: object, **values: object) -> None:
    if said != found:
        raise WrongTotal(record.position, sentence, said=said, found=found, **values)
