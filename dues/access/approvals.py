"""What needs two persons: one proposes it, another one, who may do it, agrees; only then it happens."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.access.errors import ApprovalError, DecidedError, OneHandError, OwnApprovalError
from dues.access.hands import behind_both
from dues.access.models import Approval, ApprovalState
from dues.access.scope import EVERYWHERE, Rights, path_of
from dues.dates import today
from dues.groups.models import Group

Deed = Callable[[Session, Mapping[str, Any]], None]
"""Does what was approved, from the payload it was proposed with, within the session's transaction.

Under ``AGREED`` the payload says who agreed.
"""
AGREED: Final = "agreed"

_deeds: dict[str, Deed] = {}


class UnboundDeedError(Exception):
    """Nothing does what was proposed; the application binds all kinds when it starts."""


class MayNotApproveError(ApprovalError):
    """The second person lacks the permission there."""

    def __init__(self) -> None:
        super().__init__("You may not agree to this.")


def bind(kind: str, deed: Deed) -> None:
    """Say what does a kind of thing once it is approved."""
    _deeds[kind] = deed


def propose(
    session: Session,
    *,
    kind: str,
    permission: str,
    group_id: int | None,
    payload: Mapping[str, Any],
    by: int,
) -> Approval:
    """Write down what one person wants; the same once more is one row. Raises UnboundDeedError."""
    if kind not in _deeds:
        raise UnboundDeedError(kind)
    same = select(Approval).where(
        Approval.kind == kind, Approval.state == ApprovalState.WAITING, Approval.payload == dict(payload)
    )
    found = session.scalar(same.limit(1))
    if found is not None:
        return found
    row = Approval(
        kind=kind,
        permission=permission,
        group_id=group_id,
        payload=dict(payload),
        proposed_by=by,
    )
    session.add(row)
    session.flush()  # the page that follows names it
    return row


def approve(session: Session, *, public_id: uuid.UUID, by: int, rights: Rights, now: dt.datetime) -> Approval:
    """Agree, and do it.

    Raises OwnApprovalError, OneHandError, MayNotApproveError, DecidedError, and what the deed itself raises.
    """
    row = _waiting(session, public_id, by=by, rights=rights)
    if row.proposed_by == by:
        raise OwnApprovalError
    behind = behind_both(session, [row], second=by, on=today(session)).get(row.id)
    if behind is not None:
        raise OneHandError(behind)
    _decide(row, ApprovalState.APPROVED, by=by, now=now)
    session.flush()  # a deed that fails takes the decision back with it
    _deeds[row.kind](session, {**row.payload, AGREED: by})
    return row


def refuse(
    session: Session, *, public_id: uuid.UUID, by: int, rights: Rights, now: dt.datetime, reason: str
) -> Approval:
    """Refuse what another proposed, or withdraw what one proposed oneself."""
    row = _waiting(session, public_id, by=by, rights=rights)
    if row.proposed_by == by:
        _decide(row, ApprovalState.WITHDRAWN, by=by, now=now)
        return row
    _decide(row, ApprovalState.REFUSED, by=by, now=now)
    row.reason = reason
    return row


def proposed_by(session: Session, *, staff_id: int) -> list[Approval]:
    """Return what somebody wants and waits for, oldest first."""
    wanted = select(Approval).where(Approval.state == ApprovalState.WAITING, Approval.proposed_by == staff_id)
    return list(session.scalars(wanted.order_by(Approval.id)))


def decided(session: Session, *, rights: Rights, limit: int) -> list[Approval]:
    """Return what was decided last and somebody may see."""
    wanted = (
        select(Approval, Group.path)
        .outerjoin(Group, Group.id == Approval.group_id)
        .where(Approval.state != ApprovalState.WAITING)
        .order_by(Approval.decided_at.desc(), Approval.id.desc())
        .limit(limit)
    )
    return [row for row, path in session.execute(wanted) if rights.may(row.permission, path or EVERYWHERE)]


def waiting_for(session: Session, *, rights: Rights, limit: int) -> list[Approval]:
    """Return what waits and somebody may see: oldest first."""
    wanted = (
        select(Approval, Group.path)
        .outerjoin(Group, Group.id == Approval.group_id)
        .where(Approval.state == ApprovalState.WAITING)
        .order_by(Approval.id)
    )
    found = (row for row, path in session.execute(wanted) if rights.may(row.permission, path or EVERYWHERE))
    return [row for row, _ in zip(found, range(limit), strict=False)]


def _waiting(session: Session, public_id: uuid.UUID, *, by: int, rights: Rights) -> Approval:
    """Return what waits. What is not theirs and what there is not are refused alike."""
    row = session.scalar(select(Approval).where(Approval.uuid == public_id).with_for_update())
    if row is None or not (row.proposed_by == by or rights.may(row.permission, path_of(session, row.group_id))):
        raise MayNotApproveError
    if row.state is not ApprovalState.WAITING:
        raise DecidedError
    return row


def _decide(row: Approval, state: ApprovalState, *, by: int, now: dt.datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, by, now
