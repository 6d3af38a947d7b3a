"""Changes what the register holds of a person; what was printed on documents before stays as it was."""

import hashlib
from dataclasses import fields
from typing import Final

from sqlalchemy.orm import Session

from dues.members.errors import ChangedMeanwhileError, UnknownPersonError
from dues.members.keys import email_key, name_key
from dues.members.models import Person
from dues.members.register import PersonDetails

_KEPT: Final = tuple(field.name for field in fields(PersonDetails) if field.name != "consented")


def details_of(person: Person) -> PersonDetails:
    """Return what the register holds of a person."""
    return PersonDetails(
        given_name=person.given_name,
        family_name=person.family_name,
        language=person.language,
        country=person.country,
        birth_date=person.birth_date,
        email=person.email,
        phone=person.phone,
        street=person.street,
        postcode=person.postcode,
        city=person.city,
    )


def fingerprint(details: PersonDetails) -> str:
    """Return a short word for details, another one for others: it tells whether they changed since they were shown."""
    return hashlib.sha256(repr(details).encode()).hexdigest()[:16]


def change_details(session: Session, *, person_id: int, details: PersonDetails, seen: str) -> bool:
    """Put other details in the place of those whose fingerprint was ``seen``; tell whether anything changed.

    The keys that searches read follow. Raises UnknownPersonError, and ChangedMeanwhileError where somebody else was
    quicker.
    """
    person = session.get(Person, person_id, with_for_update={"key_share": True}, populate_existing=True)
    if person is None:
        raise UnknownPersonError(person_id)
    held = details_of(person)
    if details == held:
        return False
    if fingerprint(held) != seen:
        raise ChangedMeanwhileError(person_id)
    for name in _KEPT:
        setattr(person, name, getattr(details, name))
    person.name_key = name_key(details.given_name, details.family_name)
    person.email_key = email_key(details.email)
    session.flush()
    return True
