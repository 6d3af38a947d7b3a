"""Pages of long lists: the rows behind or before one of them, in the order of a unique key; nothing is counted.

Whatever is wished for together, a page costs a bounded amount of work. A wish that an index answers with few rows
decides which rows are looked at; where none does, the list is walked along its key, a stretch a page, and the page says
when its stretch ended before it was full.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, Uuid, any_, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

Row = TypeVar("Row")
Other = TypeVar("Other")

ROWS: Final = 50
"""Rows of a page, unless somebody asks for fewer."""

FEW: Final = 2_000
"""Rows that are few enough to be looked at and sorted, all of them, for one page."""

STRETCH: Final = 10_000
"""Rows of the key that one page looks through for what no index finds; the next page goes on from there."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind the row that ``mark`` calls, or, ``backwards``, before it.

    ``key`` is that row's key where whoever asks has kept it: it holds also when the row is not there any more.
    """

    mark: str = ""
    backwards: bool = False
    key: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and the marks from which the pages before and after begin; empty where there is none.

    ``unfinished`` says that a stretch was looked through to its end before the page was full: what is wanted may
    well come later. ``onward`` is the key behind which the page after begins.
    """

    rows: Sequence[Row]
    before: str = ""
    after: str = ""
    unfinished: bool = False
    onward: tuple[Any, ...] | None = None

    def turned(self, into: Callable[[Row], Other]) -> "Page[Other]":
        """Return the same page with each row made into something else."""
        return Page([into(row) for row in self.rows], self.before, self.after, self.unfinished, self.onward)


Picked = Callable[[Any], ColumnElement[bool]]
"""A condition on a table, given the mapped class or an alias of it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What rows are wanted: ``picked`` tells of a row whether it is one of them.

    ``found`` is the same in a form by which an index finds them, or, unless it is ``exact``, more than them; where it
    finds few, only those are looked at. ``counted`` finds as many rows as ``found`` does, where that is less work, or
    is how many they are, where that is known.
    """

    picked: Picked
    found: Picked | None = None
    exact: bool = True
    counted: Select[Any] | int | None = None


def found(picked: Picked) -> Wish:
    """Return a wish for what an index of the table itself finds."""
    return Wish(picked, picked)


def among(column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that a column is one of some numbers: one value in the statement, however many they are."""
    return column == any_(literal(list(ids), ARRAY(BigInteger)))  # type: ignore[no-any-return]  # Any in, Any out


def named(column: Any, names: Sequence[UUID]) -> ColumnElement[bool]:
    """Return the condition that a column is one of some ids that leave the house: one value, too."""
    return column == any_(literal(list(names), ARRAY(Uuid)))  # type: ignore[no-any-return]  # Any in, Any out


@dataclass(frozen=True, slots=True)
class Walk:
    """How a list is walked: along which unique key of a table, and what each row is called outside.

    ``key`` names columns that are unique together with ``narrowed``, conditions that the key's index answers, too.
    ``mark`` names the column that stands in addresses. A ``stretch`` is shorter where rows that follow each other in
    the key lie far apart.
    """

    entity: type[Any]
    key: tuple[str, ...]
    mark: str
    descending: bool = False
    narrowed: tuple[ColumnElement[bool], ...] = field(default=())
    stretch: int = STRETCH

    def along(self, *conditions: ColumnElement[bool]) -> "Walk":
        """Return the same walk with more conditions that the index answers."""
        return replace(self, narrowed=(*self.narrowed, *conditions))

    def turned(self, *, descending: bool) -> "Walk":
        """Return the same walk in the other direction, or in this one."""
        return replace(self, descending=descending)


def read_page(
    session: Session, walk: Walk, *, at: Place | None, wishes: Sequence[Wish] = (), rows: int = ROWS
) -> Page[Any]:
    """Return a page of a table's rows in the order of the walk.

    A place whose row is not there (any more) is the beginning, and so is a page back that reaches it.
    """
    step = _Step(session, walk, tuple(wishes), rows, few=_few(session, walk, wishes))
    start = _start(session, walk, at)
    if at is None or start is None:
        return step.read(None)
    page = step.read(start, backwards=at.backwards)
    if at.backwards and not page.before:
        return step.read(None)
    if page.rows:
        return page
    return replace(page, after=at.mark) if at.backwards else replace(page, before=at.mark)


def are_few(session: Session, wanted: Select[Any]) -> bool:
    """Tell whether a statement finds at most `FEW` rows; more are not looked for."""
    return how_many(session, wanted, most=FEW) <= FEW


def how_many(session: Session, wanted: Select[Any], *, most: int) -> int:
    """Return how many rows a statement finds, counted up to ``most`` and one more."""
    near = wanted.limit(most + 1).subquery()
    return session.scalar(select(func.count()).select_from(near)) or 0


def counted(session: Session, walk: Walk, *, wishes: Sequence[Wish] = ()) -> int:
    """Return how many rows all pages of a list have together: one statement, which looks at as many rows as there are.

    For work in the background alone, which says how far it is; no page asks for it.
    """
    few = _few(session, walk, wishes)
    near = [few.found(walk.entity)] if few and few.found else []
    asked = [wish.picked(walk.entity) for wish in wishes if wish is not few or not wish.exact]
    return session.scalar(select(func.count()).select_from(walk.entity).where(*walk.narrowed, *near, *asked)) or 0


def _few(session: Session, walk: Walk, wishes: Sequence[Wish]) -> Wish | None:
    """Return the first wish that an index answers with few rows."""
    return next((wish for wish in wishes if wish.found and _finds_few(session, walk, wish.found, wish.counted)), None)


def _finds_few(session: Session, walk: Walk, found: Picked, counted: Select[Any] | int | None) -> bool:
    if isinstance(counted, int):
        return counted <= FEW
    return are_few(
        session, select(literal(1)).select_from(walk.entity).where(found(walk.entity)) if counted is None else counted
    )


def _start(session: Session, walk: Walk, at: Place | None) -> tuple[Any, ...] | None:
    """Return the key of the row where a page begins."""
    if at is None or at.key is not None:
        return at.key if at else None
    mark: InstrumentedAttribute[Any] = getattr(walk.entity, walk.mark)
    try:
        wanted = mark.type.python_type(at.mark)
    except ValueError:
        return None
    if isinstance(wanted, int) and wanted >= 1 << 63:
        return None
    found = session.execute(select(*(getattr(walk.entity, name) for name in walk.key)).where(mark == wanted)).first()
    return None if found is None else tuple(found)


@dataclass(frozen=True, slots=True)
class _Step:
    """One reading of a page: ``few`` is the wish whose rows are looked at, all of them."""

    session: Session
    walk: Walk
    wishes: tuple[Wish, ...]
    rows: int
    few: Wish | None

    def read(self, start: tuple[Any, ...] | None, *, backwards: bool = False) -> Page[Any]:
        found = list(self.session.scalars(self._wanted(start, backwards=backwards).limit(self.rows + 1)))
        more, found = len(found) > self.rows, found[: self.rows]
        end = None if more or self.few or not self.wishes else self._end(start, backwards=backwards)
        last = found[-1] if more else end
        onward = "" if last is None else self._mark(last)
        back = self._mark(found[0]) if start is not None and found else ""
        if backwards:
            return Page(found[::-1], before=onward, after=back, unfinished=end is not None)
        key = None if last is None else tuple(getattr(last, name) for name in self.walk.key)
        return Page(found, before=back, after=onward, unfinished=end is not None, onward=key)

    def _wanted(self, start: tuple[Any, ...] | None, *, backwards: bool) -> Select[Any]:
        """Return what is read: straight along the key, or from among few rows, or from a stretch."""
        if not self.wishes:
            return self._ordered(self.walk.entity, start, backwards=backwards).where(*self.walk.narrowed)
        # A limit or an offset is a fence: the planner does not take the conditions outside for a way in.
        if self.few and self.few.found:
            near = select(self.walk.entity).where(self.few.found(self.walk.entity), *self.walk.narrowed).offset(0)
        else:
            stretch = self._ordered(self.walk.entity, start, backwards=backwards).where(*self.walk.narrowed)
            near = stretch.limit(self.walk.stretch)
        entity = aliased(self.walk.entity, near.subquery())
        wanted = self._ordered(entity, start if self.few else None, backwards=backwards)
        asked = [wish for wish in self.wishes if wish is not self.few or not wish.exact]
        return wanted.where(*(wish.picked(entity) for wish in asked))

    def _ordered(self, entity: Any, start: tuple[Any, ...] | None, *, backwards: bool) -> Select[Any]:
        columns = [getattr(entity, name) for name in self.walk.key]
        falling = self.walk.descending != backwards
        wanted = select(entity)
        if start is not None:
            here = tuple_(*columns)
            wanted = wanted.where(here < tuple_(*start) if falling else here > tuple_(*start))
        return wanted.order_by(*(column.desc() if falling else column.asc() for column in columns))

    def _end(self, start: tuple[Any, ...] | None, *, backwards: bool) -> object | None:
        """Return key and mark of the last row of a stretch that goes on behind it; None where the list ends within."""
        stretch = self._ordered(self.walk.entity, start, backwards=backwards).where(*self.walk.narrowed)
        named = (getattr(self.walk.entity, name) for name in dict.fromkeys((*self.walk.key, self.walk.mark)))
        found = self.session.execute(stretch.with_only_columns(*named).offset(self.walk.stretch - 1).limit(2)).all()
        return found[0] if len(found) > 1 else None

    def _mark(self, row: object) -> str:
        return str(getattr(row, self.walk.mark))
