"""Links by which somebody chooses a password: for who is invited, and for who has forgotten theirs."""

import base64
import datetime as dt
import hashlib
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from dues.access import sessions
from dues.access.errors import InvitationNotValidError, StaffKnownError
from dues.access.models import Invitation, Staff
from dues.access.passwords import hashed
from dues.access.sealing import keyed_hash
from dues.folding import folded

LIFE: Final = dt.timedelta(days=7)
"""How long an invitation is good."""
RESET_LIFE: Final = dt.timedelta(hours=1)
"""How long a link to another password is good."""
_PURPOSE: Final = "invitation"


def invite(
    session: Session, *, name: str, email: str, language: str, now: dt.datetime, secret: str
) -> tuple[Staff, Invitation]:
    """Invite somebody by a link that a mail brings; raise StaffKnownError for an address that is known already."""
    key = folded(email)
    if session.scalar(select(Staff.id).where(Staff.email_key == key)) is not None:
        raise StaffKnownError(email)
    staff = Staff(name=name, email=email, email_key=key, language=language)
    session.add(staff)
    session.flush()  # the link needs the id
    return staff, _link(session, staff_id=staff.id, now=now, life=LIFE, first=True, secret=secret)


def invite_again(session: Session, *, staff_id: int, now: dt.datetime, secret: str) -> Invitation:
    """Make another link for somebody who has been invited, or who has forgotten their password."""
    staff = session.get_one(Staff, staff_id)
    first = staff.password_hash is None
    return _link(session, staff_id=staff_id, now=now, life=LIFE if first else RESET_LIFE, first=first, secret=secret)


def token_of(invitation: Invitation, *, secret: str) -> str:
    """Return what stands in a link: nobody without the installation's secret can make it."""
    made = keyed_hash(f"{invitation.id} {invitation.staff_id}", secret=secret, purpose=_PURPOSE)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


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


def _link(
    session: Session, *, staff_id: int, now: dt.datetime, life: dt.timedelta, first: bool, secret: str
) -> Invitation:
    """Make a link; those that somebody had before are void."""
    void = update(Invitation).where(Invitation.staff_id == staff_id, Invitation.used_at.is_(None))
    session.execute(void.values(used_at=now))
    number = session.scalars(select(func.nextval("invitation_id_seq"))).one()
    invitation = Invitation(id=number, staff_id=staff_id, expires_at=now + life, first=first)
    invitation.token_hash = _hash(token_of(invitation, secret=secret))
    session.add(invitation)
    session.flush()  # a link that is mailed exists
    return invitation


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
