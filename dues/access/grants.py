"""Gives roles and ends them: nobody gives what they do not have themselves without a second person."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.access.approvals import AGREED, propose
from dues.access.errors import NotYoursToGiveError, UnknownGrantError
from dues.access.hands import lay_hands
from dues.access.models import Approval, Grant, RolePermission
from dues.access.permissions import Permission
from dues.access.scope import Rights, path_of, write_out
from dues.actor import Actor

KIND: Final = "grant"
"""What a role that waits for a second person is called among approvals."""

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
    agreed_by: Actor | None = None,
) -> Grant:
    """Give a role in a group and below it, or (None) in the whole organisation; once more changes its days.

    Whoever gives it, also once more, stands behind it, and so does who has agreed to it.

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
    lay_hands(session, grant, by=(by,) if agreed_by is None else (by, agreed_by))
    return grant


def offer(
    session: Session,
    *,
    staff_id: int,
    role_id: int,
    group_id: int | None,
    from_on: dt.date,
    to_on: dt.date | None = None,
    by: int,
    giver: Rights,
) -> Grant | Approval:
    """Give a role, or, where it may do what the giver may not, ask a second person to agree."""
    if holds_all(session, rights=giver, role_id=role_id, group_id=group_id):
        given = {"from_on": from_on, "to_on": to_on, "by": Actor("staff", str(by))}
        return give(session, staff_id=staff_id, role_id=role_id, group_id=group_id, **given)  # type: ignore[arg-type]  # each by its name
    payload = {
        "staff": staff_id,
        "role": role_id,
        "group": group_id,
        "from": from_on.isoformat(),
        "to": None if to_on is None else to_on.isoformat(),
        "by": by,
    }
    return propose(session, kind=KIND, permission=Permission.STAFF_EDIT, group_id=group_id, payload=payload, by=by)


def give_proposed(session: Session, payload: Mapping[str, Any]) -> None:
    """Give the role that a second person has agreed to."""
    give(
        session,
        staff_id=payload["staff"],
        role_id=payload["role"],
        group_id=payload["group"],
        from_on=dt.date.fromisoformat(payload["from"]),
        to_on=dt.date.fromisoformat(payload["to"]) if payload["to"] else None,
        by=Actor("staff", str(payload["by"])),
        agreed_by=Actor("staff", str(payload[AGREED])),
    )


def end(session: Session, *, grant_id: int, on: dt.date, by: Actor) -> Grant:
    """End a grant: it held yesterday for the last time. Raises UnknownGrantError for one that has ended."""
    grant = session.get(Grant, grant_id, with_for_update=True, populate_existing=True)
    if grant is None or (grant.to_on is not None and grant.to_on < on):
        raise UnknownGrantError
    grant.to_on, grant.ended_by = max(on - _DAY, grant.from_on - _DAY), str(by)
    session.flush()  # the scope is written out from what stands in the table
    write_out(session, staff_id=grant.staff_id)
    return grant


def whose_grant(session: Session, *, grant_id: int) -> int | None:
    """Return whose a grant is, None where there is none."""
    return session.scalar(select(Grant.staff_id).where(Grant.id == grant_id))


def holds_all(session: Session, *, rights: Rights, role_id: int, group_id: int | None) -> bool:
    """Tell whether somebody has every permission of a role in a group themselves."""
    path = path_of(session, group_id)
    wanted = session.scalars(select(RolePermission.permission).where(RolePermission.role_id == role_id))
    return all(rights.may(permission, path) for permission in wanted)
