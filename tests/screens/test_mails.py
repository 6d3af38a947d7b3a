"""Every mail at two widths, light and dark, in five languages: it fits, and it can be read by everybody."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from dues.delivery.forms import form
from dues.groups.look import DARK, LIGHT, shades
from language import SUPPORTED, Language
from tests.screens.eye import barriers, picture, sticking_out

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("KONTINGENT_PICTURES")
MAILS: Final = {
    "invoice": ("invoice", frozenset({"swish", "bic", "swish code", "phone"})),
    "invoice-paid": ("invoice", frozenset({"paid"})),
    "reminder": ("reminder", frozenset({"swish"})),
    "receipt": ("receipt", frozenset({"covered"})),
    "receipt-part": ("receipt", frozenset({"rest", "phone"})),
    "receipt-credit": ("receipt", frozenset({"credit"})),
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
        "name": "Åsa Örnsköldsviksdotter",
    }


@pytest.mark.parametrize("name", list(MAILS))
def test_a_mail_fits_and_shuts_nobody_out(chromium: Chromium, name: str) -> None:
    for dark in (False, True):
        context = chromium.new_context(color_scheme="dark" if dark else "light")
        page = context.new_page()
        for code in SUPPORTED:
            page.set_content(form(MAILS[name][0], code, MAILS[name][1]).fill(values(Language(code))).html)
            for width in (390, 640):
                page.set_viewport_size({"width": width, "height": 900})
                assert sticking_out(page) == [], (code, width)
                if PICTURES:
                    look = "dark" if dark else "light"
                    picture(page, Path(PICTURES), f"mail-{name}-{width}-{code}-{look}")
        assert barriers(page) == []
        context.close()
