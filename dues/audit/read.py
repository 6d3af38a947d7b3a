"""The audit log to look at: a page at a time, newest first, narrowed by who, what, when and whom it is about."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from dues.audit.models import Change, ChangeKind, ChangeSubject, ChangeValue, Link, Verb
from dues.paging import Page, Place, Walk, Wish, found, read_page

Subject = tuple[str, int]
"""Whom or what a line is about: "person", "members" (of a group), "group", "books" (of a creditor), … and the id."""

Values = Mapping[str, tuple[object, object]]
"""Of each column what it was and what it is, as JSON has it."""

_WALK: Final = Walk(Change, ("recorded_at", "id"), "id", descending=True)


@dataclass(frozen=True, slots=True)
class ChangesWanted:
    """What the log is narrowed by; None and nothing narrow nothing. ``until`` is the first moment not wanted."""

    actor: str = ""
    kind: ChangeKind | None = None
    relation: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    about: Sequence[Subject] = ()


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A line as a list shows it.

    ``values`` is None where they were erased; a column that stands in ``columns`` alone was never written down.
    ``sealed`` is the number of its link in the chain, None while it waits for it.
    """

    id: int
    at: dt.datetime
    actor: str
    kind: ChangeKind
    relation: str
    verb: Verb
    key: str
    last_key: str | None
    touched: int
    columns: Sequence[str]
    subjects: Sequence[Subject]
    values: Values | None
    address: str
    why: str
    sealed: int | None


def changes(session: Session, wanted: ChangesWanted, *, at: Place | None = None, rows: int = 50) -> Page[ChangeRow]:
    """Return a page of the log."""
    page = read_page(session, _walk(wanted), at=at, wishes=_wishes(wanted), rows=rows)
    drawn = _rows(session, list(page.rows))
    return page.turned(lambda one: drawn[one.id])


def known_actors(session: Session) -> list[str]:
    """Return everybody who stands in the log, each read by one step in the index."""
    found_ones: list[str] = []
    last = session.scalar(select(Change.actor).order_by(Change.actor).limit(1))
    while last is not None:
        found_ones.append(last)
        last = session.scalar(select(Change.actor).where(Change.actor > last).order_by(Change.actor).limit(1))
    return found_ones


def _walk(wanted: ChangesWanted) -> Walk:
    moments: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        moments.append(Change.recorded_at >= wanted.since)
    if wanted.until is not None:
        moments.append(Change.recorded_at < wanted.until)
    return _WALK.along(*moments)


def _wishes(wanted: ChangesWanted) -> list[Wish]:
    """Return the wishes, those first that usually find the fewest rows."""
    wishes = []
    if wanted.about:
        named = tuple_(ChangeSubject.kind, ChangeSubject.subject_id).in_(list(wanted.about))
        ids = select(ChangeSubject.change_id).where(named)
        wishes.append(found(lambda table: table.id.in_(ids)))
    if wanted.actor:
        wishes.append(found(lambda table: table.actor == wanted.actor))
    if wanted.relation:
        wishes.append(Wish(lambda table: table.relation == wanted.relation))
    if wanted.kind is not None:
        wishes.append(Wish(lambda table: table.kind == wanted.kind))
    return wishes


def _rows(session: Session, lines: Sequence[Change]) -> dict[int, ChangeRow]:
    ids = [one.id for one in lines]
    values = {one.change_id: one for one in session.scalars(select(ChangeValue).where(ChangeValue.change_id.in_(ids)))}
    links = dict(session.execute(select(Link.change_id, Link.seq).where(Link.change_id.in_(ids))).all())
    subjects: dict[int, list[Subject]] = {}
    for one in session.scalars(select(ChangeSubject).where(ChangeSubject.change_id.in_(ids))):
        subjects.setdefault(one.change_id, []).append((one.kind, one.subject_id))
    return {one.id: _row(one, values.get(one.id), sorted(subjects.get(one.id, ())), links.get(one.id)) for one in lines}


def _row(one: Change, value: ChangeValue | None, subjects: Sequence[Subject], sealed: int | None) -> ChangeRow:
    return ChangeRow(
        id=one.id,
        at=one.recorded_at,
        actor=one.actor,
        kind=one.kind,
        relation=one.relation,
        verb=one.verb,
        key=one.key,
        last_key=one.last_key,
        touched=one.touched,
        columns=one.columns,
        subjects=subjects,
        values=None if value is None else {name: (was, becomes) for name, (was, becomes) in value.content.items()},
        address=value.address if value else "",
        why=value.why if value else "",
        sealed=sealed,
    )
