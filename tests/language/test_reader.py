from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language import SUPPORTED, Language, UnsupportedLanguageError, decimals

DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("code", "table", "sentence"),
    [
        ("sv", "2026-11-30", "30 november 2026"),
        ("nb", "30.11.2026", "30. november 2026"),
        ("nl", "30-11-2026", "30 november 2026"),
        ("de", "30.11.2026", "30. November 2026"),
        ("en", "30 Nov 2026", "30 November 2026"),
    ],
)
def test_dates_are_written_as_the_reader_writes_them(code: str, table: str, sentence: str) -> None:
    assert Language(code).date(DAY) == table
    assert Language(code).long_date(DAY) == sentence


def test_a_period_names_both_days() -> None:
    assert Language("sv").period(date(2026, 1, 1), date(2026, 12, 31)) == "2026-01-01 – 2026-12-31"
    assert Language("de").month(DAY) == "November 2026"


@pytest.mark.parametrize(
    ("code", "minor", "currency", "expected"),
    [
        ("sv", 30000, "SEK", "300 kr"),
        ("sv", 30050, "SEK", "300,50 kr"),
        ("sv", -123456789, "SEK", "−1 234 567,89 kr"),
        ("nb", 30000, "NOK", "300 kr"),
        ("nb", 30000, "SEK", "300,00 SEK"),
        ("nl", 6000, "EUR", "€ 60,00"),
        ("nl", -123450, "EUR", "€ −1.234,50"),
        ("de", 6000, "EUR", "60,00 €"),
        ("de", -6000, "EUR", "−60,00 €"),
        ("en", 6000, "EUR", "€60.00"),
        ("en", -6000, "EUR", "−€60.00"),
        ("en", 30000, "NOK", "NOK 300.00"),
        ("sv", 500, "ISK", "500 ISK"),
        ("en", 0, "SEK", "SEK 0.00"),
    ],
)
def test_money_is_written_as_the_reader_expects(code: str, minor: int, currency: str, expected: str) -> None:
    written = Language(code).money(minor, currency)
    assert written.replace("\N{NO-BREAK SPACE}", " ") == expected
    assert " " not in written, "an amount must never be broken over two lines"


@pytest.mark.parametrize(
    ("code", "minor", "expected"),
    [
        ("sv", 0, "0"),
        ("sv", 60_049, "600"),
        ("sv", 123_456_70, "123 tn"),
        ("sv", 1_234_567_00, "1,2 mn"),
        ("nb", 1_234_00, "1,2k"),
        ("nl", 12_345_00, "12K"),
        ("de", 123_456_00, "123.456"),
        ("de", 12_345_678_00, "12 Mio."),
        ("en", -1_234_00, "−1.2K"),
    ],
)
def test_beside_a_bar_stand_two_or_three_digits(code: str, minor: int, expected: str) -> None:
    assert Language(code).about(minor, "SEK") == expected


def test_an_amount_in_a_column_is_digits_with_all_decimals() -> None:
    assert Language("sv").amount(30000, "SEK") == "300,00"
    assert Language("en").amount(-5, "SEK") == "−0.05"
    assert Language("nb").amount(1234, "ISK") == "1\N{NO-BREAK SPACE}234"
    assert Language("en").amount(1234, "KWD") == "1.234"


@given(st.sampled_from(SUPPORTED), st.integers(-(10**15), 10**15), st.sampled_from(["SEK", "EUR", "ISK", "KWD"]))
def test_an_amount_can_be_read_back_exactly(code: str, minor: int, currency: str) -> None:
    written = Language(code).amount(minor, currency)
    digits = "".join(character for character in written if character.isdigit())
    assert int(digits) * (-1 if written.startswith("−") else 1) == minor
    assert len(digits) >= decimals(currency) + 1


def test_percent_keeps_the_decimals_it_has() -> None:
    assert Language("sv").percent(Decimal("0.25")) == "25\N{NO-BREAK SPACE}%"
    assert Language("de").percent(Decimal("0.125")) == "12,5\N{NO-BREAK SPACE}%"
    assert Language("nl").percent(Decimal("1.00")) == "100%"
    assert Language("en").percent(Decimal("-0.0775")) == "−7.75%"


def test_names_of_countries_languages_and_enumerations() -> None:
    assert [Language(code).country_name("DE") for code in SUPPORTED] == [
        *("Tyskland", "Tyskland", "Duitsland", "Deutschland", "Germany"),
    ]
    assert Language("sv").country_name("XQ") == "XQ"
    assert [Language(code).name for code in SUPPORTED] == [
        *("svenska", "norsk bokmål", "Nederlands", "Deutsch", "English"),
    ]
    assert Language("sv").join(["Anna", "Bo", "Cilla"]) == "Anna, Bo och Cilla"


def test_placeholders_are_filled_and_percent_signs_stay() -> None:
    english = Language("en")
    assert english.gettext("100 % of %(name)s") == "100 % of %(name)s"
    assert english.gettext("%(name)s pays", name="Åsa %s") == "Åsa %s pays"
    assert english.ngettext("one day", "%(num)s days", 1) == "one day"
    assert english.ngettext("one day", "%(num)s days", 3) == "3 days"
    assert english.pgettext("verb", "Charge") == "Charge"
    assert english.npgettext("time", "%(num)s day", "%(num)s days", 2) == "2 days"


def test_a_language_we_do_not_speak_is_refused() -> None:
    with pytest.raises(UnsupportedLanguageError):
        Language("fi")
