"""Named lists: what a list is narrowed to, kept under a name by somebody, for themselves or for all who may see it."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dues.lists.errors import NamelessListError, NameTakenError, TooManyListsError
from dues.lists.models import SavedList

MOST: Final = 100
"""Named lists of one person."""
_LONGEST: Final = 80


def save(session: Session, *, staff_id: int, ledger: str, name: str, query: str, shared: bool) -> SavedList:
    """Keep what a list is narrowed to under a name.

    Raises NamelessListError, NameTakenError and TooManyListsError.
    """
    count = session.scalar(select(func.count()).select_from(SavedList).where(SavedList.staff_id == staff_id)) or 0
    if count >= MOST:
        raise TooManyListsError(MOST)
    made = SavedList(staff_id=staff_id, ledger=ledger, name=_named(name), query=query, shared=shared)
    _written(session, made)
    return made


def change(session: Session, *, saved: SavedList, name: str, shared: bool) -> None:
    """Call a list otherwise, or share it, or not any more; raise NamelessListError and NameTakenError."""
    saved.name, saved.shared = _named(name), shared
    _written(session, saved)


def narrow(session: Session, *, saved: SavedList, query: str) -> None:
    """Let a name stand for what the list is narrowed to now."""
    saved.query = query
    session.flush()


def delete(session: Session, *, saved: SavedList) -> None:
    """Delete a name; what it showed stays."""
    session.delete(saved)
    session.flush()


def lists_of(session: Session, *, staff_id: int, ledgers: Collection[str]) -> Sequence[SavedList]:
    """Return somebody's named lists of some lists, and those that are shared, by name."""
    wanted = select(SavedList).where(SavedList.ledger.in_(ledgers), _theirs(staff_id))
    return session.scalars(wanted.order_by(func.lower(SavedList.name), SavedList.id)).all()


def find_list(session: Session, *, staff_id: int, public_id: UUID) -> SavedList | None:
    """Return a named list that is somebody's, or shared."""
    return session.scalar(select(SavedList).where(SavedList.uuid == public_id, _theirs(staff_id)))


def called(session: Session, *, staff_id: int, words: Sequence[str], limit: int) -> Sequence[SavedList]:
    """Return somebody's named lists and shared ones in whose name all words occur."""
    named = and_(*(func.strpos(func.lower(SavedList.name), word.lower()) > 0 for word in words))
    wanted = select(SavedList).where(_theirs(staff_id), named)
    return session.scalars(wanted.order_by(func.lower(SavedList.name), SavedList.id).limit(limit)).all()


def _theirs(staff_id: int) -> ColumnElement[bool]:
    return or_(SavedList.staff_id == staff_id, SavedList.shared)


def _named(name: str) -> str:
    plain = " ".join(name.split())[:_LONGEST]
    if not plain:
        raise NamelessListError
    return plain


def _written(session: Session, saved: SavedList) -> None:
    name = saved.name
    try:
        with session.begin_nested():
            session.add(saved)
            session.flush()
    except IntegrityError as error:
        if not isinstance(error.orig, psycopg.errors.UniqueViolation):
            raise
        raise NameTakenError(name) from error
