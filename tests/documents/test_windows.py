"""Where the recipient's address stands, so that it is seen through the envelopes of the sender's country."""

from dataclasses import replace
from typing import Final

import pytest

from documents import Party, render
from tests.documents.places import places
from tests.factories import documents as made

# What is seen through the window of a sheet folded for its envelope: left, right, top and bottom in millimetres.
DIN: Final = (20, 105, 45, 90)
SEEN: Final = {"SE": (107, 200, 40, 85), "NO": (15, 105, 40, 85)} | dict.fromkeys(("DE", "AT", "CH", "NL", "BE"), DIN)
LINES: Final = ("c/o Berg", "Haus 3, Aufgang B", "Mühlstraße 5", "73525 Ort")


@pytest.mark.parametrize("country", SEEN)
def test_the_address_is_seen_through_the_window_of_the_country_s_envelopes(country: str) -> None:
    sender = replace(made.GYMNASTS, country=country)
    document = made.german(sender=sender, recipient=Party("Jürgen Groß", LINES, country))
    left, right, top, bottom = SEEN[country]
    found = {words: (x, y) for words, x, y in places(render(document))}
    for x, y in (found[line] for line in ("Jürgen Groß", *LINES)):
        assert left <= x <= right - 40
        assert top <= y - 4
        assert y <= bottom
