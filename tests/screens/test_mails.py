"""Every mail at two widths, light and dark, in five languages: it fits, can be read by all, and looks as accepted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from dues.delivery.forms import form
from dues.groups.look import DARK, LIGHT, shades
from language import SUPPORTED, Language
from tests.screens.eye import barriers, barriers_of_colour, picture, sticking_out
from tests.screens.likeness import album
from tests.screens.looking import PICTURES
from tests.screens.window import SCHEMES

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MAILS: Final = {
    "invoice": ("invoice", frozenset({"swish", "bic", "swish code", "phone"})),
    "invoice-paid": ("invoice", frozenset({"paid"})),
    "reminder": ("reminder", frozenset({"swish"})),
    "receipt": ("receipt", frozenset({"covered"})),
    "receipt-part": ("receipt", frozenset({"rest", "phone"})),
    "receipt-credit": ("receipt", frozenset({"credit"})),
    "receipt-gift": ("receipt", frozenset({"gift"})),
    "invoice-gift": ("invoice", frozenset({"swish", "swish code", "invites"})),
    "credit-used": ("credit_used", frozenset({"left"})),
    "returned": ("returned", frozenset({"bic", "phone"})),
    "credit-note": ("credit_note", frozenset[str]()),
    "neutral": ("neutral", frozenset[str]()),
    "code": ("code", frozenset[str]()),
    "invitation": ("invitation", frozenset({"first"})),
    "another-password": ("invitation", frozenset[str]()),
    "approval": ("approval", frozenset[str]()),
}


def values(language: Language) -> dict[str, str]:
    """Return what mails are filled with, as long as such things are."""
    day = language.long_date(dt.date(2026, 12, 22))
    return {
        "sender": "Riksförbundet för körsång i Västra Götaland",
        "email": "medlemsservice@riksforbundet-korsang.example",
        "phone": "+46 8 123 456 00",
        "edge": shades("#f5c400", LIGHT).edge,
        "edge_dark": shades("#f5c400", DARK).edge,
        "number": "2026-004711",
        "original": "2026-004710",
        "amount": language.money(1_234_500, "SEK"),
        "rest": language.money(35_000, "SEK"),
        "date": day,
        "due": day,
        "concerns": language.gettext("It is for %(what)s, from %(first)s to %(last)s.", what="X", first=day, last=day),
        "covered": language.gettext("Nothing more is needed of you but the payment."),
        "account_label": "IBAN",
        "account": "SE35 5000 0000 0549 1000 0003",
        "bic": "ESSESESS",
        "payee": "Riksförbundet för körsång",
        "swish": "123 118 11 89",
        "reference_label": "OCR",
        "reference": "RF18 5390 0754 7034 0000 1234",
        "link": f"https://dues.example.org/i/{'a' * 43}",
        "code": "123 456",
        "minutes": "15",
        "gift": language.money(20_000, "SEK"),
        "invites": language.gettext(
            "You may pay more. What exceeds %(amount)s is a gift to %(fund)s.",
            amount=language.money(1_234_500, "SEK"),
            fund="Ungdomsverksamheten",
        ),
        "fund": "Ungdomsverksamheten",
        "left": language.money(1_500, "SEK"),
        "name": "Åsa Örnsköldsviksdotter",
    }


@pytest.mark.parametrize("name", list(MAILS))
def test_a_mail_fits_shuts_nobody_out_and_looks_as_accepted(
    chromium: Chromium, name: str, request: pytest.FixtureRequest
) -> None:
    page = chromium.new_page()
    with album(f"mail-{name}", request.node.nodeid) as pictures:
        for code in SUPPORTED:
            page.set_content(form(MAILS[name][0], code, MAILS[name][1]).fill(values(Language(code))).html)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                look(page, f"{name}-{code}-{scheme}")
                if code == "en":
                    pictures.take(page, scheme)
        assert barriers_of_colour(page) == []
        page.emulate_media(color_scheme="light")
        assert barriers(page) == []
    page.close()


def look(page: Page, name: str) -> None:
    """Hold a mail against what fits, narrow and wide."""
    for width in (640, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert sticking_out(page) == [], (name, width)
        if PICTURES:
            picture(page, Path(PICTURES), f"mail-{name}-{width}")
