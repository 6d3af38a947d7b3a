"""The join form: the boxes that a household shares, and those of each person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, HiddenField, StringField

SOMEBODY_ELSE: Final = "other"
MOST: Final = 10
"""People on one form; more fill in another one."""
_FIRST: Final = "member"


def _text() -> Field:
    return StringField(filters=[_tidy])


def _tidy(written: str | None) -> str:
    """Fold blanks and drop what nobody types: control characters."""
    return " ".join("".join(sign for sign in written or "" if sign.isprintable() or sign.isspace()).split())


class PersonForm(Form):  # type: ignore[misc]  # WTForms publishes no types
    """The boxes of one person; ``seen`` carries the prices that were shown beside them."""

    kind = HiddenField(filters=[_tidy])
    given_name = _text()
    family_name = _text()
    birth = _text()
    seen = HiddenField()

    @property
    def name(self) -> str:
        """What the others call them, as far as is known."""
        return str(self.given_name.data or "")


class JoinForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The boxes that all who join share; labels and hints stand in the template."""

    street = _text()
    postcode = _text()
    city = _text()
    country = _text()
    pays = _text()
    payer_given_name = _text()
    payer_family_name = _text()
    payer_email = _text()
    payer_street = _text()
    payer_postcode = _text()
    payer_city = _text()
    email = _text()
    phone = _text()
    consent = BooleanField()

    @property
    def somebody_else_pays(self) -> bool:
        """Whether somebody pays who does not join."""
        return bool(self.pays.data == SOMEBODY_ELSE)


@dataclass(frozen=True, slots=True)
class Household:
    """A form as it was sent: what is shared, and one form a person.

    The boxes of the first person bear plain names (``birth``), those of the others a prefix (``p2-birth``).
    """

    shared: JoinForm
    people: tuple[PersonForm, ...]

    @classmethod
    def empty(cls, *, country: str) -> Self:
        """Return the form as it stands before anybody wrote in it."""
        return cls(JoinForm(country=country, pays=_FIRST), (PersonForm(),))

    @classmethod
    def sent(cls) -> Self:
        """Read what was sent; of more people than fit only the first are taken."""
        count = request.form.get("people", 1, type=int)
        people = (PersonForm(request.form, prefix=_prefix(place)) for place in range(min(max(count, 1), MOST)))
        return cls(JoinForm(), tuple(people))

    @property
    def payer(self) -> int | None:
        """The place of the one among them who pays for all, None where somebody else does."""
        if self.shared.somebody_else_pays:
            return None
        pays = [pays_value(place) for place in range(len(self.people))]
        return pays.index(self.shared.pays.data) if self.shared.pays.data in pays else 0

    def with_another(self) -> Self:
        """Return the form with room for one person more, who is likely to have the family name of the one before."""
        if len(self.people) == MOST:
            return self
        likely = {"family_name": self.people[-1].family_name.data}
        return self._of([*(one.data for one in self.people), likely], payer=self.payer)

    def without(self, place: int) -> Self:
        """Return the form without a person, unless nobody would be left."""
        if len(self.people) == 1 or not 0 <= place < len(self.people):
            return self
        left = [one.data for number, one in enumerate(self.people) if number != place]
        payer = self.payer
        if payer is not None:
            payer = 0 if payer == place else payer - (payer > place)
        return self._of(left, payer=payer)

    def _of(self, people: list[Mapping[str, Any]], *, payer: int | None) -> Self:
        self.shared.pays.data = SOMEBODY_ELSE if payer is None else pays_value(payer)
        forms = (PersonForm(data=values, prefix=_prefix(place)) for place, values in enumerate(people))
        return type(self)(self.shared, tuple(forms))

    def fields(self) -> Iterator[Field]:
        """Yield every box, in the order of the page."""
        for one in self.people:
            yield from one
        yield from self.shared


def pays_value(place: int) -> str:
    """Return what the form says when the person at a place pays for all."""
    return _FIRST if place == 0 else f"p{place + 1}"


def _prefix(place: int) -> str:
    """WTForms puts a hyphen behind it."""
    return "" if place == 0 else f"p{place + 1}"
