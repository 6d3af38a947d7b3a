"""Who stands behind a grant: nobody alone makes the second person that they need."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.access.models import Approval, Grant, GrantHand, RolePermission
from dues.access.scope import EVERYWHERE
from dues.actor import Actor
from dues.groups.models import Group

_STAFF = "staff"
SHARED = "shared"
"""Where it stands in what was proposed: a permission that whoever wants it has, without having the one they ask for."""


def lay_hands(session: Session, grant: Grant, *, by: Iterable[Actor]) -> None:
    """Write down who stands behind a grant, for what its role may do now."""
    _lay(session, [grant.id], role_id=grant.role_id, by=by)


def stand_behind(session: Session, *, role_id: int, by: Iterable[Actor]) -> None:
    """Write down who stands behind all that have a role, for what it may do from now on."""
    grants = session.scalars(select(Grant.id).where(Grant.role_id == role_id).order_by(Grant.id)).all()
    _lay(session, grants, role_id=role_id, by=by)


def behind_both(session: Session, approvals: Sequence[Approval], *, second: int, on: dt.date) -> dict[int, int]:
    """Return who alone made both a proposer and a second person able to do something: one of them, or somebody else.

    By the ids of the approvals, in one statement. One that is missing has nobody: then they are two persons. Where the
    proposer lacks the permission that is asked for, what counts is who brought the two in for what they both may.
    """
    both = func.coalesce(Approval.payload[SHARED].astext, Approval.permission)
    place = func.coalesce(Group.path, EVERYWHERE)
    alone = func.stands_behind_both(Approval.proposed_by, second, both, place, on)
    wanted = (
        select(Approval.id, alone)
        .outerjoin(Group, Group.id == Approval.group_id)
        .where(Approval.id.in_([one.id for one in approvals]))
    )
    return {one: behind for one, behind in session.execute(wanted) if behind is not None}


def _lay(session: Session, grants: Iterable[int], *, role_id: int, by: Iterable[Actor]) -> None:
    wanted = select(RolePermission.permission).where(RolePermission.role_id == role_id)
    may = sorted(session.scalars(wanted))
    hands = dict.fromkeys(int(one.name) if one.kind == _STAFF else None for one in by)
    session.add_all(GrantHand(grant_id=one, staff_id=hand, permissions=may) for one in grants for hand in hands)
    session.flush()  # the database weighs them
