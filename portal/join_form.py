"""The join form: what is asked, what makes sense of it, and what is said where it does not."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, StringField

from dues.dates import age_on
from dues.loop.offers import Offer
from dues.members.register import OF_AGE, PersonDetails
from language import gettext_noop as _
from web import born, postal
from web.speech import gettext, reader

SOMEBODY_ELSE: Final = "other"
_LONGEST: Final = 100

_BIRTH_DATE_ERRORS: Final[Mapping[type[born.BirthDateError], str]] = {
    born.UnreadableBirthDateError: _("Write the birth date as day, month and year, for example 27 3 2015."),
    born.AmbiguousBirthDateError: _(
        "This could be two different days. Write the year with four digits, for example 27 3 2015."
    ),
    born.FutureBirthDateError: _("This day has not come yet. Check the year."),
    born.OldBirthDateError: _("This day lies more than 120 years back. Check the year."),
}


def _text() -> Field:
    return StringField(filters=[_tidy])


def _tidy(written: str | None) -> str:
    """Fold blanks and drop what nobody types: control characters."""
    return " ".join("".join(sign for sign in written or "" if sign.isprintable() or sign.isspace()).split())


class JoinForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What the boxes hold; labels and hints stand in the template."""

    kind = HiddenField(filters=[_tidy])
    given_name = _text()
    family_name = _text()
    birth = _text()
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
    seen = HiddenField()

    @property
    def somebody_else_pays(self) -> bool:
        """Whether the member names another payer."""
        return bool(self.pays.data == SOMEBODY_ELSE)


@dataclass(frozen=True, slots=True)
class Application:
    """What a faultless form says."""

    type_id: int
    person: PersonDetails
    payer: PersonDetails | None

    @property
    def email(self) -> str:
        """Where the invoice goes."""
        return self.person.email if self.payer is None else self.payer.email


class Answers:
    """A form that was sent, read for a day and a country; errors stand at their fields, in the reader's language."""

    def __init__(self, form: JoinForm, *, today: dt.date, countries: Mapping[str, str], home: str) -> None:
        self.form = form
        self.today = today
        self.country = form.country.data if form.country.data in countries else home
        self.faults: dict[str, str] = {}
        self.birth_date = self._birth_date()

    def judged(self, offers: list[Offer]) -> Application | None:
        """Return the application, or None when something is to be corrected."""
        person = self._person()
        payer = self._payer(person) if self.form.somebody_else_pays else None
        type_id = self._type(offers)
        if self.birth_date and age_on(self.birth_date, self.today) < OF_AGE and not self.form.somebody_else_pays:
            text = _("A member under 18 needs an adult who pays. Choose “Somebody else” and write who.")
            self._fault("pays", gettext(text))
        if not self.form.consent.data:
            self._fault("consent", gettext(_("Tick the box to agree. Nobody is registered without it.")))
        self._hand_over()
        return None if self.faults else Application(type_id, person, payer)

    def _fault(self, field: str, sentence: str) -> None:
        self.faults.setdefault(field, sentence)

    def _hand_over(self) -> None:
        """Put the faults at their fields, in the order of the page."""
        for field in self.form:
            field.errors = [self.faults[field.name]] if field.name in self.faults else []

    def _birth_date(self) -> dt.date | None:
        try:
            return born.read(self.form.birth.data, today=self.today)
        except born.BirthDateError as error:
            self._fault("birth", gettext(_BIRTH_DATE_ERRORS[type(error)]))
            return None

    def _type(self, offers: list[Offer]) -> int:
        chosen = next((offer for offer in offers if str(offer.type_id) == self.form.kind.data), None)
        if chosen is None:
            self._fault("kind", gettext(_("Choose a membership.")))
            return 0
        if self.birth_date and not chosen.is_for(age_on(self.birth_date, self.today)):
            text = _("This membership is for other ages. Choose another one, or check the birth date.")
            self._fault("kind", gettext(text))
        elif self.birth_date and chosen.price is None:
            self._fault("kind", gettext(_("This membership has no price at this age. Choose another one.")))
        return chosen.type_id

    def _person(self) -> PersonDetails:
        email = ""
        if self.form.email.data or not self.form.somebody_else_pays:
            email = self._email("email")
        street, postcode, city = self._address("")
        return PersonDetails(
            given_name=self._name("given_name", _("Write the first name.")),
            family_name=self._name("family_name", _("Write the family name.")),
            language=reader().code,
            country=self.country,
            birth_date=self.birth_date,
            email=email,
            phone=self._phone(),
            street=street,
            postcode=postcode,
            city=city,
            consented=True,
        )

    def _payer(self, person: PersonDetails) -> PersonDetails:
        """Who pays lives with the member where no other address is written."""
        elsewhere = any(self.form[f"payer_{part}"].data for part in ("street", "postcode", "city"))
        same = (person.street, person.postcode, person.city)
        street, postcode, city = self._address("payer_") if elsewhere else same
        return PersonDetails(
            given_name=self._name("payer_given_name", _("Write the first name of whoever pays.")),
            family_name=self._name("payer_family_name", _("Write the family name of whoever pays.")),
            language=reader().code,
            country=self.country,
            email=self._email("payer_email"),
            street=street,
            postcode=postcode,
            city=city,
            consented=False,
        )

    def _address(self, prefix: str) -> tuple[str, str, str]:
        return (
            self._written(f"{prefix}street", _("Write the street and number.")),
            self._postcode(f"{prefix}postcode"),
            self._written(f"{prefix}city", _("Write the town or city.")),
        )

    def _written(self, field: str, if_missing: str) -> str:
        """Return what a box holds; nothing, or far too much, is a fault."""
        written = str(self.form[field].data)
        if not written:
            self._fault(field, gettext(if_missing))
        elif len(written) > _LONGEST:
            self._fault(field, gettext(_("Write at most %(number)s characters."), number=_LONGEST))
        return written

    def _name(self, field: str, if_missing: str) -> str:
        text = _("Write a name, without addresses of the web or of mail.")
        return self._read(field, if_missing, postal.name, lambda _error: gettext(text))

    def _email(self, field: str) -> str:
        text = _("Write an e-mail address, for example name@example.com.")
        return self._read(field, text, postal.email, lambda _error: gettext(text))

    def _postcode(self, field: str) -> str:
        def explained(error: postal.WrittenWrongError) -> str:
            example = error.example if isinstance(error, postal.PostcodeError) else ""
            return gettext(_("Write the postcode as it stands in addresses, for example %(example)s."), example=example)

        return self._read(
            field, _("Write the postcode."), lambda written: postal.postcode(written, self.country), explained
        )

    def _phone(self) -> str:
        if not self.form.phone.data:
            return ""
        text = _("Write a telephone number that exists, or leave the box empty.")
        return self._read("phone", text, lambda number: postal.phone(number, self.country), lambda _e: gettext(text))

    def _read(
        self,
        field: str,
        if_missing: str,
        read: Callable[[str], str],
        explained: Callable[[postal.WrittenWrongError], str],
    ) -> str:
        written = self._written(field, if_missing)
        if field in self.faults:
            return written
        try:
            return read(written)
        except postal.WrittenWrongError as error:
            self._fault(field, explained(error))
            return written
