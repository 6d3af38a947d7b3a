"""Walks through every door with the Python checks switched off: only the database still knows whose a row is."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flask import g
from pypdf import PdfReader
from sqlalchemy import text

from admin.keeper import keeper
from admin.user import clerk
from database.connect import Role
from dues.access.declare import Access, Kind
from dues.access.permissions import Permission
from dues.access.scope import EVERYWHERE, Reach, Rights
from tests.rights.doors import Whose
from tests.rights.table import DOORS
from tests.rights.world import CROSS, FOREIGN, OWN
from tests.wall.test_wall import CREDITORS, RUNS, THEIRS
from web.guard import keep

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from flask import Flask
    from sqlalchemy import Connection
    from werkzeug.test import TestResponse
    from werkzeug.wrappers import Response

    from tests.rights.doors import Door
    from tests.rights.walk import Walker
    from tests.rights.world import User, World

_ALL_RIGHTS: Final = Rights({one.value: Reach((EVERYWHERE,)) for one in Permission})
_OF_GROUPS: Final = (
    *("membership_type", "fee_component", "price_rule", "own_text", "group_word", "product"),
    *("segment", "discount"),
)
_OF_BOOKS: Final = (
    *("bank_agreement", "instalment_rule", "matching_rule", "account", "posting_rule", "payee", "books_closed"),
)
_TOUCHED: Final = frozenset(
    {"entry", "posting", "payment_day", "account_day", "ledger_day_change", "open_claims_change", "message"}
)
"""Tables that grow where somebody works on what is their own: books of the creditor above, mails to colleagues."""

_MARKS: Final = {
    "person": ("family_name", "split_part(email, '@', 1)", "uuid"),
    "membership": ("uuid",),
    "invoice": ("uuid", "number"),
    "payment_reference": ("value",),
    "message": ("split_part(address, '@', 1)",),
    "bank_file": ("uuid",),
    "run": ("uuid",),
    "groups": ("uuid", "slug"),
    "creditor": ("uuid",),
}
"""By which values a row of somebody else is recognised in an answer."""
_WHOSE: Final = {OWN: "own", FOREIGN: "of somebody else", CROSS: "of somebody else in their house"}
_WORD: Final = re.compile(r"[\w-]{4,}")
_GAP: Final = re.compile(r"(?<=\d)[ \u00a0](?=\d)")


def unguarded(app: Flask) -> Flask:
    """Let everybody who is staff believe to hold every right everywhere; what the database sees of them stays."""
    keep(app, Kind.PERMISSION, _let_everybody)
    return app


def _let_everybody(access: Access) -> Response | None:
    found = clerk()
    if found is not None:
        g._login_user = replace(found, rights=_ALL_RIGHTS)
    return keeper(access)


def conditions(user: User) -> dict[str, str]:
    """Return, for each table behind the wall, which of its rows are somebody's own."""
    own = {table: f"({where})" for table, where in THEIRS.items()}
    mine = f"actor = 'staff:{user.id}'"
    run = f"({mine} OR path IN (SELECT path FROM groups WHERE id = ANY (:groups)))"
    of_run = f"run_id IN (SELECT id FROM run WHERE {run})"
    own |= {table: run if table == "run" else of_run for table in RUNS}
    of_runs = ("invoice_item", "charge_item", "reminder_item", "undo_item")
    own |= {table: f"{own[table]} OR {of_run}" for table in of_runs}
    own |= {
        "bank_file": f"{mine} OR id IN (SELECT file_id FROM bank_section WHERE {THEIRS['bank_section']})",
        "bank_section": f"{own['bank_section']} OR file_id IN (SELECT id FROM bank_file WHERE {mine})",
    }
    own |= dict.fromkeys(_OF_GROUPS, "group_id = ANY (:groups)")
    own |= {"groups": "id = ANY (:groups)", "creditor": "group_id = ANY (:groups)"}
    own |= dict.fromkeys(_OF_BOOKS, f"creditor_id IN ({CREDITORS})")
    own["entry"] = f"{own['entry']} OR {mine}"
    own["posting"] = f"{own['posting']} OR entry_id IN (SELECT id FROM entry WHERE {mine})"
    own["export"] = f"staff_id = {user.id}"
    own["export_piece"] = f"export_id IN (SELECT id FROM export WHERE staff_id = {user.id})"
    own["saved_list"] = f"staff_id = {user.id}"
    own["staff_grant"] = f"{own['staff_grant']} OR staff_id = {user.id}"
    return own


class Wall:
    """What somebody may neither see nor change, whatever they ask for."""

    def __init__(self, world: World, user: User) -> None:
        self.world, self.user = world, user
        self._own = conditions(user)
        made = {"north": [world.made.north.id], "south": [world.made.south.id]}.get(user.name, [])
        self._values = {"groups": made}
        self.before = self._rows(self._own)
        self.marks = self._marks()
        world.database.undo()

    def faults(self, walker: Walker, name: str, side: int, *, bare: bool = False) -> Iterator[str]:
        """Knock at a door; say what of others was shown or changed."""
        try:
            answer = walker.send(name, side, bare=bare)
            seen = set(_words(answer)) & (self.marks - self._asked_for(walker, name, side, bare=bare))
            if seen:
                yield f"shows what is not theirs: {sorted(seen)[:5]}"
            if name.startswith("POST"):
                yield from self._changes(side)
        finally:
            self.world.database.undo()

    def _changes(self, side: int) -> Iterator[str]:
        written = self._written()
        after = self._rows(written)
        before = Counter({row: times for row, times in self.before.items() if row[0] in written})
        gone, new = before - after, after - before
        touched = _TOUCHED if side == OWN else frozenset()
        changed = {table for table, _ in gone} | {table for table, _ in new if table not in touched}
        if changed:
            yield f"changes what is not theirs: {sorted(changed)}"

    def _asked_for(self, walker: Walker, name: str, side: int, *, bare: bool) -> set[str]:
        """Return the words that whoever asks has said themselves."""
        door = DOORS[name]
        words = "" if bare else " ".join([*map(str, door.query.values()), *map(str, door.form.values())])
        said = [self.world.thing(kind, side) for kind in re.findall(r"\{(\w+)\}", words)]
        said += [walker.named(door, argument, side) for argument in door.at]
        return {word for one in said for word in _WORD.findall(one)}

    def _written(self) -> set[str]:
        """Return the tables in which anything at all was written since the answer was asked for."""
        counted = """
            SELECT coalesce(pg_partition_root(relid)::regclass::text, relname)
            FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
        """
        with _all_seeing(self.world) as connection:
            return set(connection.scalars(text(counted))) & set(self._own)

    def _rows(self, tables: Collection[str]) -> Counter[tuple[str, str]]:
        """Return every row of tables that is somebody else's, as it stands; with eyes that see all."""
        if not tables:
            return Counter()
        each = " UNION ALL ".join(
            f"SELECT '{table}', md5({table}::text) FROM {table} WHERE ({self._own[table]}) IS NOT TRUE"
            for table in tables
        )
        with _all_seeing(self.world) as connection:
            return Counter((table, row) for table, row in connection.execute(text(each), self._values))

    def _marks(self) -> set[str]:
        """Return the words that stand in rows of others, and in none of one's own."""
        others: set[str] = set()
        own: set[str] = set()
        with _all_seeing(self.world) as connection:
            for table, columns in _MARKS.items():
                for column in columns:
                    wanted = f"SELECT {column}::text, ({self._own[table]}) IS TRUE FROM {table}"
                    for value, mine in connection.execute(text(wanted), self._values):
                        (own if mine else others).update(_WORD.findall(value or ""))
        above = {str(self.world.made.root.uuid), self.world.made.root.slug, str(self.world.made.creditor.uuid)}
        return others - own - above


class _all_seeing:  # noqa: N801 -- reads as a word in a with statement
    """The staff's connection with eyes that see all rows, also those of its transaction."""

    def __init__(self, world: World) -> None:
        self._connection = world.database.stage(Role.STAFF)

    def __enter__(self) -> Connection:
        self._connection.execute(text(f"SET ROLE {Role.JOBS.value}"))
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._connection.execute(text(f"SET ROLE {Role.STAFF.value}"))


def _words(answer: TestResponse) -> Iterator[str]:
    """Return the words of an answer, of a page, a document, or where it leads."""
    body = answer.get_data()
    if answer.mimetype == "application/pdf":
        said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    else:
        said = body.decode("utf-8", "replace")
    said += " " + answer.headers.get("Location", "")
    yield from _WORD.findall(said)
    yield from _WORD.findall(_GAP.sub("", said))


def holes(walker: Walker, *, only: Collection[str] = ()) -> list[str]:
    """Return where the wall alone does not hold somebody."""
    wall = Wall(walker.world, walker.user)
    return [
        f"{walker.user.name}: {name} ({_WHOSE[side]}): {fault}"
        for name, door in DOORS.items()
        if (not only or name in only) and door.whose not in {Whose.ANYBODY, Whose.ENTRANCE}
        for side, bare in _tries(name, door)
        for fault in wall.faults(walker, name, side, bare=bare)
    ]


def _tries(name: str, door: Door) -> list[tuple[int, bool]]:
    """Return with what a door is tried: lists also without narrowing them."""
    tries = [(OWN, False), (FOREIGN, False)] if door.at or door.query or "{" in str(door.form) else [(OWN, False)]
    tries += [(CROSS, False)] if door.whose is Whose.HOUSE and len(door.at) > 1 else []
    return tries + ([(OWN, True)] if door.query and not name.startswith("POST") else [])
