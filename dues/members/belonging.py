"""Whether somebody is of a group: a member of it or of one below it, or who pays for one."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from dues.groups.below import at_or_below
from dues.members.keys import email_key
from dues.members.models import Membership, Payer, Person

NAMESAKES: Final = 5
"""How many of those whom one address leads to are named, at most."""


def belongs(session: Session, *, person_id: int, below: str) -> bool:
    """Tell whether a person is or was a member in a group with this path or below it, or pays or paid for one."""
    if not below:
        return True
    member = exists().where(Membership.person_id == person_id, at_or_below(Membership.group_id, below))
    pays = (
        select(Payer.id)
        .join(Membership, Membership.person_id == Payer.person_id)
        .where(Payer.payer_id == person_id, at_or_below(Membership.group_id, below))
    )
    return bool(session.scalar(select(or_(member, exists(pays)))))


def is_member(session: Session, *, person_id: int, below: str) -> bool:
    """Tell whether a person is or was a member in a group with this path or below it."""
    found = exists().where(Membership.person_id == person_id, at_or_below(Membership.group_id, below))
    return bool(session.scalar(select(found)))


def known_beyond(session: Session, *, person_id: int, path: str) -> bool:
    """Tell whether a person is, or pays for, a member of a group that is neither at a path nor below it."""
    return bool(session.scalar(select(func.known_beyond(person_id, path))))


def known_within(person_id: InstrumentedAttribute[int], path: str) -> ColumnElement[bool]:
    """Return the condition that a column names a person who is known at or below a group's path."""
    members = select(Membership.person_id).where(at_or_below(Membership.group_id, path))
    payers = select(Payer.payer_id).where(Payer.person_id.in_(members))
    return or_(person_id.in_(members), person_id.in_(payers))


def reached_by(session: Session, *, email: str, below: str) -> list[Person]:
    """Return whom an e-mail address leads to among those who are known at or below a group's path, and nobody else."""
    key = email_key(email)
    if not key:
        return []
    wanted = select(Person).where(Person.email_key == key, Person.deceased_on.is_(None), known_within(Person.id, below))
    return list(session.scalars(wanted.order_by(Person.id).limit(NAMESAKES)))


def holder(session: Session, *, membership: UUID) -> Person:
    """Return whose a membership is."""
    wanted = select(Person).join(Membership, Membership.person_id == Person.id).where(Membership.uuid == membership)
    return session.scalars(wanted).one()
