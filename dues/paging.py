"""Pages of long lists: the rows behind or before one of them, in the order of a unique key; nothing is counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

Row = TypeVar("Row")
Other = TypeVar("Other")
Entity = Any
"""A mapped class, or an alias of one."""

ROWS: Final = 50
"""Rows of a page, unless somebody asks for fewer."""

STRETCH: Final = 10_000
"""Rows of the key that one page looks through for what no index finds; the next page goes on from there."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind the row that ``mark`` calls, or, ``backwards``, before it."""

    mark: str
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and the marks from which the pages before and after begin; empty where there is none.

    ``unfinished`` says that a stretch was looked through to its end before the page was full: what is wanted may
    well come later.
    """

    rows: Sequence[Row]
    before: str = ""
    after: str = ""
    unfinished: bool = False

    def turned(self, into: Callable[[Row], Other]) -> "Page[Other]":
        """Return the same page with each row made into something else."""
        return Page([into(row) for row in self.rows], self.before, self.after, self.unfinished)


@dataclass(frozen=True, slots=True)
class Walk:
    """How a list is walked: along which unique key of a table, and what each row is called outside.

    ``key`` names columns, of which the last is unique alone; an index serves them together with ``narrowed``, the
    conditions that the index answers. ``mark`` names the column that stands in addresses.
    """

    entity: type[Any]
    key: tuple[str, ...]
    mark: str
    descending: bool = False
    narrowed: tuple[ColumnElement[bool], ...] = ()

    def along(self, *conditions: ColumnElement[bool]) -> "Walk":
        """Return the same walk with more conditions that the index answers."""
        return replace(self, narrowed=(*self.narrowed, *conditions))


Picked = Callable[[Entity], ColumnElement[bool]]
"""Says of an alias of the table what no index answers."""


def read_page(
    session: Session, walk: Walk, *, at: Place | None, picked: Sequence[Picked] = (), rows: int = ROWS
) -> Page[Any]:
    """Return a page of a table's rows.

    What is ``picked`` is looked for in a stretch of at most `STRETCH` rows, so that no wish makes anybody wait. A
    place whose row is not there (any more) is the beginning, and so is a page back that reaches it.
    """
    start = _start(session, walk, at)
    if at is None or start is None:
        return _read(session, walk, None, picked=picked, rows=rows)
    page = _read(session, walk, start, backwards=at.backwards, picked=picked, rows=rows)
    if at.backwards and not page.before:
        return _read(session, walk, None, picked=picked, rows=rows)
    return page if page.rows else replace(page, before=page.before or at.mark, after=page.after or at.mark)


def _read(
    session: Session,
    walk: Walk,
    start: tuple[Any, ...] | None,
    *,
    backwards: bool = False,
    picked: Sequence[Picked],
    rows: int,
) -> Page[Any]:
    found = _rows(session, walk, start, backwards=backwards, picked=picked, rows=rows)
    more, found = len(found) > rows, found[:rows]
    end = None if more or not picked else _end(session, walk, start, backwards=backwards)
    onward = _mark(walk, found[-1]) if more else end or ""
    back = _mark(walk, found[0]) if start is not None and found else ""
    if backwards:
        return Page(found[::-1], before=onward, after=back, unfinished=end is not None)
    return Page(found, before=back, after=onward, unfinished=end is not None)


def _start(session: Session, walk: Walk, at: Place | None) -> tuple[Any, ...] | None:
    """Return the key of the row where a page begins."""
    if at is None:
        return None
    mark: InstrumentedAttribute[Any] = getattr(walk.entity, walk.mark)
    try:
        wanted = mark.type.python_type(at.mark)
    except ValueError:
        return None
    found = session.execute(select(*(getattr(walk.entity, name) for name in walk.key)).where(mark == wanted)).first()
    return None if found is None else tuple(found)


def _stretch(walk: Walk, start: tuple[Any, ...] | None, *, backwards: bool) -> Select[Any]:
    """Return the rows of the table from a place on, in the direction one reads."""
    columns = [getattr(walk.entity, name) for name in walk.key]
    falling = walk.descending != backwards
    wanted = select(walk.entity).where(*walk.narrowed)
    if start is not None:
        here = tuple_(*columns)
        wanted = wanted.where(here < tuple_(*start) if falling else here > tuple_(*start))
    return wanted.order_by(*(column.desc() if falling else column.asc() for column in columns))


def _rows(
    session: Session,
    walk: Walk,
    start: tuple[Any, ...] | None,
    *,
    backwards: bool,
    picked: Sequence[Picked],
    rows: int,
) -> list[Any]:
    stretch = _stretch(walk, start, backwards=backwards)
    if not picked:
        return list(session.scalars(stretch.limit(rows + 1)))
    near = aliased(walk.entity, stretch.limit(STRETCH).subquery())
    columns = [getattr(near, name) for name in walk.key]
    falling = walk.descending != backwards
    wanted = select(near).where(*(pick(near) for pick in picked))
    ordered = wanted.order_by(*(column.desc() if falling else column.asc() for column in columns))
    return list(session.scalars(ordered.limit(rows + 1)))


def _end(session: Session, walk: Walk, start: tuple[Any, ...] | None, *, backwards: bool) -> str | None:
    """Return the mark of the last row of a stretch that goes on behind it; None where the list ends within."""
    stretch = _stretch(walk, start, backwards=backwards)
    mark = getattr(walk.entity, walk.mark)
    found = session.scalars(stretch.with_only_columns(mark).offset(STRETCH - 1).limit(2)).all()
    return str(found[0]) if len(found) > 1 else None


def _mark(walk: Walk, row: object) -> str:
    return str(getattr(row, walk.mark))
