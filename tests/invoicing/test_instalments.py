"""Amounts divided into parts: every minor unit falls on one, in Python as in the database, and every line too."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from stdnum import iso11649, luhn

from dues.invoicing.instalment_errors import PartsError
from dues.invoicing.instalment_models import PartUnit
from dues.invoicing.instalments import MOST, Plan, divided, laid
from language import Language

PARTS = st.integers(2, MOST)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2031, 12, 31))
LOOSE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("currency", ["JPY", "SEK", "KWD"], ids=["no decimals", "two", "three"])
@given(amount=st.integers(MOST, 10**12), parts=PARTS)
def test_parts_add_up_and_differ_by_the_smallest_coin_at_most(currency: str, amount: int, parts: int) -> None:
    shares = divided(amount, parts)
    assert (len(shares), sum(shares)) == (parts, amount)
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)
    said = [Language("en").amount(share, currency) for share in shares]
    decimals = {"JPY": 0, "SEK": 2, "KWD": 3}[currency]
    assert all(len(one.partition(".")[2]) == decimals for one in said)
    assert sum(int(one.replace(",", "").replace(".", "")) for one in said) == amount


@given(amount=st.integers(MOST, 10**12), parts=PARTS)
@LOOSE
def test_the_database_divides_alike(session: Session, amount: int, parts: int) -> None:
    told = session.scalars(select(func.part_amount(amount, parts, func.generate_series(1, parts)))).all()
    assert list(told) == divided(amount, parts)


@given(first_on=DAYS, parts=PARTS, every=st.integers(1, 12), unit=st.sampled_from(PartUnit))
@LOOSE
def test_days_follow_one_another_and_the_database_counts_alike(
    session: Session, first_on: dt.date, parts: int, every: int, unit: PartUnit
) -> None:
    days = Plan(parts, first_on, every, unit).days()
    assert days[0] == first_on
    assert days == sorted(set(days))
    told = session.scalars(select(func.part_due_on(first_on, func.generate_series(1, parts), every, unit.value))).all()
    assert list(told) == days


def test_a_month_that_is_shorter_takes_its_last_day_and_the_next_one_does_not() -> None:
    days = Plan(4, dt.date(2026, 1, 31)).days()
    assert days == [dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 31), dt.date(2026, 4, 30)]


@given(lines=st.lists(st.integers(-500, 2000), min_size=1, max_size=8), parts=PARTS)
def test_every_line_and_every_part_is_laid_whole(lines: list[int], parts: int) -> None:
    total = sum(lines)
    if total < parts:
        return
    room = divided(total, parts)
    met = list(laid(lines, room))
    assert [sum(amount for at, _, amount in met if at == line) for line in range(len(lines))] == lines
    assert [sum(amount for _, at, amount in met if at == part) for part in range(parts)] == room
    assert all(amount for _, _, amount in met)
    assert all(at == 0 for _, at, amount in met if amount < 0)


@pytest.mark.parametrize(("parts", "every"), [(1, 1), (13, 1), (2, 0), (2, 13), (-3, 1)])
def test_what_is_no_plan_is_refused(parts: int, every: int) -> None:
    with pytest.raises(PartsError):
        Plan(parts, dt.date(2026, 1, 31), every)


def test_no_part_is_of_nothing() -> None:
    with pytest.raises(PartsError):
        divided(2, 3)


@pytest.mark.parametrize("shape", [("ocr", 12, True), ("kid", 12, False), ("kid", 8, False), ("rf", 12, False)])
@given(number=st.integers(1, 9999), parts=PARTS)
@LOOSE
def test_no_reference_of_a_part_is_that_of_an_invoice_or_of_another_part(
    session: Session, shape: tuple[str, int, bool], number: int, parts: int
) -> None:
    own = session.scalars(select(func.part_reference_for(*shape, number, func.generate_series(1, parts)))).all()
    whole = session.scalars(select(func.payment_reference_for(*shape, number))).one()
    assert len({*own, whole}) == parts + 1
    assert all((iso11649 if shape[0] == "rf" else luhn).is_valid(one) for one in own)
    assert {one[:1] for one in own} == ({"R"} if shape[0] == "rf" else {"2"})
    assert len({len(one) for one in own}) == 1
    assert shape[0] == "rf" or (whole[0], len(whole)) == ("1", len(own[0]))


def test_a_number_that_leaves_no_room_for_parts_has_no_reference(session: Session) -> None:
    for kind, length, number in (("kid", 8, 10_000), ("kid", 5, 1), ("rf", 6, 1000)):
        shape = {"kind": kind, "length": length, "number": number}
        wanted = text("SELECT part_reference_for(:kind, :length, false, :number, 1)")
        assert session.scalar(wanted, shape) is None
