"""Who pays for somebody."""

import datetime as dt

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from dues.members.models import Payer, Person


def pays_all(on: dt.date) -> ColumnElement[bool]:
    """Return the condition that a payer pays everything for somebody on a day."""
    return (Payer.from_on <= on) & or_(Payer.to_on.is_(None), Payer.to_on >= on) & Payer.component_id.is_(None)


def who_pays(session: Session, *, person_id: int, on: dt.date) -> Person | None:
    """Return who pays everything for a person on a day, None where they pay themselves."""
    return session.scalar(
        select(Person)
        .join(Payer, Payer.payer_id == Person.id)
        .where(Payer.person_id == person_id, pays_all(on))
        .order_by(Payer.from_on.desc())
        .limit(1)
    )
