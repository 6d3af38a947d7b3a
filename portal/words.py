"""Words and names that templates of all pages use: prices, the house's name, the page one is on."""

from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError

from dues.groups.find import organisation
from dues.loop.offers import Offer
from dues.money import Money
from portal.house import session
from portal.speech import gettext, reader

_PROGRAM = "Kontingent"


def equip(app: Flask) -> None:
    """Give an application's templates these words."""
    app.jinja_env.globals.update(price=price, ages=ages, money=money, house_name=house_name, here=here)
    app.jinja_env.filters["title_first"] = title_first


def money(amount: Money) -> str:
    """Return an amount as the public reads it."""
    return reader().money(amount.minor, amount.currency)


def price(offer: Offer, age: int | None) -> str:
    """Return what an offer costs: one price, from which price on, or that it is not for this age."""
    if age is not None and not offer.is_for(age):
        return gettext("not at this age")
    if offer.lowest is None or offer.highest is None:
        return ""
    if offer.price is None:
        return gettext("%(lowest)s to %(highest)s", lowest=money(offer.lowest), highest=money(offer.highest))
    return money(offer.price) if offer.price.minor else reader().pgettext("price", "free")


def ages(offer: Offer) -> str:
    """Return for which ages an offer is, nothing where it is for all."""
    lowest, highest = offer.min_age, offer.max_age
    if lowest is not None and highest is not None:
        return gettext("%(lowest)s to %(highest)s years", lowest=lowest, highest=highest)
    if lowest is not None:
        return gettext("from %(lowest)s years", lowest=lowest)
    return "" if highest is None else gettext("up to %(highest)s years", highest=highest)


def house_name() -> str:
    """Return the organisation's name; the program's own where there is none, or no database to ask."""
    try:
        return organisation(session()) or _PROGRAM
    except SQLAlchemyError:
        return _PROGRAM


def here() -> str:
    """Return the page one is on, for the way back from a choice of language."""
    return request.full_path if request.query_string and request.method == "GET" else request.path


def title_first(word: str) -> str:
    """Return a word with a capital first letter and the rest as it is."""
    return word[:1].upper() + word[1:]
