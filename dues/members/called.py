"""Who is meant by a piece of a name or an e-mail address, as a wish on tables that name persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from dues import paging
from dues.folding import folded
from dues.members.models import Person, PersonWord
from dues.paging import Picked, Wish, among

_MANY: Final = 20_000
"""Persons of a name who are still told one by one, from indexes alone. Of more than these a page is soon full."""

_LAST: Final = chr(0x10FFFF)

_SHORTEST: Final = 3
"""Letters of a word that is looked for within names; shorter ones are only looked for at their beginnings."""


@dataclass(frozen=True, slots=True)
class Called:
    """The persons who are called so: ``persons`` finds their ids where they can be told, else None.

    ``few`` are the ids themselves where they are so few that what is theirs can be looked at, all of it, for one page.
    """

    words: Sequence[str]
    persons: Select[Any] | None
    few: Sequence[int] | None

    def is_theirs(self, person: SQLColumnExpression[int]) -> ColumnElement[bool]:
        """Return whether an id is one of theirs: by a set that is made once or, of too many, looked up one by one."""
        if self.few is not None:
            return among(person, self.few)
        if self.persons is None:
            return _is_called(person, self.words)
        # As a test of a truth it stays one set that rows are held against; the planner would make it a join, and a
        # join of a guess that is too low compares each with each.
        return person.in_(self.persons).is_(True)


def who_is_called(session: Session, text: str, *, most: int = _MANY) -> Called:
    """Find out who is called so, or that more than ``most`` are."""
    words = name_words(text)
    persons = _ids(words, most=most)
    near = persons.limit(most + 1).subquery()
    # Counted and, where they are few, told at once: what is asked of them next need not look for their names again.
    told = case((func.count() <= paging.FEW, func.array_agg(near.c[0])))
    count, ids = session.execute(select(func.count(), told).select_from(near)).one()
    few = tuple(dict.fromkeys(ids or ())) if count <= min(most, paging.FEW) else None
    return Called(words, persons if count <= most else None, few)


def called(session: Session, text: str, *, column: str) -> Wish:
    """Return the wish that a column of a table names a person who is called so; that column has an index.

    Where more are called so than can be looked at for one page, nothing is found and each row is asked instead.
    """
    they = who_is_called(session, text)
    theirs: Picked = lambda table: they.is_theirs(getattr(table, column))  # noqa: E731
    return Wish(theirs, found=None if they.few is None else theirs)


def persons_called(session: Session, text: str) -> Wish:
    """Return the wish for persons who are called so; of more than a few, each is asked instead."""
    they = who_is_called(session, text, most=paging.FEW)
    theirs: Picked = lambda table: they.is_theirs(table.id)  # noqa: E731
    return Wish(theirs, None) if they.few is None else Wish(theirs, theirs, counted=len(they.few))


def plainly_called(session: Session, *, keys: Sequence[str], beginnings: Sequence[str], most: int) -> list[int]:
    """Return at most so many ids of those whose name without its accents is a key, or begins so; see `plainly`.

    Only of names that have accents: the others are found by their own keys.
    """
    begins = [and_(PersonWord.word >= key, PersonWord.word < key + _LAST) for key in beginnings]
    wanted = select(PersonWord.person_id).where(or_(PersonWord.word.in_(keys), *begins)).distinct().limit(most)
    return list(session.scalars(wanted)) if keys or begins else []


def name_words(text: str) -> list[str]:
    """Return the words of a search, folded; commas are what some write between family and given name."""
    return folded(text.replace(",", " ")).split() or [folded(text)]


def beginnings(words: Sequence[str]) -> list[str]:
    """Return every way to go round with the words: who writes "Anna Berg" means "Berg Anna Maria", too."""
    return [" ".join((*words[first:], *words[:first])) for first in range(len(words))]


def _ids(words: Sequence[str], *, most: int) -> Select[Any]:
    """Return the ids of those who are called so, some of them twice; no more of each way to be called than are told."""
    ways = [select(Person.id).where(way) for way in _begins(Person, words)]
    longest = max(words, key=len)
    if "@" not in words[0] and len(longest) >= _SHORTEST:
        ways.append(select(PersonWord.person_id).where(*_within(longest, words)))
        ways += [select(PersonWord.person_id).where(way) for way in _plainly(PersonWord, words)]
    some = union_all(*(select(way.limit(most + 1).subquery()) for way in ways)).subquery()
    return select(some.c[0])


def _begins(person: Any, words: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return the ways in which a key begins so."""
    if "@" in words[0]:
        return [and_(person.email_key != "", person.email_key.op("^@")(words[0]))]
    keys = (person.name_key, person.given_key)
    return [key.op("^@")(beginning) for beginning in beginnings(words) for key in keys]


def _within(word: str, words: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return that a word within a name begins with one word of a search, and that the name has the others."""
    has = [_has(Person, other) for other in words if other != word]
    named = [exists(select(Person.id).where(Person.id == PersonWord.person_id, *has).offset(0))] if has else []
    return [PersonWord.word.op("^@")(word), *named]


def _has(person: Any, word: str) -> ColumnElement[bool]:
    """Return whether a name has a word, with its accents or without, however the others are written."""
    kept = aliased(PersonWord)
    plain = select(kept.word).where(kept.person_id == person.id, func.strpos(kept.word, word) > 0).offset(0)
    return or_(func.strpos(person.name_key, word) > 0, exists(plain))


def _plainly(word: Any, words: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return the ways in which a whole name without its accents begins so; one word is looked for as one within."""
    return [word.word.op("^@")(beginning) for beginning in beginnings(words)] if len(words) > 1 else []


def _is_called(person: SQLColumnExpression[int], words: Sequence[str]) -> ColumnElement[bool]:
    """Return whether the person of an id is called so, looked up one by one."""
    one = aliased(Person)
    ways = or_(*_begins(one, words))
    # The offset keeps the planner from reading the whole register for a few rows of a page.
    begins = exists(select(one.id).where(one.id == person, ways).offset(0))
    if "@" in words[0] or len(max(words, key=len)) < _SHORTEST:
        return begins
    word, longest = aliased(PersonWord), max(words, key=len)
    has = [_has(one, other) for other in words if other != longest]
    within = select(word.word).where(word.person_id == person, word.word.op("^@")(longest)).offset(0)
    named = select(one.id).where(one.id == person, *has).offset(0)
    whole = or_(false(), *_plainly(word, words))
    plainly = select(word.word).where(word.person_id == person, whole).offset(0)
    return or_(begins, and_(exists(within), exists(named)), exists(plainly))
