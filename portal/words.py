"""Words that pages about joining use: prices, and for which ages they are."""

from flask import Flask

from dues.loop.offers import Offer
from dues.money import Money
from portal.join_words import called
from web.speech import gettext, reader
from web.words import money


def equip(app: Flask) -> None:
    """Give an application's templates these words."""
    app.jinja_env.globals.update(price=price, ages=ages, span_of=span_of, called=called)


def price(offer: Offer, age: int | None) -> str:
    """Return what an offer costs: one price, from which price on, or that it is not for this age."""
    if age is not None and offer.age is not None and not offer.is_for(offer.age):
        return gettext("not at this age")
    if offer.lowest is None or offer.highest is None:
        return ""
    return span_of(offer.lowest, offer.highest)


def span_of(lowest: Money, highest: Money) -> str:
    """Return an amount, or from which one to which where it is not known yet."""
    if lowest != highest:
        return gettext("%(lowest)s to %(highest)s", lowest=money(lowest), highest=money(highest))
    return money(lowest) if lowest.minor else reader().pgettext("price", "free")


def ages(offer: Offer) -> str:
    """Return for which ages an offer is, nothing where it is for all."""
    lowest, highest = offer.min_age, offer.max_age
    if lowest is not None and highest is not None:
        return gettext("%(lowest)s to %(highest)s years", lowest=lowest, highest=highest)
    if lowest is not None:
        return gettext("from %(lowest)s years", lowest=lowest)
    return "" if highest is None else gettext("up to %(highest)s years", highest=highest)
