"""How long a text message is: which alphabet it needs, and in how many parts it travels (3GPP TS 23.038 and 23.040)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these takes an escape and itself.
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")


class Alphabet(StrEnum):
    """How the letters of a text message are written: seven bits each, or sixteen."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


_ONE_PART: Final = {Alphabet.GSM_7: 160, Alphabet.UCS_2: 70}
# A message of several parts names itself, its part and their number in each of them.
_OF_SEVERAL: Final = {Alphabet.GSM_7: 153, Alphabet.UCS_2: 67}


@dataclass(frozen=True, slots=True)
class SmsLength:
    """What a text message takes: its alphabet, its length in letters of that alphabet, and its parts (0 for none)."""

    alphabet: Alphabet
    units: int
    parts: int


def sms_length(text: str) -> SmsLength:
    """Measure a text. A letter that takes two units is never cut in two by the end of a part."""
    seven = all(letter in _BASIC or letter in _EXTENDED for letter in text)
    alphabet = Alphabet.GSM_7 if seven else Alphabet.UCS_2
    sizes = [_size(letter, alphabet) for letter in text]
    units = sum(sizes)
    if units <= _ONE_PART[alphabet]:
        return SmsLength(alphabet, units, min(units, 1))
    return SmsLength(alphabet, units, _parts(sizes, _OF_SEVERAL[alphabet]))


def _size(letter: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.GSM_7:
        return 2 if letter in _EXTENDED else 1
    return len(letter.encode("utf-16-be")) // 2


def _parts(sizes: list[int], room: int) -> int:
    parts, used = 1, 0
    for size in sizes:
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return parts
