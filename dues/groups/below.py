"""A group and everything below it, as conditions of other tables' rows, and groups called by name."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from dues.folding import folded
from dues.groups.models import Group

MOST_NAMESAKES: Final = 10


def at_or_below(column: Any, path: str) -> ColumnElement[bool]:
    """Return the condition that a column names a group whose path begins with another's: itself, or one below it."""
    return column.in_(select(Group.id).where(Group.path.op("^@")(path)))  # type: ignore[no-any-return]  # Any in, Any out


def groups_called(session: Session, called: str, *, limit: int = MOST_NAMESAKES) -> Sequence[Group]:
    """Return the groups that a slug or a name means: those of exactly that name, else those that begin so."""
    key = folded(called)
    exact = select(Group).where((Group.slug == key) | (Group.name_key == key)).order_by(Group.path).limit(limit)
    beginning = select(Group).where(Group.name_key.op("^@")(key)).order_by(Group.name_key, Group.id).limit(limit)
    return session.scalars(exact).all() or session.scalars(beginning).all()
