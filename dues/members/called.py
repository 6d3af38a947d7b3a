"""Who is meant by a piece of a name or an e-mail address, as a wish on tables that name persons."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from dues.folding import folded
from dues.members.models import Person, PersonWord
from dues.paging import FEW, Wish, are_few

_SHORTEST: Final = 3
"""Letters of a word that is looked for within names; shorter ones are only looked for at their beginnings."""


def called(session: Session, text: str, *, column: str) -> Wish:
    """Return the wish that a column of a table names a person who is called so; that column has an index.

    Where more are called so than can be looked at for one page, nothing is found and each row is asked instead.
    """
    words = name_words(text)
    few = are_few(session, _ids(words))
    return Wish(
        picked=lambda table: is_called(getattr(table, column), text),
        found=(lambda table: getattr(table, column).in_(_ids(words))) if few else None,
    )


def few_called(session: Session, text: str) -> Select[Any] | None:
    """Return the ids of the few who are called so, None where they are more than can be looked at for one page."""
    words = name_words(text)
    return _ids(words) if are_few(session, _ids(words)) else None


def name_words(text: str) -> list[str]:
    """Return the words of a search, folded; commas are what some write between family and given name."""
    return folded(text.replace(",", " ")).split() or [folded(text)]


def beginnings(words: Sequence[str]) -> list[str]:
    """Return every way to go round with the words: who writes "Anna Berg" means "Berg Anna Maria", too."""
    return [" ".join((*words[first:], *words[:first])) for first in range(len(words))]


def _ids(words: Sequence[str]) -> Select[Any]:
    """Return the ids of those who are called so, some of them twice; of each way to be called a few at most."""
    ways = [select(Person.id).where(way) for way in _begins(Person, words)]
    longest = max(words, key=len)
    if "@" not in words[0] and len(longest) >= _SHORTEST:
        ways.append(select(PersonWord.person_id).where(*_within(longest, words)))
    some = union_all(*(select(way.limit(FEW + 1).subquery()) for way in ways)).subquery()
    return select(some.c[0])


def _begins(person: Any, words: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return the ways in which a key begins so."""
    if "@" in words[0]:
        return [and_(person.email_key != "", person.email_key.op("^@")(words[0]))]
    keys = (person.name_key, person.given_key)
    return [key.op("^@")(beginning) for beginning in beginnings(words) for key in keys]


def _within(word: str, words: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return that a word within a name begins with one word of a search, and that the name has the others."""
    others = [other for other in words if other != word]
    has = [func.strpos(Person.name_key, other) > 0 for other in others]
    named = [exists(select(Person.id).where(Person.id == PersonWord.person_id, *has).offset(0))] if has else []
    return [PersonWord.word.op("^@")(word), *named]


def is_called(person: ColumnElement[int], text: str) -> ColumnElement[bool]:
    """Return whether the person of an id is called so, looked up one by one."""
    words = name_words(text)
    one = aliased(Person)
    ways = or_(*_begins(one, words))
    # The offset keeps the planner from reading the whole register for a few rows of a page.
    begins = exists(select(one.id).where(one.id == person, ways).offset(0))
    if "@" in words[0] or len(max(words, key=len)) < _SHORTEST:
        return begins
    word, longest = aliased(PersonWord), max(words, key=len)
    has = [func.strpos(one.name_key, other) > 0 for other in words if other != longest]
    within = select(word.word).where(word.person_id == person, word.word.op("^@")(longest)).offset(0)
    named = select(one.id).where(one.id == person, *has).offset(0)
    return or_(begins, and_(exists(within), exists(named)))
