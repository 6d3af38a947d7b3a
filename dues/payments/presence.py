"""Who else has a case before them: a courtesy between colleagues, which runs out by itself and locks nothing."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, case, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dues.access.models import Staff
from dues.payments.models import CaseVisit

LASTS: Final = dt.timedelta(minutes=2)
"""How long a sign of life counts; a page with scripts gives one more often."""

_KEPT: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who looks at the same case, and since when."""

    name: str
    since: dt.datetime


def attend(session: Session, *, payment_id: int, staff_id: int) -> list[Colleague]:
    """Note that somebody has a case before them, and return who else has, first come first."""
    visit = insert(CaseVisit).values(payment_id=payment_id, staff_id=staff_id)
    gone = CaseVisit.seen_at < func.now() - LASTS
    # A visit that had run out begins anew.
    anew = {"seen_at": func.now(), "came_at": case((gone, func.now()), else_=CaseVisit.came_at)}
    session.execute(visit.on_conflict_do_update(index_elements=["payment_id", "staff_id"], set_=anew))
    others = (
        select(Staff.name, CaseVisit.came_at)
        .join(Staff, Staff.id == CaseVisit.staff_id)
        .where(CaseVisit.payment_id == payment_id, CaseVisit.staff_id != staff_id, ~gone)
        .order_by(CaseVisit.came_at, Staff.name)
    )
    return [Colleague(name, since) for name, since in session.execute(others)]


def leave(session: Session, *, payment_id: int, staff_id: int) -> None:
    """Note that somebody is done with a case, and forget visits of long ago."""
    done = and_(CaseVisit.payment_id == payment_id, CaseVisit.staff_id == staff_id)
    session.execute(delete(CaseVisit).where(or_(done, CaseVisit.seen_at < func.now() - _KEPT)))
