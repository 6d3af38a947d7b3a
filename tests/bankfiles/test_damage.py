"""Files damaged on their way: an error, or the same money; never other money."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bankfiles.errors import BankFileError
from bankfiles.types import Account, Reference
from bankfiles.write import Incoming
from tests.bankfiles.files import bgmax, camt054, mt940, ocr, told

PARTS = (Reference("12", 40), Reference("13", 30))
CAMT = camt054(
    Incoming(10_050, "ABC1", (Reference("1234567"),), payer_name="Åsa & Co", payer_account=Account("IBAN", "SE99")),
    Incoming(70, "ABC2", PARTS, text="hej"),
    Incoming(-10_050, "ABC3", end_to_end_id="E2E-1", mandate_id="M-1", return_reason="AC06"),
)
BGMAX = bgmax(
    Incoming(10_050, "123", (Reference("1234567"),), payer_name="Åsa & Co", payer_account=Account("BGNR", "9912346")),
    Incoming(70, "124", PARTS, text="hej"),
    Incoming(-50, "125", (Reference("K1", structured=False),)),
    Incoming(80),
)
OCR = ocr(
    Incoming(10_050, "123", (Reference("1234567"),), payer_account=Account("BBAN", "99990512341")),
    Incoming(-50, "125", (Reference("123456789-"),)),
    Incoming(80, text="Åsa betaler"),
)
MT940 = mt940(
    Incoming(10_050, "ABC1", (Reference("1234567"),), payer_name="Åsa & Co", payer_account=Account("IBAN", "SE99")),
    Incoming(-10_050, "ABC3", end_to_end_id="E2E-1", mandate_id="M-1", return_reason="AC06"),
    Incoming(80, text="hej"),
    opening=-700,
)
MT942 = (
    b":20:X\r\n:25:DE02120300000000202051\r\n:28C:1\r\n:34F:EUR0,\r\n:13D:2603021200+0100\r\n"
    b":61:260302C100,50NTRFNONREF//A\r\n:86:hej\r\n:61:260302D3,1NTRFNONREF\r\n:90D:1EUR3,1\r\n:90C:1EUR100,50\r\n-\r\n"
)
FILES = pytest.mark.parametrize(
    "data", [CAMT, BGMAX, OCR, MT940, MT942], ids=["camt.054", "BgMax", "OCR giro", "MT940", "MT942"]
)
# What turns up where a file was edited, converted or cut: digits, blanks, line ends, markup, letters that mean a thing.
NASTY = b'0179 \n\r\t<>/"&ABDTPZ\x00\xe5'


def same_money_or_refused(data: bytes, damaged: bytes) -> bool:
    """Whether a reader refuses the damaged file or tells the same money in the same order."""
    try:
        found = told(damaged)
    except BankFileError as refusal:
        return bool(str(refusal))
    return found.amounts == told(data).amounts


@FILES
@settings(max_examples=400)
@given(chance=st.data())
def test_one_wrong_byte_never_changes_money(data: bytes, chance: st.DataObject) -> None:
    place = chance.draw(st.integers(0, len(data) - 1))
    byte = chance.draw(st.sampled_from(NASTY) | st.integers(0, 255))
    assert same_money_or_refused(data, data[:place] + bytes([byte]) + data[place + 1 :])


@FILES
@settings(max_examples=200)
@given(chance=st.data())
def test_a_lost_or_doubled_byte_never_changes_money(data: bytes, chance: st.DataObject) -> None:
    place = chance.draw(st.integers(0, len(data) - 1))
    times = chance.draw(st.sampled_from([0, 2]))
    assert same_money_or_refused(data, data[:place] + data[place : place + 1] * times + data[place + 1 :])


@FILES
@settings(max_examples=100)
@given(chance=st.data())
def test_a_cut_file_is_refused_or_whole(data: bytes, chance: st.DataObject) -> None:
    assert same_money_or_refused(data, data[: chance.draw(st.integers(0, len(data)))])


@FILES
@settings(max_examples=100)
@given(chance=st.data())
def test_a_lost_or_doubled_line_never_changes_money(data: bytes, chance: st.DataObject) -> None:
    lines = data.splitlines(keepends=True)
    place = chance.draw(st.integers(0, len(lines) - 1))
    times = chance.draw(st.sampled_from([0, 2]))
    assert same_money_or_refused(
        data, b"".join([*lines[:place], *lines[place : place + 1] * times, *lines[place + 1 :]])
    )


@FILES
def test_no_digit_of_an_amount_can_change(data: bytes) -> None:
    whole = {
        CAMT: b"100.50",
        BGMAX: b"000000000000010050",
        OCR: b"00000000000010050",
        MT940: b"100,50",
        MT942: b"100,50",
    }[data]
    places = [place for place in range(len(data)) if data.startswith(whole, place)]
    assert places
    for place in places:
        for digit in range(len(whole)):
            changed = bytes([data[place + digit] ^ 1])
            with pytest.raises(BankFileError):
                told(data[: place + digit] + changed + data[place + digit + 1 :])
