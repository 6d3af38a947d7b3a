"""Makes sense of a join form: who joins and who pays, or what is to be corrected, each sentence at its box."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from wtforms import Field

from dues.dates import age_on
from dues.loop.join import Joiner
from dues.loop.offers import Offer
from dues.members.keys import name_key
from dues.members.register import OF_AGE, PersonDetails
from language import gettext_noop as _
from portal.join_form import Household, PersonForm
from web import born, postal
from web.speech import gettext, reader

_LONGEST: Final = 100

_BIRTH_DATE_ERRORS: Final[Mapping[type[born.BirthDateError], str]] = {
    born.UnreadableBirthDateError: _("Write the birth date as day, month and year, for example 27 3 2015."),
    born.AmbiguousBirthDateError: _(
        "This could be two different days. Write the year with four digits, for example 27 3 2015."
    ),
    born.FutureBirthDateError: _("This day has not come yet. Check the year."),
    born.OldBirthDateError: _("This day lies more than 120 years back. Check the year."),
}


@dataclass(frozen=True, slots=True)
class Application:
    """What a faultless form says: who joins as what, and who pays for all."""

    people: tuple[Joiner, ...]
    payer: PersonDetails | None

    @property
    def email(self) -> str:
        """Where the invoices go."""
        return self.payer.email if self.payer else self.people[0].person.email


@dataclass(frozen=True, slots=True)
class Reading:
    """Against what a form is read: the business day, the countries there are, and the one that is taken for granted."""

    today: dt.date
    countries: Mapping[str, str]
    home: str


def birth_date_of(form: PersonForm, *, today: dt.date) -> dt.date | None:
    """Return the birth date a person wrote, None where none can be read."""
    try:
        return born.read(form.birth.data, today=today)
    except born.BirthDateError:
        return None


class Answers:
    """A form that was sent, read once: faults go to the boxes they belong to."""

    def __init__(self, household: Household, reading: Reading) -> None:
        self.household = household
        self.shared = household.shared
        self.today = reading.today
        country = self.shared.country.data
        self.country = country if country in reading.countries else reading.home
        self._faults: dict[str, str] = {}

    def judged(self, offers: Sequence[Sequence[Offer]]) -> Application | None:
        """Return the application, or None when something is to be corrected; ``offers`` are each person's."""
        address = self._address("")
        email = self._email(self.shared.email) if self._email_is_needed() else ""
        people = [
            self._joiner(form, found, address, email) for form, found in zip(self.household.people, offers, strict=True)
        ]
        self._refuse_twice(people)
        payer = self._payer(people, address)
        if not self.shared.consent.data:
            self._fault(self.shared.consent, gettext(_("Tick the box to agree. Nobody is registered without it.")))
        self._hand_over()
        return None if self._faults else Application(tuple(people), payer)

    def _fault(self, field: Field, sentence: str) -> None:
        self._faults.setdefault(field.id, sentence)

    def _hand_over(self) -> None:
        """Put the faults at their fields."""
        for field in self.household.fields():
            field.errors = [self._faults[field.id]] if field.id in self._faults else []

    def _email_is_needed(self) -> bool:
        return bool(self.shared.email.data) or not self.shared.somebody_else_pays

    def _joiner(self, form: PersonForm, offers: Sequence[Offer], address: tuple[str, str, str], email: str) -> Joiner:
        birth_date = self._birth_date(form)
        person = PersonDetails(
            given_name=self._name(form.given_name, _("Write the first name.")),
            family_name=self._name(form.family_name, _("Write the family name.")),
            language=reader().code,
            country=self.country,
            birth_date=birth_date,
            email=email,
            phone=self._phone(),
            street=address[0],
            postcode=address[1],
            city=address[2],
            consented=True,
        )
        return Joiner(self._type(form, offers, birth_date), person)

    def _birth_date(self, form: PersonForm) -> dt.date | None:
        try:
            return born.read(form.birth.data, today=self.today)
        except born.BirthDateError as error:
            self._fault(form.birth, gettext(_BIRTH_DATE_ERRORS[type(error)]))
            return None

    def _type(self, form: PersonForm, offers: Sequence[Offer], birth_date: dt.date | None) -> int:
        chosen = next((offer for offer in offers if str(offer.type_id) == form.kind.data), None)
        if chosen is None:
            self._fault(form.kind, gettext(_("Choose a membership.")))
            return 0
        if birth_date and not chosen.is_for(chosen.age_of(birth_date)):
            text = _("This membership is for other ages. Choose another one, or check the birth date.")
            self._fault(form.kind, gettext(text))
        elif birth_date and chosen.price is None:
            self._fault(form.kind, gettext(_("This membership has no price at this age. Choose another one.")))
        return chosen.type_id

    def _refuse_twice(self, people: Sequence[Joiner]) -> None:
        """Nobody can stand in the form twice with the same membership."""
        seen: set[tuple[str, dt.date | None, int]] = set()
        for form, one in zip(self.household.people, people, strict=True):
            who = (name_key(one.person.given_name, one.person.family_name), one.person.birth_date, one.type_id)
            if who in seen and one.person.birth_date is not None:
                text = _("This person stands here already. Change the name, or remove one of the two.")
                self._fault(form.given_name, gettext(text))
            seen.add(who)

    def _payer(self, people: Sequence[Joiner], address: tuple[str, str, str]) -> PersonDetails | None:
        """Return who pays for all: somebody else, or the one of several; None where one person pays for themselves."""
        place = self.household.payer
        if place is None:
            return self._somebody_else(address)
        if self._is_minor(people[place].person):
            text = _("A member under 18 needs an adult who pays. Choose “Somebody else” and write who.")
            self._fault(self.shared.pays, gettext(text))
        return people[place].person if len(people) > 1 else None

    def _is_minor(self, person: PersonDetails) -> bool:
        return person.birth_date is not None and age_on(person.birth_date, self.today) < OF_AGE

    def _somebody_else(self, address: tuple[str, str, str]) -> PersonDetails:
        """Who pays lives with the members where no other address is written."""
        elsewhere = any(self.shared[f"payer_{part}"].data for part in ("street", "postcode", "city"))
        street, postcode, city = self._address("payer_") if elsewhere else address
        return PersonDetails(
            given_name=self._name(self.shared.payer_given_name, _("Write the first name of whoever pays.")),
            family_name=self._name(self.shared.payer_family_name, _("Write the family name of whoever pays.")),
            language=reader().code,
            country=self.country,
            email=self._email(self.shared.payer_email),
            street=street,
            postcode=postcode,
            city=city,
            consented=False,
        )

    def _address(self, prefix: str) -> tuple[str, str, str]:
        return (
            self._written(self.shared[f"{prefix}street"], _("Write the street and number.")),
            self._postcode(self.shared[f"{prefix}postcode"]),
            self._written(self.shared[f"{prefix}city"], _("Write the town or city.")),
        )

    def _written(self, field: Field, if_missing: str) -> str:
        """Return what a box holds; nothing, or far too much, is a fault."""
        written = str(field.data)
        if not written:
            self._fault(field, gettext(if_missing))
        elif len(written) > _LONGEST:
            self._fault(field, gettext(_("Write at most %(number)s characters."), number=_LONGEST))
        return written

    def _name(self, field: Field, if_missing: str) -> str:
        text = _("Write a name, without addresses of the web or of mail.")
        return self._read(field, if_missing, postal.name, lambda _error: gettext(text))

    def _email(self, field: Field) -> str:
        text = _("Write an e-mail address, for example name@example.com.")
        return self._read(field, text, postal.email, lambda _error: gettext(text))

    def _postcode(self, field: Field) -> str:
        def explained(error: postal.WrittenWrongError) -> str:
            example = error.example if isinstance(error, postal.PostcodeError) else ""
            return gettext(_("Write the postcode as it stands in addresses, for example %(example)s."), example=example)

        return self._read(
            field, _("Write the postcode."), lambda written: postal.postcode(written, self.country), explained
        )

    def _phone(self) -> str:
        field = self.shared.phone
        if not field.data:
            return ""
        text = _("Write a telephone number that exists, or leave the box empty.")
        return self._read(field, text, lambda number: postal.phone(number, self.country), lambda _e: gettext(text))

    def _read(
        self,
        field: Field,
        if_missing: str,
        read: Callable[[str], str],
        explained: Callable[[postal.WrittenWrongError], str],
    ) -> str:
        written = self._written(field, if_missing)
        if field.id in self._faults:
            return written
        try:
            return read(written)
        except postal.WrittenWrongError as error:
            self._fault(field, explained(error))
            return written
