"""Where somebody may do something: the groups, and all below them, in which a permission holds on a day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from dues.groups.models import Group

EVERYWHERE: Final = ""
"""The path of the whole organisation: where every group's path begins, also those to come."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Groups by the beginnings of their paths ("1.7."): each with everything below it."""

    paths: tuple[str, ...]

    @property
    def nowhere(self) -> bool:
        """Whether it is empty."""
        return not self.paths

    def covers(self, path: str) -> bool:
        """Tell whether a group lies within."""
        return any(path.startswith(one) for one in self.paths)

    def within(self, path: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Return the condition that a group's path lies within; it reads an index under row security, too."""
        if self.nowhere:
            return false()
        if EVERYWHERE in self.paths:
            return true()
        return or_(*(path.op("^@")(one) for one in self.paths))


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do on a day, and where."""

    reaches: Mapping[str, Reach]

    def may(self, permission: str, path: str | None = None) -> bool:
        """Tell whether a permission is held at a group ("" for the whole organisation), or, without one, anywhere."""
        reach = self.reaches.get(permission)
        return reach is not None and (path is None or reach.covers(path))

    def where(self, permission: str) -> Reach:
        """Return where a permission is held."""
        return self.reaches.get(permission, Reach(()))

    @property
    def sees_all(self) -> bool:
        """Whether some grant is for the whole organisation, so that the wall need not look at groups."""
        return any(EVERYWHERE in reach.paths for reach in self.reaches.values())


def rights(session: Session, *, staff_id: int, on: dt.date | None = None) -> Rights:
    """Read somebody's rights on a day, today without one: one statement, also before it is known who asks."""
    held = func.rights_of(staff_id, on).table_valued("permission", "path")
    found: dict[str, list[str]] = {}
    for permission, place in session.execute(select(held.c.permission, held.c.path)):
        paths = found.setdefault(permission, [])
        if not any(place.startswith(above) for above in paths):  # what lies below is covered already
            paths.append(place)
    return Rights({permission: Reach(tuple(paths)) for permission, paths in found.items()})


def write_out(session: Session, *, staff_id: int | None = None) -> None:
    """Write out which groups staff may see, for one of them or for all; after a change of grants or of the tree."""
    session.execute(select(func.write_out_scope(staff_id)))


def path_of(session: Session, group_id: int | None) -> str:
    """Return the path that rights are held at: a group's, or that of the whole organisation."""
    if group_id is None:
        return EVERYWHERE
    return session.scalars(select(Group.path).where(Group.id == group_id)).one()
