"""Logins: one row a browser, which can be listed, ended, and made fresh again."""

import datetime as dt
import hashlib
import secrets
import uuid
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from dues.access.models import Staff, StaffSession

LIFE: Final = dt.timedelta(hours=12)
"""How long a login lasts, used or not."""
FRESH: Final = dt.timedelta(minutes=5)
"""How long after proving who one is sensitive things may be done."""
_SEEN: Final = dt.timedelta(minutes=1)
_TOKEN_BYTES: Final = 32
_LONGEST: Final = 120


def begin(
    session: Session, *, staff_id: int, strong: bool, device: str, address: str, now: dt.datetime
) -> tuple[StaffSession, str]:
    """Begin a login; return it with the token that the browser keeps. Only the token's hash is stored."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = StaffSession(
        token_hash=_hash(token),
        staff_id=staff_id,
        strong=strong,
        device=device[:_LONGEST],
        address=address,
        started_at=now,
        seen_at=now,
        fresh_at=now,
    )
    session.add(row)
    session.flush()  # the caller may want the id
    return row, token


def recognise(session: Session, *, token: str, now: dt.datetime) -> tuple[Staff, StaffSession] | None:
    """Return whose login a token is, None where it has ended or is too old."""
    wanted = (
        select(Staff, StaffSession)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(
            StaffSession.token_hash == _hash(token),
            StaffSession.ended_at.is_(None),
            StaffSession.started_at > now - LIFE,
            Staff.disabled_at.is_(None),
        )
    )
    found = session.execute(wanted).first()
    return None if found is None else (found[0], found[1])


def needs_seeing(login: StaffSession, *, now: dt.datetime) -> bool:
    """Tell whether it is time to write down that a login is in use: once a minute is enough."""
    return now - login.seen_at > _SEEN


def see(session: Session, *, login_id: int, now: dt.datetime) -> None:
    """Write down that a login is in use."""
    session.execute(update(StaffSession).where(StaffSession.id == login_id).values(seen_at=now))


def is_fresh(login: StaffSession, *, now: dt.datetime) -> bool:
    """Tell whether whoever is logged in has proved it within the last minutes."""
    return now - login.fresh_at <= FRESH


def prove_again(session: Session, *, login_id: int, strong: bool, now: dt.datetime) -> None:
    """Note that whoever is logged in has proved it again."""
    login = session.get_one(StaffSession, login_id)
    login.fresh_at = now
    login.strong = login.strong or strong


def open_logins(session: Session, *, staff_id: int, now: dt.datetime) -> list[StaffSession]:
    """Return somebody's logins that have not ended, the one used last first."""
    wanted = select(StaffSession).where(
        StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None), StaffSession.started_at > now - LIFE
    )
    return list(session.scalars(wanted.order_by(StaffSession.seen_at.desc(), StaffSession.id.desc())))


def last_visit(session: Session, *, staff_id: int, login_id: int) -> dt.datetime | None:
    """Return when somebody logged in before this login, None where it is their first."""
    before = select(func.max(StaffSession.started_at))
    return session.scalar(before.where(StaffSession.staff_id == staff_id, StaffSession.id < login_id))


def end_one(session: Session, *, staff_id: int, public_id: uuid.UUID, now: dt.datetime) -> bool:
    """End one of somebody's logins; tell whether there was such a one."""
    ended = (
        update(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.uuid == public_id, StaffSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(StaffSession.id)
    )
    return session.scalar(ended) is not None


def end_all(session: Session, *, staff_id: int, now: dt.datetime, but: int | None = None) -> None:
    """End all of somebody's logins, ``but`` one of them."""
    ended = update(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
    if but is not None:
        ended = ended.where(StaffSession.id != but)
    session.execute(ended.values(ended_at=now))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
