"""Who is meant by a piece of a name or an e-mail address, as a wish on tables that name persons."""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from dues.folding import folded
from dues.members.models import Person
from dues.paging import FEW, Wish, are_few


def called(session: Session, text: str, *, column: str) -> Wish:
    """Return the wish that a column of a table names a person who is called so; that column has an index."""
    key = folded(text)
    few = are_few(session, _ids(key))
    return Wish(
        picked=lambda table: _is_called(getattr(table, column), key),
        found=(lambda table: getattr(table, column).in_(_ids(key))) if few else None,
    )


def _ids(key: str) -> Select[Any]:
    """Return the ids of those whose name or e-mail address begins so, some of them twice; no more than `FEW` of each."""
    if "@" in key:
        return _some(select(Person.id).where(Person.email_key != "", Person.email_key.op("^@")(key)))
    return _some(select(Person.id).where(Person.name_key.op("^@")(key)))


def _some(wanted: Select[Any]) -> Select[Any]:
    """Return at most one row more than `FEW`, so that nobody waits for all who are called Anna."""
    return wanted.limit(FEW + 1)


def _is_called(person: ColumnElement[int], key: str) -> ColumnElement[bool]:
    """Return whether the person of an id is called so, looked up one by one."""
    one = aliased(Person)
    begins = one.email_key.op("^@")(key) if "@" in key else one.name_key.op("^@")(key)
    # The offset keeps the planner from reading the whole register for a few rows of a page.
    return exists(select(one.id).where(one.id == person, begins).offset(0))
