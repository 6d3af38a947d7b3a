"""The statement of what somebody gave in a year, as a PDF: what they show to whoever taxes them."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typst

from documents.model import Party
from documents.press import UnprintableError
from documents.printable import printable
from language import Language

_FONTS: Final = str(Path(__file__).with_name("fonts"))
_TEMPLATE: Final = str(Path(__file__).with_name("gifts.typ"))


@dataclass(frozen=True, slots=True)
class Given:
    """One gift: minor units of the statement's currency, and the fund in the reader's language."""

    on: dt.date
    fund: str
    amount: int


@dataclass(frozen=True, slots=True)
class GiftStatement:
    """What a donor gave to a receiver in a year; ``gifts`` in their order, ``date`` the day it is written on."""

    language: str
    receiver: Party
    donor: Party
    year: int
    currency: str
    gifts: Sequence[Given]
    date: dt.date

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(gift.amount for gift in self.gifts)


def render_gifts(statement: GiftStatement) -> bytes:
    """Return the statement as a PDF, the same bytes each time. Raises UnprintableError."""
    try:
        file = typst.compile(
            _TEMPLATE,
            format="pdf",
            ignore_system_fonts=True,
            font_paths=[_FONTS],
            sys_inputs={"data": json.dumps(_data(statement), ensure_ascii=False)},
            timestamp=dt.datetime.combine(statement.date, dt.time(), dt.UTC),
        )
    except typst.TypstError as error:
        raise UnprintableError(f"The statement cannot be set: {error.message}.") from error
    return bytes(file)


def _data(statement: GiftStatement) -> dict[str, Any]:
    language, receiver = Language(statement.language), statement.receiver
    total = language.money(statement.total, statement.currency)
    words = language.gettext(
        "%(name)s gave %(amount)s to %(receiver)s in %(year)s. Nothing was received in return.",
        name=statement.donor.name,
        amount=total,
        receiver=receiver.name,
        year=statement.year,
    )
    contact = (receiver.org_number, receiver.email, receiver.phone)
    return {
        "language": statement.language,
        "title": language.gettext("Gifts in %(year)s", year=statement.year),
        "sender": [printable(one) for one in (receiver.name, *receiver.address, *contact) if one],
        "recipient": [printable(one) for one in (statement.donor.name, *statement.donor.address) if one],
        "words": printable(words),
        "head": [language.gettext("Date"), language.gettext("Fund"), language.gettext("Amount")],
        "rows": [
            [language.date(gift.on), printable(gift.fund), language.money(gift.amount, statement.currency)]
            for gift in statement.gifts
        ],
        "total": [language.gettext("Total"), total],
        "day": language.long_date(statement.date),
    }
