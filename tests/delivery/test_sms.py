import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dues.delivery.sms import Alphabet, SmsLength, sms_length


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", SmsLength(Alphabet.GSM_7, 0, 0)),
        ("Hej Åsa, tack för 300 kr!", SmsLength(Alphabet.GSM_7, 25, 1)),
        ("x" * 160, SmsLength(Alphabet.GSM_7, 160, 1)),
        ("x" * 161, SmsLength(Alphabet.GSM_7, 161, 2)),
        ("€" * 80, SmsLength(Alphabet.GSM_7, 160, 1)),
        # 153 is odd: a euro sign never stands half in one part and half in the next.
        ("€" * 153, SmsLength(Alphabet.GSM_7, 306, 3)),
        ("ł" * 70, SmsLength(Alphabet.UCS_2, 70, 1)),
        ("ł" * 71, SmsLength(Alphabet.UCS_2, 71, 2)),
        ("🎵" * 35, SmsLength(Alphabet.UCS_2, 70, 1)),
        ("🎵" * 36, SmsLength(Alphabet.UCS_2, 72, 2)),
    ],
)
def test_a_text_message_says_its_alphabet_its_length_and_its_parts(text: str, expected: SmsLength) -> None:
    assert sms_length(text) == expected


@given(st.text(max_size=1000))
def test_parts_are_never_fewer_than_its_letters_need(text: str) -> None:
    found = sms_length(text)
    room = 153 if found.alphabet is Alphabet.GSM_7 else 67
    assert found.parts >= math.ceil(found.units / (room + 7))
    assert (found.parts == 0) == (text == "")
