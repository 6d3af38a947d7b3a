import datetime as dt

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from web import born

TODAY = dt.date(2026, 11, 22)
births = st.dates(min_value=dt.date(1907, 1, 1), max_value=TODAY)
WAYS = [
    lambda day: f"{day.day} {day.month} {day.year}",
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: f"{day.day:02}. {day.month:02}. {day.year}",
    lambda day: f"{day.day}/{day.month} {day.year}",
    lambda day: f"{day.day}/{day.month}-{day.year}",
    lambda day: f"{day.day:02}-{day.month:02}-{day.year}",
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day:%Y %m %d}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day:%d%m%Y}",
    lambda day: f"  {day:%Y-%m-%d}\n",
]


@given(births, st.sampled_from(WAYS))
def test_a_date_with_its_whole_year_is_read_however_it_is_written(day: dt.date, way: object) -> None:
    assert callable(way)
    assert born.read(way(day), today=TODAY) == day


@given(births, st.sampled_from(["sv_SE", "nb_NO", "nl_NL", "de_DE", "en_GB"]), st.sampled_from(["long", "d MMM y"]))
def test_a_date_with_the_months_name_is_read_in_every_language(day: dt.date, locale: str, form: str) -> None:
    assert born.read(format_date(day, form, locale=locale), today=TODAY) == day


@given(st.dates(min_value=dt.date(1927, 1, 1), max_value=TODAY), st.sampled_from(["{0}/{1}-{2:02}", "{0}.{1}.{2:02}"]))
def test_two_digits_mean_the_last_such_year(day: dt.date, way: str) -> None:
    found = born.read(way.format(day.day, day.month, day.year % 100), today=TODAY)
    assert (found.day, found.month, found.year % 100) == (day.day, day.month, day.year % 100)
    assert TODAY - dt.timedelta(days=36525) <= found <= TODAY


@given(births)
def test_digits_that_could_be_two_days_are_never_guessed(day: dt.date) -> None:
    for written in (f"{day:%y%m%d}", f"{day:%y-%m-%d}"):
        try:
            found = born.read(written, today=TODAY)
        except born.AmbiguousBirthDateError:
            continue
        except born.UnreadableBirthDateError:
            # Of the two readings at most 29 February may have no year.
            assert (day.month, day.day) == (2, 29)
            continue
        assert (found.year % 100, found.month, found.day) in {
            (day.year % 100, day.month, day.day),
            (day.day, day.month, day.year % 100),
        }


@given(st.text(max_size=30))
def test_whatever_is_written_is_a_likely_day_or_refused(written: str) -> None:
    try:
        found = born.read(written, today=TODAY)
    except born.BirthDateError:
        return
    assert dt.date(1906, 1, 1) <= found <= TODAY


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("15-03-27", born.AmbiguousBirthDateError),
        ("150327", born.AmbiguousBirthDateError),
        ("31 2 2015", born.UnreadableBirthDateError),
        ("3/27/2015", born.UnreadableBirthDateError),
        ("20150327-1234", born.UnreadableBirthDateError),
        ("27 brumaire 2015", born.UnreadableBirthDateError),
        ("27 3", born.UnreadableBirthDateError),
        ("", born.UnreadableBirthDateError),
        ("23 11 2026", born.FutureBirthDateError),
        ("1 1 1850", born.OldBirthDateError),
    ],
)
def test_what_cannot_be_taken_is_refused_for_its_reason(written: str, error: type[born.BirthDateError]) -> None:
    with pytest.raises(error):
        born.read(written, today=TODAY)


@pytest.mark.parametrize("written", ["27 3 2015", "27/3-15", "27:e mars 2015", "March 27, 2015", "27. mrt. 2015"])
def test_the_same_day_in_many_hands(written: str) -> None:
    assert born.read(written, today=TODAY) == dt.date(2015, 3, 27)
