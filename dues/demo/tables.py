"""The temporary tables that the demonstration is drawn from: branches, local groups, words, and the dice."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from dues.demo.branches import Branch
from dues.demo.tree import Grown
from dues.demo.words import Words, plain
from dues.folding import folded

_TABLES = {
    "demo_branch": (
        "branch bigint, first bigint, last bigint, country text, language text, groups bigint, given bigint, "
        "family bigint, streets bigint, cities bigint, phone text, first_phone bigint, phones bigint, youth bigint, "
        "adult bigint, supporter bigint, professional bigint, subscriber bigint"
    ),
    "demo_group": "branch bigint, n bigint, group_id bigint",
    "demo_word": "branch bigint, kind text, n bigint, value text, key text, mail text",
}
# The salt is the seed's own stretch of the numbers, so that no two seeds share a throw; the mask drops the sign.
# hashint8extended is what hash partitions are placed by, and therefore the same in every version and on every machine
# of one byte order.
_DICE = (
    "CREATE FUNCTION pg_temp.draw(who bigint, throw bigint, sides bigint) RETURNS bigint"
    " LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
    " RETURN (hashint8extended(who, {seed} * 64 + throw) & 9223372036854775807) % sides"
)


def lay_out(session: Session, *, grown: Sequence[Grown], seed: int) -> None:
    """Make the tables that end with the transaction, fill them, and make the dice for a seed."""
    for table, columns in _TABLES.items():
        session.execute(text(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP"))
    session.execute(text(_DICE.format(seed=int(seed))))
    _fill(session, "demo_branch", _branches(grown))
    _fill(session, "demo_group", _groups(grown))
    _fill(session, "demo_word", _words(grown))


def put_away(session: Session) -> None:
    """Remove the dice, which would otherwise stay for as long as the connection."""
    session.execute(text("DROP FUNCTION pg_temp.draw(bigint, bigint, bigint)"))


def _fill(session: Session, table: str, rows: Iterable[Sequence[Any]]) -> None:
    listed = [{f"c{number}": value for number, value in enumerate(row)} for row in rows]
    binds = ", ".join(f":{name}" for name in listed[0])
    session.execute(text(f"INSERT INTO {table} VALUES ({binds})"), listed)
    session.execute(text(f"ANALYZE {table}"))


def _branches(grown: Sequence[Grown]) -> Iterator[Sequence[Any]]:
    first = 0
    for number, one in enumerate(grown):
        branch, words = one.branch, one.branch.words
        yield (
            *(number, first, first + branch.share - 1, branch.country, branch.language, len(one.locals)),
            *(len(words.given), len(words.family), len(words.streets), len(words.cities)),
            *(branch.phone, branch.phones.start, len(branch.phones)),
            *(one.fees.youth.id, one.fees.adult.id, one.fees.supporter.id),
            *(one.fees.professional.id, one.fees.subscriber.id),
        )
        first += branch.share


def _groups(grown: Sequence[Grown]) -> Iterator[Sequence[Any]]:
    for number, one in enumerate(grown):
        for place, group_id in enumerate(one.locals):
            yield number, place, group_id


def _words(grown: Sequence[Grown]) -> Iterator[Sequence[Any]]:
    for number, one in enumerate(grown):
        for kind, place, value, key, mail in _words_of(one.branch):
            yield number, kind, place, value, key, mail


def _words_of(branch: Branch) -> Iterator[tuple[str, int, str, str, str]]:
    words: Words = branch.words
    for kind, values in (("given", words.given), ("family", words.family), ("street", words.streets)):
        for place, value in enumerate(values):
            yield kind, place, value, folded(value), plain(value)
    for place, city in enumerate(words.cities):
        yield "city", place, city.name, city.postcode, ""
