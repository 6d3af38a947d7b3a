"""Words and names that templates of all pages use: amounts, days, the house's name, the page one is on."""

from typing import Final

from flask import Flask, g, request
from sqlalchemy.exc import SQLAlchemyError

from dues.groups.find import organisation
from dues.money import Money
from web.house import session
from web.speech import reader

_PROGRAM: Final = "Kontingent"


def equip(app: Flask) -> None:
    """Give an application's templates these words."""
    app.jinja_env.globals.update(money=money, house_name=house_name, here=here)
    app.jinja_env.filters.update(title_first=title_first)


def money(amount: Money) -> str:
    """Return an amount as the public reads it."""
    return reader().money(amount.minor, amount.currency)


def house_name() -> str:
    """Return the organisation's name, asked once a request; the program's own where there is none to ask for."""
    if "house_name" not in g:
        try:
            g.house_name = organisation(session()) or _PROGRAM
        except SQLAlchemyError:
            return _PROGRAM
    found: str = g.house_name
    return found


def here() -> str:
    """Return the page one is on, for the way back from a choice of language."""
    return request.full_path if request.query_string and request.method == "GET" else request.path


def title_first(word: str) -> str:
    """Return a word with a capital first letter and the rest as it is."""
    return word[:1].upper() + word[1:]
