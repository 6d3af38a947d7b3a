"""What the page of thanks tells: kept in the visitor's own cookie for half an hour, and nowhere else."""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import session as cookie

from database.base import Names
from dues.dates import today
from dues.groups.models import Occasion
from dues.groups.texts import Moment, own_words
from dues.groups.wording import Place as Open
from dues.groups.wording import filled, paragraphs
from dues.loop.offers import Offer, Place, offers
from dues.members.models import CoveredBy
from portal.join_answers import Application
from portal.join_prices import Priced
from web.house import session
from web.speech import reader

_KEPT: Final = "joined"
_SECONDS: Final = 30 * 60
_LONGEST_NAME: Final = 40
"""Letters of a name that the cookie holds: ten people must fit into it."""


@dataclass(frozen=True, slots=True)
class Welcomed:
    """One of those who joined: as what, until when, and for how much in minor units."""

    name: str
    names: Names
    until: dt.date
    covered_by: CoveredBy
    amount: int


@dataclass(frozen=True, slots=True)
class Promised:
    """What was said to follow: who joined, where the invoices go, and by when they are to be paid."""

    people: tuple[Welcomed, ...]
    email: str
    currency: str
    due: dt.date

    @property
    def amount(self) -> int:
        """What all pay together."""
        return sum(one.amount for one in self.people)

    @property
    def invoices(self) -> int:
        """How many invoices come: one for each who has something to pay."""
        return sum(one.amount > 0 for one in self.people)

    @property
    def covered_by_payment(self) -> bool:
        """Whether a membership waits for its payment."""
        return any(one.covered_by is not CoveredBy.ISSUE for one in self.people)


def promise(at: Place, people: Sequence[Priced], application: Application, *, on: dt.date) -> None:
    """Keep what the next page tells; the same for who is new and who is registered already."""
    cookie[_KEPT] = {
        "group": at.group.slug,
        "email": application.email,
        "due": (on + dt.timedelta(days=at.creditor.payment_days)).isoformat(),
        "people": [_kept(one) for one in people],
        "until": time.time() + _SECONDS,
    }


def _kept(one: Priced) -> list[Any]:
    price = one.chosen.price if one.chosen else None
    return [one.form.name[:_LONGEST_NAME], one.chosen.type_id if one.chosen else 0, price.minor if price else 0]


def promised(at: Place) -> Promised | None:
    """Return what was promised to this visitor in this group, None where nothing was or it is too long ago."""
    kept = cookie.get(_KEPT)
    if not kept or "people" not in kept or kept["group"] != at.group.slug or time.time() > kept["until"]:
        return None
    offered = {offer.type_id: offer for offer in offers(session(), at=at, on=today(session()))}
    people = [_welcomed(name, offered[kind], amount) for name, kind, amount in kept["people"] if kind in offered]
    due = dt.date.fromisoformat(kept["due"])
    return Promised(tuple(people), kept["email"], at.creditor.currency, due) if people else None


def _welcomed(name: str, offer: Offer, amount: int) -> Welcomed:
    return Welcomed(name, offer.names, offer.until, offer.covered_by, amount)


def own_words_of(at: Place, told: Promised) -> list[str]:
    """Return the paragraphs with which the group thanks in its own words, in the reader's language."""
    moment = Moment(at.group.id, Occasion.JOIN_THANKS, reader().code)
    words = own_words(session(), [moment]).get(moment)
    if words is None:
        return []
    values = {
        Open.AMOUNT: reader().money(told.amount, told.currency),
        Open.DUE_DATE: reader().long_date(told.due),
        Open.GROUP: at.group.name,
        Open.CREDITOR: at.creditor.name,
    }
    return list(paragraphs(filled(words.document or words.email, values)))
