"""Who pays for somebody."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dues.members.models import Payer, Person


def who_pays(session: Session, *, person_id: int, on: dt.date) -> Person | None:
    """Return who pays everything for a person on a day, None where they pay themselves."""
    valid = (Payer.from_on <= on) & or_(Payer.to_on.is_(None), Payer.to_on >= on) & Payer.component_id.is_(None)
    return session.scalar(
        select(Person)
        .join(Payer, Payer.payer_id == Person.id)
        .where(Payer.person_id == person_id, valid)
        .order_by(Payer.from_on.desc())
        .limit(1)
    )
