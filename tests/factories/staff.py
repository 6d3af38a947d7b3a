"""Staff of an organisation in tests: taken in with roles in the whole of it, and let in without the entrance."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from dues.access import sessions
from dues.access.grants import give
from dues.access.models import Staff, StaffRole
from dues.access.roles import BUILT_IN, lay_out_roles, role_id
from dues.access.staff import add_staff
from dues.actor import COMMAND_LINE
from dues.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

EMAIL: Final = "clerk@example.org"
PASSWORD: Final = "a desk of my own"
ALL: Final = tuple(role.slug for role in BUILT_IN)
LONG_AGO: Final = dt.date(2000, 1, 1)


def employ(
    session: Session,
    *,
    name: str = "Clerk",
    email: str = EMAIL,
    password: str = PASSWORD,
    language: str = "en",
    roles: Iterable[str] = ALL,
    group: int | None = None,
) -> Staff:
    """Take somebody in who has every role, or those named, in the whole organisation, or in a group and below it."""
    staff = add_staff(session, name=name, email=email, password=password, language=language)
    if session.scalar(select(StaffRole.id).limit(1)) is None:
        lay_out_roles(session)
    for role in roles:
        give(
            session,
            staff_id=staff.id,
            role_id=role_id(session, role),
            group_id=group,
            from_on=LONG_AGO,
            by=COMMAND_LINE,
        )
    return staff


def let_in(session: Session, *, email: str = EMAIL) -> str:
    """Begin a login that has proved itself by a second factor, and return what its browser keeps."""
    staff = session.scalars(select(Staff).where(Staff.email_key == folded(email))).one()
    now = dt.datetime.now(dt.UTC)
    return sessions.begin(session, staff_id=staff.id, strong=True, device="Test", address="127.0.0.1", now=now)[1]
