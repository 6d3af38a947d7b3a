"""Takes staff in, lets them log in, and keeps how they want their desk."""

import datetime as dt
from collections.abc import Collection
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.access.errors import StaffKnownError, UnknownStaffError
from dues.access.models import Staff
from dues.access.passwords import fits, hashed, outdated, renewed
from dues.access.sessions import end_all
from dues.folding import folded

TRIES: Final = 10
"""Wrong passwords after which a login rests."""
REST: Final = dt.timedelta(minutes=15)
"""How long."""


def add_staff(session: Session, *, name: str, email: str, password: str, language: str) -> Staff:
    """Take somebody in; raise StaffKnownError and WeakPasswordError."""
    key = folded(email)
    if session.scalar(select(Staff.id).where(Staff.email_key == key)) is not None:
        raise StaffKnownError(email)
    kept = hashed(password, about=(name, email))
    staff = Staff(name=name, email=email, email_key=key, password_hash=kept, language=language)
    session.add(staff)
    session.flush()  # the caller may want the id
    return staff


def staff_names(session: Session, *, ids: Collection[int]) -> dict[int, str]:
    """Return what colleagues call some of the staff, also those who have left."""
    if not ids:
        return {}
    return dict(session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids))).all())


def find_staff(session: Session, *, email: str) -> Staff:
    """Return who has an address; raise UnknownStaffError."""
    staff = session.scalar(select(Staff).where(Staff.email_key == folded(email)))
    if staff is None:
        raise UnknownStaffError(email)
    return staff


def log_in(session: Session, *, email: str, password: str, now: dt.datetime) -> Staff | None:
    """Return whose login this is, None where nobody's; which part was wrong is not to be learnt.

    After TRIES wrong passwords a login rests for REST, also for who knows the right one, and without saying so.
    Commit whatever comes back: a wrong password is a counted try.
    """
    wanted = select(Staff).where(Staff.email_key == folded(email), Staff.disabled_at.is_(None))
    staff = session.scalar(wanted.with_for_update())
    right = fits(password, staff.password_hash if staff else None)
    if staff is None or _rests(staff, now):
        return None
    if not right:
        staff.failures, staff.failed_at = staff.failures + 1, now
        return None
    staff.failures = 0
    if staff.password_hash is not None and outdated(staff.password_hash):
        staff.password_hash = renewed(password)
    return staff


def let_in_by_address(session: Session, *, email: str) -> Staff | None:
    """Return who has an address that another house has verified, None where nobody does or may come in."""
    return session.scalar(select(Staff).where(Staff.email_key == folded(email), Staff.disabled_at.is_(None)))


def _rests(staff: Staff, now: dt.datetime) -> bool:
    if staff.failures < TRIES or staff.failed_at is None:
        return False
    if now - staff.failed_at < REST:
        return True
    staff.failures = 0
    return False


def set_password(session: Session, *, email: str, password: str, now: dt.datetime) -> Staff:
    """Give somebody another password and end all their logins; raise UnknownStaffError and WeakPasswordError."""
    staff = session.scalar(select(Staff).where(Staff.email_key == folded(email)).with_for_update())
    if staff is None:
        raise UnknownStaffError(email)
    staff.password_hash, staff.failures = hashed(password, about=(staff.name, staff.email)), 0
    end_all(session, staff_id=staff.id, now=now)
    return staff


def disable(session: Session, *, staff_id: int, now: dt.datetime) -> None:
    """Let somebody in no more; their logins end at once, their grants stay to be read."""
    session.get_one(Staff, staff_id, with_for_update=True).disabled_at = now
    end_all(session, staff_id=staff_id, now=now)


def enable(session: Session, *, staff_id: int) -> None:
    """Let somebody in again."""
    session.get_one(Staff, staff_id, with_for_update=True).disabled_at = None


def furnish_desk(session: Session, *, staff_id: int, language: str, scheme: str, shortcuts: bool) -> None:
    """Keep how somebody wants their desk."""
    staff = session.get_one(Staff, staff_id)
    staff.language, staff.scheme, staff.shortcuts = language, scheme, shortcuts


def change_password(session: Session, *, staff_id: int, password: str, but_login: int, now: dt.datetime) -> None:
    """Take another password from whoever is logged in; all their logins but this one end. Raises WeakPasswordError."""
    staff = session.get_one(Staff, staff_id, with_for_update=True)
    staff.password_hash = hashed(password, about=(staff.name, staff.email))
    end_all(session, staff_id=staff_id, now=now, but=but_login)
