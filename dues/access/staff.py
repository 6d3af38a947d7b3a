"""Takes staff in, lets them log in, and keeps how they want their desk."""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.access.errors import StaffKnownError, UnknownStaffError
from dues.access.models import Staff
from dues.access.passwords import fits, hashed, outdated
from dues.folding import folded


def add_staff(session: Session, *, name: str, email: str, password: str, language: str) -> Staff:
    """Take somebody in; raise StaffKnownError and WeakPasswordError."""
    key = folded(email)
    if session.scalar(select(Staff.id).where(Staff.email_key == key)) is not None:
        raise StaffKnownError(email)
    staff = Staff(name=name, email=email, email_key=key, password_hash=hashed(password), language=language)
    session.add(staff)
    session.flush()  # the caller may want the id
    return staff


def staff_names(session: Session, *, ids: Collection[int]) -> dict[int, str]:
    """Return what colleagues call some of the staff, also those who have left."""
    if not ids:
        return {}
    return dict(session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids))).all())


def log_in(session: Session, *, email: str, password: str) -> Staff | None:
    """Return whose login this is, None where nobody's; which part was wrong is not to be learnt."""
    staff = session.scalar(select(Staff).where(Staff.email_key == folded(email), Staff.disabled_at.is_(None)))
    if not fits(password, staff.password_hash if staff else None) or staff is None:
        return None
    if outdated(staff.password_hash):
        staff.password_hash = hashed(password)
    return staff


def logged_in(session: Session, *, public_id: uuid.UUID, epoch: int) -> Staff | None:
    """Return who a login's cookie names, None where that login has ended."""
    wanted = select(Staff).where(Staff.uuid == public_id, Staff.epoch == epoch, Staff.disabled_at.is_(None))
    return session.scalar(wanted)


def set_password(session: Session, *, email: str, password: str) -> Staff:
    """Give somebody another password and end all their logins; raise UnknownStaffError and WeakPasswordError."""
    staff = session.scalar(select(Staff).where(Staff.email_key == folded(email)).with_for_update())
    if staff is None:
        raise UnknownStaffError(email)
    staff.password_hash = hashed(password)
    staff.epoch += 1
    return staff


def furnish_desk(session: Session, *, staff_id: int, language: str, scheme: str, shortcuts: bool) -> None:
    """Keep how somebody wants their desk."""
    staff = session.get_one(Staff, staff_id)
    staff.language, staff.scheme, staff.shortcuts = language, scheme, shortcuts
