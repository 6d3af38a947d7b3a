"""Who works at the demonstration's desks, and what they may do."""

import datetime as dt
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.access.grants import give
from dues.access.roles import BUILT_IN, lay_out_roles, role_id
from dues.access.staff import add_staff
from dues.actor import COMMAND_LINE
from dues.groups.models import Group

PASSWORD: Final = "try the desk out"  # noqa: S105 -- everybody's, printed at the start of every demonstration
FIRST: Final = "economist@example.org"
"""The login that is printed at the start."""
SECOND: Final = "second-economist@example.org"
"""A colleague of the first's, for what takes two persons."""
LOGINS: Final = (
    *((f"{role.slug}@example.org", role.names["en"], role.slug) for role in BUILT_IN),
    (SECOND, "Second economist", "economist"),
)
"""Address, what colleagues call them, and their role: one of each, and two economists."""
_ALSO: Final = {"economist": ("system-administrator",)}


def take_in(session: Session, *, on: dt.date) -> None:
    """Take the demonstration's staff in: everybody for everything, a group administrator for one group."""
    lay_out_roles(session)
    leaf = session.scalars(select(Group.id).where(Group.joinable).order_by(Group.id).limit(1)).one()
    for email, name, slug in LOGINS:
        staff = add_staff(session, name=name, email=email, password=PASSWORD, language="en")
        group = leaf if slug == "group-administrator" else None
        for role in (slug, *_ALSO.get(slug, ())):
            wanted = role_id(session, role)
            give(session, staff_id=staff.id, role_id=wanted, group_id=group, from_on=on, by=COMMAND_LINE)
