"""Registers persons, and recognises those who are registered already."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.dates import add_months
from dues.folding import folded
from dues.members.keys import email_key, name_key
from dues.members.models import Payer, Person

OF_AGE: Final = 18
"""Below this age nobody can be held to a debt in any of our countries."""

# A number of our own among advisory locks, mixed into the hash of what is locked.
_REGISTRATION: Final = 1264


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What a person says of themselves.

    ``language`` is one of the five codes, ``country`` ISO 3166, ``phone`` E.164 or empty; without an e-mail address
    letters are sent. ``consented`` says that they agreed to being registered just now.
    """

    given_name: str
    family_name: str
    language: str
    country: str
    birth_date: dt.date | None = None
    email: str = ""
    phone: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    consented: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A registered person that details fit; ``by_email`` tells whether the e-mail address agrees, too."""

    person_id: int
    by_email: bool


def lock_registration(session: Session, *details: PersonDetails) -> None:
    """Let registrations of the same persons wait for each other until the transaction ends.

    Two presses of one button come at the same moment: the second sees what the first has written.
    """
    for key in sorted({_identity(one) for one in details}):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, _REGISTRATION))))


def _identity(details: PersonDetails) -> str:
    birth = details.birth_date.isoformat() if details.birth_date else email_key(details.email)
    return f"{name_key(details.given_name, details.family_name)}|{birth}"


def known_persons(session: Session, details: PersonDetails) -> list[Known]:
    """Return the living persons with the same name and birth date and the same e-mail or postal address.

    Those whose e-mail address agrees come first. The answer is for the house: it is never told to a visitor.
    """
    agrees = func.recognise_person(
        name_key(details.given_name, details.family_name),
        details.birth_date,
        email_key(details.email),
        folded(details.street).replace(" ", ""),
        details.postcode.replace(" ", ""),
    ).table_valued("person_id", "by_email")
    return [Known(person_id, by_email) for person_id, by_email in session.execute(select(agrees))]


def known_payer(session: Session, details: PersonDetails, *, on: dt.date) -> int | None:
    """Return the living person with the same name and e-mail address, who is of age as far as is known.

    A child often has its parent's address, and sometimes the name, too.
    """
    if not details.email:
        return None
    born_by = add_months(on, -12 * OF_AGE)
    name = name_key(details.given_name, details.family_name)
    return session.scalar(select(func.recognise_payer(name, email_key(details.email), born_by)))


def same_person(one: PersonDetails, other: PersonDetails) -> bool:
    """Tell whether two details name the same person, by name and e-mail address."""
    return (name_key(one.given_name, one.family_name), email_key(one.email)) == (
        name_key(other.given_name, other.family_name),
        email_key(other.email),
    )


def register(session: Session, details: PersonDetails) -> int:
    """Write a new person down and return the id."""
    person = Person(
        given_name=details.given_name,
        family_name=details.family_name,
        name_key=name_key(details.given_name, details.family_name),
        email=details.email,
        email_key=email_key(details.email),
        phone=details.phone,
        birth_date=details.birth_date,
        language=details.language,
        street=details.street,
        postcode=details.postcode,
        city=details.city,
        country=details.country,
        consented_at=func.now() if details.consented else None,
    )
    session.add(person)
    session.flush()
    return person.id


def pay_for(session: Session, *, person_id: int, payer_id: int, on: dt.date) -> None:
    """Let somebody else be invoiced for a person, for everything, from a day on."""
    session.add(Payer(person_id=person_id, payer_id=payer_id, from_on=on))
    session.flush()
