"""Finds groups: the ones people can join, by the beginnings of words of their names and places."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, Select, cast, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from dues.folding import folded
from dues.groups.errors import NoSuchGroupError
from dues.groups.models import Creditor, Group, GroupWord

# What stands between words; the trigger that keeps the words cuts at the same signs.
_BETWEEN: Final = re.compile(r"[-\s–—/\\.,:;()&+'’\"“”]+")
_MOST_WORDS: Final = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A group in a list: what it is called, and the groups above it, nearest first, that say where it is.

    The root of the tree, which is above everybody, is left out.
    """

    id: int
    slug: str
    name: str
    above: tuple[str, ...]
    public_id: UUID


def find_joinable(
    session: Session, *, wanted: str = "", after: int | None = None, limit: int, below: str = "", by_hand: bool = False
) -> list[Found]:
    """Return groups that can be joined, by name; ``after`` is the id of the last one seen, for the next page.

    ``below`` is the path of a group that they all have or lie below. With ``by_hand`` those whose join page is closed
    are among them: an officer may add members there.

    Each word of ``wanted`` must begin a word of the group's name or of a group above it, in whatever order.
    """
    found = _called(wanted, limit=limit).where(Group.creditor_id.is_not(None))
    if not by_hand:
        found = found.where(Group.joinable)
    if below:
        found = found.where(Group.path.op("^@")(below))
    if after is not None:
        last = select(Group.name_key).where(Group.id == after).scalar_subquery()
        found = found.where(tuple_(Group.name_key, Group.id) > tuple_(last, after))
    return _found(session, found)


def find_groups(session: Session, *, wanted: str, limit: int) -> list[Found]:
    """Return groups, joinable or not, that are found by the same words, by name."""
    return _found(session, _called(wanted, limit=limit))


def find_within(
    session: Session, *, within: Callable[[InstrumentedAttribute[str]], ColumnElement[bool]], wanted: str, limit: int
) -> list[Found]:
    """Return groups whose paths lie within somebody's reach, and that are found by the same words, by name."""
    return _found(session, _called(wanted, limit=limit).where(within(Group.path)))


def _called(wanted: str, *, limit: int) -> Select[int, str, str, list[str], UUID]:
    found = (
        select(Group.id, Group.slug, Group.name, _places_above(), Group.uuid)
        .order_by(Group.name_key, Group.id)
        .limit(limit)
    )
    for word in words(wanted):
        found = found.where(Group.id.in_(select(GroupWord.group_id).where(GroupWord.word.op("^@")(word))))
    return found


def _found(session: Session, wanted: Select[int, str, str, list[str], UUID]) -> list[Found]:
    rows = session.execute(wanted)
    return [Found(id_, slug, name, tuple(above or ()), public_id) for id_, slug, name, above, public_id in rows]


def words(wanted: str) -> list[str]:
    """Return the words that are looked for, the first few of them, each once."""
    written: Iterable[str] = _BETWEEN.split(folded(wanted))
    return list(dict.fromkeys(word for word in written if word))[:_MOST_WORDS]


def _places_above() -> ScalarSelect[list[str]]:
    """The names of the groups on the way up, nearest first, without the root."""
    above = aliased(Group)
    steps = cast(func.string_to_array(func.rtrim(Group.path, "."), "."), ARRAY(BigInteger))
    names = func.array_agg(aggregate_order_by(above.name, func.length(above.path).desc()))
    return (
        select(names)
        .where(above.id == func.any(steps), above.id != Group.id, above.parent_id.is_not(None))
        .scalar_subquery()
    )


def group_names(session: Session, *, ids: Collection[int]) -> dict[int, str]:
    """Return what some groups are called."""
    return dict(session.execute(select(Group.id, Group.name).where(Group.id.in_(ids))).all())


def currencies(session: Session, *, creditors: Collection[int]) -> dict[int, str]:
    """Return the currencies of some creditors."""
    return dict(session.execute(select(Creditor.id, Creditor.currency).where(Creditor.id.in_(creditors))).all())


def organisation(session: Session) -> str:
    """Return the name of the whole organisation, the root of the tree; nothing where none is set up yet."""
    root = select(Group.name).where(Group.parent_id.is_(None)).order_by(Group.id).limit(1)
    return session.scalar(root) or ""


def group_id(session: Session, *, slug: str) -> int:
    """Return a group's id by its slug; raise NoSuchGroupError."""
    found = session.scalar(select(Group.id).where(Group.slug == slug))
    if found is None:
        raise NoSuchGroupError(slug)
    return found


def by_slug(session: Session, *, slug: str) -> Group | None:
    """Return a group by its slug, None where there is none."""
    return session.scalars(select(Group).where(Group.slug == slug)).first()
