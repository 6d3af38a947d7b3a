"""What each person on a join form may become and at which price, and what it comes to for all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dues.dates import age_on
from dues.loop.offers import Offer, Place, offers_to_each
from dues.members.register import OF_AGE
from dues.money import Money
from portal.join_answers import birth_date_of
from portal.join_form import Household, PersonForm, pays_value


@dataclass(frozen=True, slots=True)
class Priced:
    """A person on the form: their boxes, what is offered to them, and how old they are as far as is known."""

    place: int
    form: PersonForm
    offers: Sequence[Offer]
    birth_date: dt.date | None
    age: int | None

    @property
    def number(self) -> int:
        """The place as people count."""
        return self.place + 1

    @property
    def pays(self) -> str:
        """What the form says when this one pays for all."""
        return pays_value(self.place)

    @property
    def minor(self) -> bool:
        """Whether they are known to be under age."""
        return self.age is not None and self.age < OF_AGE

    @property
    def chosen(self) -> Offer | None:
        """The membership they chose, where it is one that is for them."""
        chosen = next((offer for offer in self.offers if str(offer.type_id) == self.form.kind.data), None)
        unfit = chosen is None or (chosen.age is not None and not chosen.is_for(chosen.age))
        return None if unfit else chosen

    @property
    def seen(self) -> str:
        """What the form carries of the prices that are shown: from the lowest to the highest of a membership."""
        return " ".join(_shown(offer) for offer in self.offers)

    def id(self, what: str) -> str:
        """Return the name that a part of the page has for this person."""
        return what if self.place == 0 else f"p{self.number}-{what}"

    def saw_its_price(self) -> bool:
        """Tell whether the price lies within what was shown; nobody joins at one they have not seen."""
        price = None if self.chosen is None else self.chosen.price
        shown = dict(part.partition("=")[::2] for part in str(self.form.seen.data).split())
        lowest, _, highest = shown.get(str(self.chosen.type_id) if self.chosen else "", "").partition("-")
        if price is None or not (lowest.isdecimal() and highest.isdecimal()):
            return False
        return int(lowest) <= price.minor <= int(highest)


@dataclass(frozen=True, slots=True)
class Total:
    """What those who have chosen pay together; a span while a birth date is missing."""

    of: tuple[Priced, ...]
    lowest: Money
    highest: Money


def priced(session: Session, household: Household, *, at: Place, on: dt.date) -> list[Priced]:
    """Look up what is offered to each person on the form, by the birth date they wrote."""
    births = [birth_date_of(form, today=on) for form in household.people]
    each = offers_to_each(session, at=at, on=on, births=births)
    return [
        Priced(place, form, found, born, None if born is None else age_on(born, on))
        for place, (form, found, born) in enumerate(zip(household.people, each, births, strict=True))
    ]


def total(people: Sequence[Priced], *, currency: str) -> Total | None:
    """Add up what has been chosen; None where nothing has, or something has no price."""
    chosen = [(one, one.chosen) for one in people if one.chosen is not None]
    bounds = [(offer.lowest, offer.highest) for _, offer in chosen]
    if not chosen or any(lowest is None or highest is None for lowest, highest in bounds):
        return None
    return Total(
        of=tuple(one for one, _ in chosen),
        lowest=Money(sum(lowest.minor for lowest, _ in bounds if lowest), currency),
        highest=Money(sum(highest.minor for _, highest in bounds if highest), currency),
    )


def _shown(offer: Offer) -> str:
    """A membership without a price carries none."""
    if offer.lowest is None or offer.highest is None:
        return f"{offer.type_id}=-"
    return f"{offer.type_id}={offer.lowest.minor}-{offer.highest.minor}"
