"""The accounts through which money is exchanged between currencies, opened when the first of it is."""

from sqlalchemy.orm import Session

from database.base import Names
from database.turns import take_turn
from dues.groups.models import Creditor
from dues.journal.chart import codes_of, open_between
from dues.journal.models import AccountKind, AccountRole, Event

EXCHANGE: Names = {
    "sv": "Växling mellan valutor",
    "nb": "Veksling mellom valutaer",
    "nl": "Omwisseling van valuta",
    "de": "Währungsumtausch",
    "en": "Exchange between currencies",
}
DIFFERENCE: Names = {
    "sv": "Valutakursdifferenser",
    "nb": "Valutakursdifferanser",
    "nl": "Koersverschillen",
    "de": "Währungsdifferenzen",
    "en": "Exchange differences",
}


def open_exchange(session: Session, *, creditor: Creditor, currency: str) -> None:
    """Open what money is exchanged through in a currency, and where the difference falls, where it is not open yet.

    Raises NoBooksError.
    """
    codes = codes_of(creditor)
    take_turn(session, f"exchange accounts {creditor.id} {currency}")
    open_between(
        session,
        creditor,
        Event.EXCHANGE,
        (AccountRole.EXCHANGE, codes.exchange, EXCHANGE, AccountKind.ASSET),
        (AccountRole.EXCHANGE_DIFFERENCE, codes.exchange_difference, DIFFERENCE, AccountKind.EXPENSE),
        currency=None if currency == creditor.currency else currency,
    )
