"""Links by which somebody chooses a password: for who is invited, and for who has forgotten theirs."""

import datetime as dt
import hashlib
import secrets
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dues.access import sessions
from dues.access.errors import InvitationNotValidError
from dues.access.models import Invitation, Staff
from dues.access.passwords import hashed
from dues.folding import folded

LIFE: Final = dt.timedelta(days=7)
"""How long an invitation is good."""
RESET_LIFE: Final = dt.timedelta(hours=1)
"""How long a link to another password is good."""
_TOKEN_BYTES: Final = 32


def invite(session: Session, *, name: str, email: str, language: str, now: dt.datetime) -> tuple[Staff, str]:
    """Invite somebody, or once more whoever is known; return them and the token for the link in the mail."""
    staff = session.scalar(select(Staff).where(Staff.email_key == folded(email)).with_for_update())
    if staff is None:
        staff = Staff(name=name, email=email, email_key=folded(email), language=language)
        session.add(staff)
        session.flush()  # the link needs the id
    return staff, _link(session, staff_id=staff.id, until=now + LIFE)


def another_password(session: Session, *, email: str, now: dt.datetime) -> tuple[Staff, str] | None:
    """Make a link for who has forgotten their password; None where nobody has this address."""
    staff = session.scalar(select(Staff).where(Staff.email_key == folded(email), Staff.disabled_at.is_(None)))
    return None if staff is None else (staff, _link(session, staff_id=staff.id, until=now + RESET_LIFE))


def whose(session: Session, *, token: str, now: dt.datetime) -> Staff:
    """Return whom a link lets choose a password; raise InvitationNotValidError."""
    wanted = (
        select(Staff)
        .join(Invitation, Invitation.staff_id == Staff.id)
        .where(
            Invitation.token_hash == _hash(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Staff.disabled_at.is_(None),
        )
    )
    staff = session.scalar(wanted)
    if staff is None:
        raise InvitationNotValidError
    return staff


def choose_password(session: Session, *, token: str, password: str, now: dt.datetime) -> Staff:
    """Take the password somebody chose, use up their links, and end the logins they had.

    Raises InvitationNotValidError and WeakPasswordError.
    """
    staff = whose(session, token=token, now=now)
    kept = hashed(password, about=(staff.name, staff.email))
    used = update(Invitation).where(Invitation.staff_id == staff.id, Invitation.used_at.is_(None))
    session.execute(used.values(used_at=now))
    staff.password_hash, staff.failures = kept, 0
    sessions.end_all(session, staff_id=staff.id, now=now)
    return staff


def _link(session: Session, *, staff_id: int, until: dt.datetime) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(Invitation(token_hash=_hash(token), staff_id=staff_id, expires_at=until))
    session.flush()  # a link that is mailed exists
    return token


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
