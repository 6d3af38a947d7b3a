"""Reads the staff: who there is, which roles they hold where, and who may agree to something."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from dues.access.models import Grant, Staff, StaffRole, StaffSession
from dues.access.scope import path_of
from dues.folding import folded
from dues.groups.models import Group
from dues.paging import Page, Place, Walk, read_page


class Standing(StrEnum):
    """How somebody stands: not come yet, at work, or let in no more."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"

    @classmethod
    def of(cls, staff: Staff) -> "Standing":
        """Tell how somebody stands."""
        if staff.disabled_at is not None:
            return cls.DISABLED
        return cls.INVITED if staff.password_hash is None else cls.ACTIVE


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds, or will hold, in a group and below it ("" for the whole organisation)."""

    id: int
    role: str
    names: Mapping[str, str]
    group: str
    from_on: dt.date
    to_on: dt.date | None

    def begun(self, on: dt.date) -> bool:
        """Whether it holds already."""
        return self.from_on <= on


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list of staff."""

    staff: Staff
    standing: Standing
    held: Sequence[Held]
    seen_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class StaffWanted:
    """What is wanted of the list: the beginning of an address or a part of a name, a standing, a role, a group."""

    search: str = ""
    standing: str = ""
    role: int | None = None
    group: int | None = None


def staff_page(session: Session, wanted: StaffWanted, *, on: dt.date, at: Place | None) -> Page[Listed]:
    """Return a page of staff, by address."""
    walk = Walk(Staff, ("email_key",), "uuid").along(*_conditions(session, wanted, on))
    page = read_page(session, walk, at=at)
    ids = [staff.id for staff in page.rows]
    roles, seen = _held_by(session, ids, on=on), _seen(session, ids)
    return page.turned(
        lambda staff: Listed(staff, Standing.of(staff), roles.get(staff.id, ()), seen.get(staff.id)),
    )


def find_person(session: Session, *, public_id: uuid.UUID) -> Staff | None:
    """Return somebody of the staff by what addresses call them."""
    return session.scalar(select(Staff).where(Staff.uuid == public_id))


def held_by(session: Session, *, staff_id: int, on: dt.date) -> Sequence[Held]:
    """Return the roles that somebody holds or will hold, the whole organisation first."""
    return _held_by(session, [staff_id], on=on).get(staff_id, ())


def holders(session: Session, *, permission: str, group_id: int | None, on: dt.date) -> list[Staff]:
    """Return who may do something in a group on a day, and is let in."""
    path = path_of(session, group_id)
    # Whoever asks may not see the grants of those above, who are to be told all the same.
    granted = select(func.who_may(permission, path, on).column_valued("staff_id"))
    wanted = select(Staff).where(Staff.id.in_(granted), Staff.disabled_at.is_(None)).order_by(Staff.id)
    return list(session.scalars(wanted))


def _conditions(session: Session, wanted: StaffWanted, on: dt.date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.search:
        sought = folded(wanted.search)
        found.append(or_(Staff.email_key.op("^@")(sought), func.strpos(func.lower(Staff.name), sought) > 0))
    if wanted.standing == Standing.DISABLED:
        found.append(Staff.disabled_at.is_not(None))
    elif wanted.standing:
        found.append(Staff.disabled_at.is_(None))
        invited = wanted.standing == Standing.INVITED
        found.append(Staff.password_hash.is_(None) if invited else Staff.password_hash.is_not(None))
    grant = select(Grant.id).where(Grant.staff_id == Staff.id, or_(Grant.to_on.is_(None), Grant.to_on >= on))
    if wanted.role is not None:
        found.append(exists(grant.where(Grant.role_id == wanted.role)))
    if wanted.group is not None:
        path = path_of(session, wanted.group)
        below = select(Group.id).where(Group.path.op("^@")(path))
        found.append(exists(grant.where(Grant.group_id.in_(below))))
    return found


def _held_by(session: Session, ids: Sequence[int], *, on: dt.date) -> dict[int, list[Held]]:
    wanted = (
        select(Grant, StaffRole, Group.name)
        .join(StaffRole, StaffRole.id == Grant.role_id)
        .outerjoin(Group, Group.id == Grant.group_id)
        .where(
            Grant.staff_id.in_(ids),
            or_(Grant.to_on.is_(None), (Grant.to_on >= on) & (Grant.to_on >= Grant.from_on)),
        )
        .order_by(Group.path.nulls_first(), StaffRole.id, Grant.id)
    )
    found: dict[int, list[Held]] = {}
    for grant, role, group in session.execute(wanted):
        one = Held(grant.id, role.slug, role.names, group or "", grant.from_on, grant.to_on)
        found.setdefault(grant.staff_id, []).append(one)
    return found


def _seen(session: Session, ids: Sequence[int]) -> dict[int, dt.datetime]:
    wanted = select(StaffSession.staff_id, func.max(StaffSession.seen_at)).where(StaffSession.staff_id.in_(ids))
    return dict(session.execute(wanted.group_by(StaffSession.staff_id)).all())
