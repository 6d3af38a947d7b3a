"""Gives roles and ends them: nobody gives what they do not have themselves without a second person."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.access.errors import NotYoursToGiveError, UnknownGrantError
from dues.access.models import Grant, RolePermission
from dues.access.scope import Rights, path_of, write_out
from dues.actor import Actor

_DAY = dt.timedelta(days=1)


def give(
    session: Session,
    *,
    staff_id: int,
    role_id: int,
    group_id: int | None,
    from_on: dt.date,
    to_on: dt.date | None = None,
    by: Actor,
    giver: Rights | None = None,
) -> Grant:
    """Give a role in a group and below it, or (None) in the whole organisation; once more changes its days.

    Raises NotYoursToGiveError when ``giver`` lacks one of the role's permissions there; None gives as the house
    itself (the command line, or a second person has agreed).
    """
    if giver is not None and not holds_all(session, rights=giver, role_id=role_id, group_id=group_id):
        raise NotYoursToGiveError
    known = select(Grant).where(
        Grant.staff_id == staff_id,
        Grant.role_id == role_id,
        Grant.group_id.is_not_distinct_from(group_id),
        Grant.to_on.is_(None),
    )
    grant = session.scalar(known.with_for_update())
    if grant is None:
        grant = Grant(
            staff_id=staff_id, role_id=role_id, group_id=group_id, from_on=from_on, to_on=to_on, actor=str(by)
        )
        session.add(grant)
    grant.from_on, grant.to_on = min(grant.from_on, from_on), to_on
    session.flush()  # the scope is written out from what stands in the table
    write_out(session, staff_id=staff_id)
    return grant


def end(session: Session, *, grant_id: int, on: dt.date, by: Actor) -> Grant:
    """End a grant: it held yesterday for the last time. Raises UnknownGrantError for one that has ended."""
    grant = session.get(Grant, grant_id, with_for_update=True, populate_existing=True)
    if grant is None or (grant.to_on is not None and grant.to_on < on):
        raise UnknownGrantError
    grant.to_on, grant.ended_by = max(on - _DAY, grant.from_on - _DAY), str(by)
    session.flush()  # the scope is written out from what stands in the table
    write_out(session, staff_id=grant.staff_id)
    return grant


def holds_all(session: Session, *, rights: Rights, role_id: int, group_id: int | None) -> bool:
    """Tell whether somebody has every permission of a role in a group themselves."""
    path = path_of(session, group_id)
    wanted = session.scalars(select(RolePermission.permission).where(RolePermission.role_id == role_id))
    return all(rights.may(permission, path) for permission in wanted)
