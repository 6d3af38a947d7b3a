"""Segments: what an organisation calls the categories of its persons, and who is of which from when until when."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from database.base import Names
from dues.editing import EditingError, GoneError, MissingError, held, remove
from dues.folding import plain_word
from dues.groups.establish import refuse_plain
from dues.groups.lists import Named, names_of
from dues.groups.models import Group
from dues.members.models import Membership, PersonSegment, Segment
from dues.paging import Page, Place, Walk, read_page


class SegmentTakenError(EditingError):
    """The group has a segment with this short name."""

    def __init__(self) -> None:
        super().__init__("This group has a segment with this short name.")


class SegmentDaysError(EditingError):
    """A stretch ends before it begins, or meets another one of the same segment."""

    def __init__(self) -> None:
        super().__init__("These days meet others, or end before they begin.")


@dataclass(frozen=True, slots=True)
class ListedSegment:
    """A segment in a list, and the group it belongs to."""

    segment: Segment
    group: Named


@dataclass(frozen=True, slots=True)
class Stretch:
    """Somebody is of a segment from day to day; ``to_on`` is None while no end is known."""

    segment_id: int
    names: Names
    from_on: dt.date
    to_on: dt.date | None


def lasts(table: Any, on: dt.date) -> ColumnElement[bool]:
    """Return the condition that a row with ``from_on`` and ``to_on`` holds on a day."""
    holds: ColumnElement[bool] = (table.from_on <= on) & or_(table.to_on.is_(None), table.to_on >= on)
    return holds


def segments_page(session: Session, *, at: Place | None = None) -> Page[ListedSegment]:
    """Return segments in the order they were made."""
    page = read_page(session, Walk(Segment, ("id",), "id"), at=at)
    named = names_of(session, {segment.group_id for segment in page.rows})
    return page.turned(lambda segment: ListedSegment(segment, named[segment.group_id]))


def all_segments(session: Session) -> list[tuple[int, Names, str]]:
    """Return every segment with its names and its group's name, as `offered_to` does."""
    wanted = select(Segment.id, Segment.names, Group.name).join(Group, Group.id == Segment.group_id)
    return [(one, names, group) for one, names, group in session.execute(wanted.order_by(Group.name_key, Segment.id))]


def offered_to(session: Session, *, person_id: int, below: str = "") -> list[tuple[int, Names, str]]:
    """Return the segments that somebody can be of: those of the groups they are members of, and of the ones above.

    Each with its names and its group's name. ``below`` narrows it to what holds in one group, by its path.
    """
    at = aliased(Group)
    theirs = (
        select(Membership.id)
        .join(at, at.id == Membership.group_id)
        .where(Membership.person_id == person_id, func.starts_with(at.path, Group.path))
    )
    if below:
        theirs = theirs.where(at.path.op("^@")(below))
    wanted = select(Segment.id, Segment.names, Group.name).join(Group, Group.id == Segment.group_id)
    rows = session.execute(wanted.where(theirs.exists()).order_by(Group.name_key, Segment.id))
    return [(one, names, group) for one, names, group in rows]


def set_up_segment(session: Session, *, group_id: int, names: Mapping[str, str], slug: str = "") -> Segment:
    """Add a segment for a group and those below it; raise SegmentTakenError, SlugError and an EditingError."""
    if session.get(Group, group_id, with_for_update={"key_share": True}) is None:
        raise GoneError("groups")
    kept = _named(names)
    short = slug or plain_word(next(iter(kept.values()))) or "segment"
    refuse_plain(short)
    taken = select(Segment.id).where(Segment.group_id == group_id, Segment.slug == short)
    if session.scalar(taken) is not None:
        raise SegmentTakenError
    segment = Segment(group_id=group_id, slug=short, names=kept)
    session.add(segment)
    session.flush()
    return segment


def change_segment(session: Session, *, segment_id: int, names: Mapping[str, str]) -> Segment:
    """Call a segment something else; raise an EditingError."""
    segment = held(session, Segment, segment_id)
    segment.names = _named(names)
    session.flush()
    return segment


def remove_segment(session: Session, *, segment_id: int) -> None:
    """Take a segment away of which nobody ever was, and for which no price asks; raise an EditingError."""
    remove(session, held(session, Segment, segment_id))


def _named(names: Mapping[str, str]) -> dict[str, str]:
    kept = {language: " ".join(name.split()) for language, name in names.items() if name.strip()}
    if not kept:
        raise MissingError("names")
    return kept


def segments_of(session: Session, *, person_id: int) -> Sequence[Stretch]:
    """Return what somebody is and was of, the newest first."""
    wanted = (
        select(Segment.id, Segment.names, PersonSegment.from_on, PersonSegment.to_on)
        .join(Segment, Segment.id == PersonSegment.segment_id)
        .where(PersonSegment.person_id == person_id)
        .order_by(PersonSegment.to_on.desc().nulls_first(), PersonSegment.from_on.desc(), Segment.id)
    )
    return [Stretch(*row) for row in session.execute(wanted)]


def put_into(
    session: Session, *, person_id: int, segment_id: int, from_on: dt.date, to_on: dt.date | None
) -> PersonSegment:
    """Let somebody be of a segment from day to day; raise SegmentDaysError, and GoneError for no such segment."""
    if session.get(Segment, segment_id) is None:
        raise GoneError("segment")
    if to_on is not None and to_on < from_on:
        raise SegmentDaysError
    meets = select(PersonSegment.from_on).where(
        PersonSegment.person_id == person_id,
        PersonSegment.segment_id == segment_id,
        or_(PersonSegment.to_on.is_(None), PersonSegment.to_on >= from_on),
    )
    if to_on is not None:
        meets = meets.where(PersonSegment.from_on <= to_on)
    if session.scalar(meets.limit(1)) is not None:
        raise SegmentDaysError
    row = PersonSegment(person_id=person_id, segment_id=segment_id, from_on=from_on, to_on=to_on)
    session.add(row)
    session.flush()
    return row


def take_out_of(session: Session, *, person_id: int, segment_id: int, from_on: dt.date, on: dt.date) -> None:
    """Let somebody be of a segment no longer than through a day; what would begin after it is taken away."""
    row = session.get(PersonSegment, (person_id, segment_id, from_on), with_for_update=True)
    if row is None:
        raise GoneError("person_segment")
    if from_on > on:
        session.delete(row)
    elif row.to_on is None or row.to_on > on:
        row.to_on = on
    session.flush()
