"""Finds groups: the ones people can join, by the beginning of their names."""

from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, aliased

from dues.folding import folded
from dues.groups.errors import NoSuchGroupError
from dues.groups.models import Group


@dataclass(frozen=True, slots=True)
class Found:
    """A group in a list: what it is called, where it is, and the group above it that tells namesakes apart."""

    id: int
    slug: str
    name: str
    above: str


def find_joinable(session: Session, *, beginning: str = "", after: int | None = None, limit: int) -> list[Found]:
    """Return groups that can be joined, by name; ``after`` is the id of the last one seen, for the next page."""
    above = aliased(Group)
    wanted = (
        select(Group.id, Group.slug, Group.name, above.name)
        .outerjoin(above, above.id == Group.parent_id)
        .where(Group.joinable, Group.creditor_id.is_not(None))
        .order_by(Group.name_key, Group.id)
        .limit(limit)
    )
    if beginning:
        wanted = wanted.where(Group.name_key.op("^@")(folded(beginning)))
    if after is not None:
        last = select(Group.name_key).where(Group.id == after).scalar_subquery()
        wanted = wanted.where(tuple_(Group.name_key, Group.id) > tuple_(last, after))
    return [Found(id_, slug, name, over or "") for id_, slug, name, over in session.execute(wanted)]


def organisation(session: Session) -> str:
    """Return the name of the whole organisation, the root of the tree; nothing where none is set up yet."""
    root = select(Group.name).where(Group.parent_id.is_(None)).order_by(Group.id).limit(1)
    return session.scalar(root) or ""


def group_id(session: Session, *, slug: str | None) -> int:
    """Return a group's id by its slug, the root's without one; raise NoSuchGroupError."""
    wanted = select(Group.id).where(Group.parent_id.is_(None) if slug is None else Group.slug == slug)
    found = session.scalar(wanted.order_by(Group.id).limit(1))
    if found is None:
        raise NoSuchGroupError(slug or "")
    return found
