"""Days that come back: month ends are kept, weekdays are what they say, and nothing lies outside from and until."""

from __future__ import annotations

import calendar
import datetime as dt
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dues.recurrence import LAST, LAST_WEEK, Recurrence, RecurrenceError, Unit

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1))
OF_MONTH = st.sampled_from([Unit.MONTH, Unit.QUARTER, Unit.YEAR])
STEPS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


def months(day: dt.date) -> int:
    return day.year * 12 + day.month


def test_the_31st_is_the_last_of_shorter_months_and_comes_back() -> None:
    every = Recurrence(1, Unit.MONTH, dt.date(2027, 12, 31), day=31)
    assert [day.day for day in islice(every.days(), 5)] == [31, 31, 29, 31, 30]


def test_a_quarter_is_counted_from_the_first_day_that_fits() -> None:
    every = Recurrence(1, Unit.QUARTER, dt.date(2026, 3, 15), dt.date(2026, 10, 1), day=1)
    assert list(every.days()) == [dt.date(2026, 4, 1), dt.date(2026, 7, 1), dt.date(2026, 10, 1)]


def test_the_first_monday_and_the_last_friday() -> None:
    monday = Recurrence(1, Unit.MONTH, dt.date(2026, 3, 1), weekday=1, nth=1)
    friday = Recurrence(1, Unit.MONTH, dt.date(2026, 3, 1), weekday=5, nth=LAST_WEEK)
    assert list(islice(monday.days(), 3)) == [dt.date(2026, 3, 2), dt.date(2026, 4, 6), dt.date(2026, 5, 4)]
    assert list(islice(friday.days(), 3)) == [dt.date(2026, 3, 27), dt.date(2026, 4, 24), dt.date(2026, 5, 29)]


@given(DAYS, OF_MONTH, st.integers(1, 12), st.integers(1, LAST))
def test_days_of_the_month(start: dt.date, unit: Unit, every: int, day: int) -> None:
    found = list(islice(Recurrence(every, unit, start, day=day).days(), 12))
    assert found[0] >= start
    assert months(found[0]) - months(start) in {0, 1}
    for before, after in pairwise(found):
        assert months(after) - months(before) == every * STEPS[unit]
    for one in found:
        assert one.day == min(day, calendar.monthrange(one.year, one.month)[1])


@given(DAYS, OF_MONTH, st.integers(1, 12), st.integers(1, 7), st.integers(1, LAST_WEEK))
def test_weekdays_of_the_month(start: dt.date, unit: Unit, every: int, weekday: int, nth: int) -> None:
    found = list(islice(Recurrence(every, unit, start, weekday=weekday, nth=nth).days(), 12))
    assert found[0] >= start
    for one in found:
        assert one.isoweekday() == weekday
        if nth == LAST_WEEK:
            assert (one + dt.timedelta(days=7)).month != one.month
        else:
            assert (one.day - 1) // 7 + 1 == nth


@given(DAYS, st.integers(1, 60), st.integers(1, 7), st.integers(0, 2000), st.integers(0, 2000))
def test_weeks_stay_within_from_and_until(start: dt.date, every: int, weekday: int, long: int, later: int) -> None:
    until = start + dt.timedelta(days=long)
    rule = Recurrence(every, Unit.WEEK, start, until, weekday=weekday)
    found = list(rule.days())
    assert all(start <= day <= until and day.isoweekday() == weekday for day in found)
    assert all((after - before).days == 7 * every for before, after in pairwise(found))
    asked = start + dt.timedelta(days=later)
    assert rule.first_from(asked) == min((day for day in found if day >= asked), default=None)
    assert rule.coming(asked, number=5) == [day for day in found if day >= asked][:5]


@pytest.mark.parametrize(
    "wrong",
    [
        {"every": 0, "unit": Unit.MONTH, "day": 1},
        {"every": 1, "unit": Unit.MONTH},
        {"every": 1, "unit": Unit.MONTH, "day": 32},
        {"every": 1, "unit": Unit.MONTH, "weekday": 1},
        {"every": 1, "unit": Unit.MONTH, "day": 1, "weekday": 1, "nth": 1},
        {"every": 1, "unit": Unit.WEEK},
        {"every": 1, "unit": Unit.WEEK, "weekday": 8},
        {"every": 1, "unit": Unit.WEEK, "day": 1},
    ],
)
def test_what_says_no_day_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(RecurrenceError):
        Recurrence(from_on=dt.date(2026, 1, 1), **wrong)  # type: ignore[arg-type]  # what forms could ask for
