"""Who stands behind a grant: nobody alone makes the second person that they need."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.access.models import Approval, Grant, GrantHand, RolePermission
from dues.access.scope import path_of
from dues.actor import Actor

_STAFF = "staff"


def lay_hands(session: Session, grant: Grant, *, by: Iterable[Actor]) -> None:
    """Write down who stands behind a grant, for what its role may do now."""
    wanted = select(RolePermission.permission).where(RolePermission.role_id == grant.role_id)
    may = sorted(session.scalars(wanted))
    hands = dict.fromkeys(int(one.name) if one.kind == _STAFF else None for one in by)
    session.add_all(GrantHand(grant_id=grant.id, staff_id=hand, permissions=may) for hand in hands)
    session.flush()  # the database weighs them


def stand_behind(session: Session, *, role_id: int, by: Iterable[Actor]) -> None:
    """Write down who stands behind all that have a role, for what it may do from now on."""
    for grant in session.scalars(select(Grant).where(Grant.role_id == role_id).order_by(Grant.id)).all():
        lay_hands(session, grant, by=by)


def behind_both(session: Session, approval: Approval, *, second: int, on: dt.date) -> int | None:
    """Return who alone made both the proposer and a second person able to do something: one of them, or somebody else.

    None where there is nobody: then they are two persons.
    """
    path = path_of(session, approval.group_id)
    found = func.stands_behind_both(approval.proposed_by, second, approval.permission, path, on)
    return session.scalar(select(found))
