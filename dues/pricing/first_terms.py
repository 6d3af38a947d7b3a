"""The period that begins on a day for each type: until when, and how much of a term's price it costs."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Date, func, literal, select
from sqlalchemy.orm import Session

from dues.members.models import MembershipType
from dues.pricing.queries import Share


@dataclass(frozen=True, slots=True)
class FirstTerm:
    """The first period of a type for whoever joins on a day: its last day, and how much of a term it costs."""

    kind: MembershipType
    until: dt.date
    share: Share


def first_terms(session: Session, *, on: dt.date, where: ColumnElement[bool], first: bool = True) -> list[FirstTerm]:
    """Return periods that begin on a day, first ones or later ones, by the functions with which the run makes them."""
    starts, kind, joins = literal(on, Date), MembershipType, literal(first)
    until = func.charged_end(starts, starts, kind.calendar, kind.term_months, kind.late_months, joins, type_=Date)
    part = func.charged_part(starts, until, kind.calendar, kind.term_months, kind.proration, joins, type_=BigInteger)
    whole = func.charged_whole(starts, kind.calendar, kind.term_months, kind.proration, joins, type_=BigInteger)
    rows = session.execute(select(kind, until, part, whole).where(where).order_by(kind.position, kind.id))
    return [FirstTerm(one, last, Share(numerator, denominator)) for one, last, numerator, denominator in rows]
