"""What the writers write, the readers read: any payments, in both formats."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bankfiles.types import Account, Payment, Reference
from bankfiles.write import Deposit, Incoming
from bankfiles.write_bgmax import write_bgmax
from bankfiles.write_camt import write_camt054
from tests.bankfiles.files import BANKGIRO, CREATED, IBAN, bgmax, camt054, mt940, ocr, told

AMOUNTS = st.integers(0, 10**12)
LETTERS = st.characters(min_codepoint=33, max_codepoint=255, exclude_categories=("C", "Z"))
WORDS = st.text(LETTERS, min_size=1, max_size=25)
NUMBERS = st.from_regex(r"[1-9][0-9]{1,24}", fullmatch=True)
SERIALS = st.from_regex(r"[1-9][0-9]{0,11}", fullmatch=True)


@st.composite
def with_parts(draw: st.DrawFn) -> tuple[int, tuple[Reference, ...]]:
    """An amount and references whose parts add up to it, one of them maybe a credit note."""
    parts = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=4))
    minus = draw(st.integers(0, sum(parts) - 1))
    references = [Reference(draw(NUMBERS), part) for part in parts]
    if minus:
        references.append(Reference(draw(NUMBERS), -minus))
    return sum(parts) - minus, tuple(references)


@st.composite
def incoming(draw: st.DrawFn) -> Incoming:
    """A payment either format can carry."""
    amount, references = draw(
        with_parts() | st.tuples(AMOUNTS, st.lists(NUMBERS.map(Reference), max_size=3).map(tuple))
    )
    return Incoming(
        amount=amount,
        bank_reference=draw(SERIALS),
        references=references,
        text=draw(st.just("") | WORDS),
        payer_name=draw(st.just("") | WORDS),
        payer_account=draw(st.none() | NUMBERS.map(lambda number: Account("BGNR", number[:8]))),
    )


def as_written(payment: Payment) -> Incoming:
    """A payment that was read, as it could be written again."""
    return Incoming(
        amount=payment.amount,
        bank_reference=(payment.bank_reference or "").lstrip("0"),
        references=payment.references,
        text=payment.text,
        payer_name=payment.payer_name,
        payer_account=payment.payer_account,
        end_to_end_id=payment.end_to_end_id or "",
        mandate_id=payment.mandate_id or "",
        return_reason=payment.return_reason or "",
    )


@settings(max_examples=60)
@given(payments=st.lists(incoming(), max_size=6))
def test_bgmax_comes_back_as_written(payments: list[Incoming]) -> None:
    found = told(bgmax(*payments))
    assert [as_written(payment) for payment in found.payments] == payments
    assert found.closed[0].amount == sum(payment.amount for payment in payments)
    assert found.warnings == []


@settings(max_examples=60)
@given(
    payments=st.lists(incoming(), max_size=6),
    version=st.sampled_from(["001.02", "001.08"]),
    batch=st.integers(1, 4),
)
def test_camt_comes_back_as_written(payments: list[Incoming], version: Literal["001.02", "001.08"], batch: int) -> None:
    found = told(camt054(*payments, version=version, batch=batch))
    assert [as_written(payment) for payment in found.payments] == payments
    assert {payment.receiver_account for payment in found.payments} <= {BANKGIRO}
    assert found.warnings == []


@st.composite
def norwegian(draw: st.DrawFn) -> Incoming:
    """A payment that OCR giro can carry: a KID whose last sign may be "-", or a text."""
    kid = draw(st.none() | st.from_regex(r"[0-9]{1,23}[1-9][0-9-]", fullmatch=True))
    return Incoming(
        amount=draw(AMOUNTS),
        bank_reference=draw(st.from_regex(r"[1-9][0-9]{0,8}", fullmatch=True)),
        references=(Reference(kid),) if kid else (),
        text="" if kid else draw(WORDS),
        payer_account=draw(st.none() | st.just(Account("BBAN", "99990512341"))),
    )


@settings(max_examples=60)
@given(payments=st.lists(norwegian(), max_size=6), chance=st.data())
def test_ocr_giro_comes_back_as_written(payments: list[Incoming], chance: st.DataObject) -> None:
    reversed_ones = chance.draw(st.lists(st.sampled_from(payments), max_size=2)) if payments else []
    reversals = [replace(each, amount=-each.amount) for each in dict.fromkeys(reversed_ones)]
    found = told(ocr(*payments, *reversals))
    assert [as_written(payment) for payment in found.payments] == [*payments, *reversals]
    assert found.closed[0].amount == sum(payment.amount for payment in [*payments, *reversals])
    assert found.warnings == []


@st.composite
def swift(draw: st.DrawFn) -> Incoming:
    """A movement that MT940 can carry: texts without question marks, which part its subfields."""
    words = st.from_regex(r"[A-Za-z0-9ÅÄÖ./-]{1,20}( [A-Za-z0-9ÅÄÖ./-]{1,20}){0,2}", fullmatch=True)
    return Incoming(
        amount=draw(st.integers(-(10**12), 10**12)),
        bank_reference=draw(SERIALS),
        text=draw(st.just("") | words),
        payer_name=draw(st.just("") | st.from_regex(r"[A-ZÅÄÖ][a-zåäö]{1,25}", fullmatch=True)),
        payer_account=draw(st.none() | st.just(Account("IBAN", "DE02120300000000202051"))),
        end_to_end_id=draw(st.just("") | NUMBERS),
        mandate_id=draw(st.just("") | NUMBERS),
    )


@settings(max_examples=60)
@given(payments=st.lists(swift(), max_size=6), opening=st.integers(-(10**9), 10**9))
def test_mt940_comes_back_as_written(payments: list[Incoming], opening: int) -> None:
    found = told(mt940(*payments, opening=opening))
    assert [replace(as_written(each), text="") for each in found.payments] == [replace(p, text="") for p in payments]
    assert [each.text for each in found.payments] == [payment.text or "TRANSFER" for payment in payments]
    assert found.closed[0].closing_balance == opening + sum(payment.amount for payment in payments)
    assert found.warnings == []


def test_returns_come_back_from_camt() -> None:
    payments = [Incoming(500, "A"), Incoming(-300, "B", end_to_end_id="E", mandate_id="M", return_reason="AM04")]
    found = told(camt054(*payments))
    assert [as_written(payment) for payment in found.payments] == payments
    assert [payment.kind for payment in found.payments] == ["payment", "return"]


def test_deductions_come_back_from_bgmax() -> None:
    found = told(bgmax(Incoming(500, "1"), Incoming(-300, "2", (Reference("K1", structured=False),))))
    assert [(payment.amount, payment.kind) for payment in found.payments] == [(500, "payment"), (-300, "deduction")]


def test_deductions_above_the_payments_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="may not exceed its payments"):
        bgmax(Incoming(100), Incoming(-300))


def test_several_deposits_are_several_sections() -> None:
    days = [date(2026, 3, day) for day in (2, 3)]
    for account, write in ((BANKGIRO, "BgMax"), (IBAN, "camt.054")):
        stream = io.BytesIO()
        deposits = [Deposit(account, "SEK", day, number, [Incoming(number)]) for number, day in enumerate(days, 1)]
        if write == "BgMax":
            write_bgmax(stream, deposits, created=CREATED)
        else:
            write_camt054(stream, deposits, created=CREATED, message_id="M1")
        found = told(stream.getvalue())
        assert found.format == write
        assert [payment.booked_on for payment in found.payments] == days
        assert len({opened.key for opened in found.opened}) == 2


def test_currencies_without_decimals_come_back() -> None:
    assert told(camt054(Incoming(1500, "A"), currency="JPY")).amounts == [(1500, "JPY")]
