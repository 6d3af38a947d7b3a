"""What fees are made of: discounts that stack, shares of an income, parts of a term; and the database says the same."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from dues.pricing.resolve import Case, Reduction, Rule, of_income, prorated, resolve, rounded

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ON = dt.date(2026, 3, 10)
NOTHING = dict.fromkeys(
    ("component_id", "type_id", "group_id", "segment_id", "min_age", "max_age", "valid_from", "valid_to")
)
MANY = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def rule(amount: int = 0, **more: object) -> Rule:
    return Rule(**{**NOTHING, "id": 1, "component_id": 1, "amount": amount, "currency": "SEK", **more})  # type: ignore[arg-type]


def off(number: int, *, share: int | None = None, amount: int | None = None, **more: object) -> Reduction:
    currency = None if amount is None else "SEK"
    columns = {**NOTHING, "id": number, "share": share, "amount": amount, "currency": currency, **more}
    return Reduction(**columns)  # type: ignore[arg-type]


def case(**more: object) -> Case:
    return Case(**{"type_id": 7, "groups": (3, 2, 1), "age": 30, "on": ON, "currency": "SEK", **more})  # type: ignore[arg-type]


@st.composite
def reductions(draw: st.DrawFn) -> list[Reduction]:
    def one(number: int) -> Reduction:
        position = draw(st.integers(0, 3))
        if draw(st.booleans()):
            return off(number, share=draw(st.integers(1, 10_000)), position=position)
        return off(number, amount=draw(st.integers(1, 50_000)), position=position)

    return [one(number) for number in range(1, draw(st.integers(0, 4)) + 1)]


PARTS = st.sampled_from([(1, 1), (1, 12), (7, 12), (14, 12), (31, 365), (400, 366)])


@MANY
@given(st.integers(0, 10**7), reductions(), PARTS)
def test_what_is_taken_off_never_passes_what_there_is(amount: int, cut: list[Reduction], part: tuple[int, int]) -> None:
    (price,) = resolve(case(part=part[0], whole=part[1]), [1], [rule(amount)], cut).prices
    assert 0 <= price.reduced <= price.full == amount
    assert price.reduced + sum(one.amount for one in price.cuts) == amount
    assert [one.discount_id for one in price.cuts] == [
        one.id for one in sorted(cut, key=lambda one: (one.position, one.id))
    ]
    assert abs(Fraction(price.reduced * part[0], part[1]) - price.amount) <= Fraction(1, 2)


@MANY
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=4), reductions(), PARTS)
def test_the_parts_add_up_to_the_total(amounts: list[int], cut: list[Reduction], part: tuple[int, int]) -> None:
    rules = [rule(amount, id=number, component_id=number) for number, amount in enumerate(amounts)]
    outcome = resolve(case(part=part[0], whole=part[1]), range(len(amounts)), rules, cut)
    assert outcome.amount == sum(price.amount for price in outcome.prices)
    assert outcome.reason is None


@MANY
@given(st.integers(0, 10**12), st.integers(1, 10_000))
def test_halves_are_rounded_away_from_zero(left: int, share: int) -> None:
    found = rounded(left * share, 10_000)
    assert abs(Fraction(left * share, 10_000) - found) <= Fraction(1, 2)
    assert Fraction(left * share, 10_000) - found != Fraction(1, 2)


def test_a_share_is_of_what_those_before_have_left() -> None:
    first_amount = [off(1, amount=10_000, position=1), off(2, share=1500, position=2)]
    first_share = [off(1, amount=10_000, position=2), off(2, share=1500, position=1)]
    assert [resolve(case(), [1], [rule(30_000)], cut).amount for cut in (first_amount, first_share)] == [17_000, 15_500]


@pytest.mark.parametrize(
    ("currency", "full", "left"), [("JPY", 333, 283), ("KWD", 1_005, 854), ("SEK", 29_999, 25_499), ("SEK", 1, 1)]
)
def test_every_currency_is_rounded_to_its_own_smallest_unit(currency: str, full: int, left: int) -> None:
    found = resolve(case(currency=currency), [1], [rule(full, currency=currency)], [off(1, share=1500)])
    assert found.amount == left


def test_a_discount_asks_what_a_price_asks() -> None:
    rules, asks = [rule(1000)], [off(1, share=1500, segment_id=5), off(2, share=1000, component_id=2)]
    assert resolve(case(), [1], rules, asks).amount == 1000
    assert resolve(case(segments=(5,)), [1], rules, asks).amount == 850
    for unmet in ({"type_id": 8}, {"group_id": 4}, {"min_age": 31}, {"valid_from": dt.date(2026, 3, 11)}):
        assert resolve(case(), [1], rules, [off(1, share=1500, **unmet)]).amount == 1000


def test_a_price_for_a_segment_beats_one_for_an_age_and_yields_to_one_for_the_type() -> None:
    everybody, student = rule(100, min_age=18), rule(50, id=2, segment_id=5)
    typed = rule(70, id=3, type_id=7)
    assert resolve(case(segments=(5,)), [1], [everybody, student]).amount == 50
    assert resolve(case(), [1], [everybody, student]).amount == 100
    assert resolve(case(segments=(5,)), [1], [student, typed]).amount == 70


def test_a_share_of_an_income_has_a_floor_and_a_cap_and_an_amount_while_nobody_knows() -> None:
    union = rule(40_000, income_share=100, least=12_000, most=60_000)
    incomes = {None: 40_000, 0: 12_000, 3_000_000: 30_000, 90_000_000: 60_000}
    for income, fee in incomes.items():
        assert resolve(case(income=income), [1], [union]).amount == fee
    assert of_income(12_000_000, share=100, months=1, bounds=(None, None)) == 10_000


@MANY
@given(
    st.integers(0, 10**11),
    st.integers(1, 10_000),
    st.sampled_from([1, 3, 6, 12, 24]),
    st.tuples(st.none() | st.integers(0, 10**6), st.none() | st.integers(10**6, 10**8)),
    reductions(),
    PARTS,
)
def test_the_database_makes_the_same_fee_of_an_income(  # noqa: PLR0917 -- hypothesis gives them by place
    session: Session,
    income: int,
    share: int,
    months: int,
    bounds: tuple[int | None, int | None],
    cut: list[Reduction],
    part: tuple[int, int],
) -> None:
    union = rule(5, income_share=share, least=bounds[0], most=bounds[1])
    asked = case(income=income, months=months, part=part[0], whole=part[1])
    (price,) = resolve(asked, [1], [union], cut).prices
    values = {"income": income, "formula": list(price.formula or ())}
    made = session.scalar(text("SELECT line_fee(5, :income, cast(:formula AS bigint[]))"), values)
    assert made == price.amount
    assert session.scalar(text("SELECT line_fee(5, NULL, cast(:formula AS bigint[]))"), values) == 5


_FIRST = text("""
    SELECT charged_end(:on, :on, true, :months, :late, true) AS until, period_end(:on, :on, true, :months) AS term_end,
        charged_part(:on, charged_end(:on, :on, true, :months, :late, true), true, :months, :by, true) AS part,
        charged_whole(:on, true, :months, :by, true) AS whole
""")
JOINED = st.dates(dt.date(2023, 1, 1), dt.date(2029, 12, 31))


@MANY
@given(JOINED, st.sampled_from([1, 3, 6, 12]), st.data(), st.sampled_from(["none", "month", "day"]))
def test_a_first_period_ends_with_a_term_and_costs_its_part(
    session: Session, on: dt.date, months: int, data: st.DataObject, by: str
) -> None:
    late = data.draw(st.integers(0, months - 1))
    found = session.execute(_FIRST, {"on": on, "months": months, "late": late, "by": by}).one()
    next_end = session.scalar(
        text("SELECT period_end(:on, :on, true, :months)"),
        {"on": found.term_end + dt.timedelta(days=1), "months": months},
    )
    assert found.until in (found.term_end, next_end)
    is_late = found.until == next_end
    left = (found.term_end.year - on.year) * 12 + found.term_end.month - on.month + 1
    assert is_late == (left <= late)
    whole_terms = Fraction(found.part, found.whole) - is_late
    if by == "none":
        assert (found.part, found.whole) == (1, 1)
    elif by == "month":
        assert whole_terms == Fraction(left, months)
    else:
        assert 0 < whole_terms <= 1
        assert (found.term_end - on).days + 1 == whole_terms * found.whole


@MANY
@given(JOINED, st.integers(0, 10**6))
def test_days_before_and_after_joining_make_up_the_term(session: Session, on: dt.date, fee: int) -> None:
    found = session.execute(_FIRST, {"on": on, "months": 12, "late": 0, "by": "day"}).one()
    after, before = prorated(fee, found.part, found.whole), prorated(fee, found.whole - found.part, found.whole)
    assert abs(after + before - fee) <= 1
    assert found.whole == 365 + (dt.date(on.year, 12, 31).timetuple().tm_yday == 366)


_PART = "SELECT charged_part(:on, :to, {0}, :months, :by, {1}), charged_whole(:on, {0}, :months, :by, {1})"


def test_only_periods_of_the_calendar_are_prorated(session: Session) -> None:
    asked = text(_PART.format("false", "true"))
    values = {"on": ON, "to": dt.date(2026, 12, 31), "months": 12, "by": "day"}
    assert session.execute(asked, values).one() == (1, 1)


@MANY
@given(JOINED, st.sampled_from([1, 3, 6, 12]), st.sampled_from(["none", "month", "day"]))
def test_a_later_period_is_prorated_where_it_begins_within_a_term(
    session: Session, on: dt.date, months: int, by: str
) -> None:
    ends = session.scalar(text("SELECT period_end(:on, :on, true, :months)"), {"on": on, "months": months})
    values = {"on": on, "to": ends, "months": months, "by": by}
    first, later = (tuple(session.execute(text(_PART.format("true", one)), values).one()) for one in ("true", "false"))
    begins = on.day == 1 and (on.month - 1) % months == 0
    assert later == ((1, 1) if begins else first)
    assert Fraction(*first) == 1 or not begins
