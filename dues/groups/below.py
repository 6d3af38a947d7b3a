"""A group and everything below it, as a condition of other tables' rows; and the creditors to choose from."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from dues.groups.models import Creditor, Group


def at_or_below(column: Any, path: str) -> ColumnElement[bool]:
    """Return the condition that a column names a group whose path begins with another's: itself, or one below it."""
    return column.in_(select(Group.id).where(Group.path.op("^@")(path)))  # type: ignore[no-any-return]  # Any in, Any out


def books_within(column: Any, path: str) -> ColumnElement[bool]:
    """Return the condition that a column names a creditor whose group is another's by path, or lies below it."""
    return column.in_(select(Creditor.id).where(at_or_below(Creditor.group_id, path)))  # type: ignore[no-any-return]  # Any in, Any out


def lies_below(session: Session, *, group_id: int, path: str) -> bool:
    """Tell whether a group has this path or lies below it; every group does below ""."""
    wanted = select(Group.id).where(Group.id == group_id, Group.path.op("^@")(path))
    return not path or session.scalar(wanted) is not None


def books_lie_below(session: Session, *, creditor_id: int, path: str) -> bool:
    """Tell whether a creditor's books are those of the group with a path, or of one below it."""
    wanted = select(Creditor.id).join(Group, Group.id == Creditor.group_id)
    return session.scalar(wanted.where(Creditor.id == creditor_id, Group.path.op("^@")(path))) is not None


def path_of(session: Session, *, group_id: int) -> str:
    """Return the path of a group, nothing where there is no such group."""
    return session.scalar(select(Group.path).where(Group.id == group_id)) or ""


def groups_at(session: Session, *, path: str, limit: int = 200) -> Sequence[Group]:
    """Return the group with a path and those below it by name, at most as many as one looks through."""
    wanted = select(Group).where(Group.path.op("^@")(path))
    return session.scalars(wanted.order_by(Group.name_key, Group.id).limit(limit)).all()


def creditors(session: Session) -> Sequence[Creditor]:
    """Return all creditors by name."""
    return session.scalars(select(Creditor).order_by(Creditor.name, Creditor.id)).all()


def has_below(session: Session, *, group_id: int) -> bool:
    """Tell whether a group has groups below it."""
    return bool(session.scalar(select(exists().where(Group.parent_id == group_id))))


def currencies(session: Session) -> Sequence[str]:
    """Return the currencies of all creditors' books."""
    return session.scalars(select(Creditor.currency).distinct().order_by(Creditor.currency)).all()
