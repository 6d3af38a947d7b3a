"""The database is what the models say, and every statement of the domain is one that it understands."""

import datetime as dt
import re
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Enum, text
from sqlalchemy.orm import Session

from database.connect import Database
from database.migrate import configuration, revision
from database.sql import statement
from dues.demo.build import STEPS
from dues.demo.tables import lay_out
from dues.demo.tree import grow
from dues.models import metadata
from tests.architecture.house import TABLES, name_of, sql_files

DAY = dt.date(2026, 3, 10)
# A value of the right type for every bind that a statement of the domain has.
VALUES: dict[str, Any] = {
    **dict.fromkeys(("creditor", "entry", "file", "first", "note", "invoice", "last", "members", "due", "number"), 1),
    **dict.fromkeys(("wrote_from", "wrote_to"), 1),
    **dict.fromkeys(("before", "shift", "stride", "after", "most", "group", "person", "payment", "credited"), 1),
    "undoes": 1,
    "overpaid": "credit",
    **dict.fromkeys(("tolerance", "credited", "differences", "refunds", "fund"), 1),
    "seqs": [1],
    "gives": True,
    **{name: [1] for name in ("returns", "originals", "allocations", "uses", "claims", "persons")},
    "found_by": ["x"],
    **dict.fromkeys(("cost", "credit"), 1),
    "keeps": False,
    "reasons": ["x"],
    **dict.fromkeys(("number_from", "receivable", "run", "seq", "size", "unidentified", "since", "rank", "id"), 1),
    **dict.fromkeys(("key",), ""),
    "left_out": False,
    "each": False,
    **{name: [1] for name in ("look_groups", "look_payees")},
    "membership": 1,
    **dict.fromkeys(("agreement", "account"), 1),
    **dict.fromkeys(("receiver", "brought", "section", "due_from", "owed"), 1),
    **dict.fromkeys(("by_income", "in_parts"), True),
    "staff": 1,
    "most_lines": 1,
    **dict.fromkeys(("sender", "type"), 1),
    "below": True,
    **dict.fromkeys(("age_from", "age_to", "segment"), 1),
    "counts": [1],
    "charged_before": DAY,
    "first_day": DAY,
    "covered": True,
    "components": [1],
    "groups": [1],
    "status": "active",
    "country": "",
    "with_email": True,
    "paid_before": DAY,
    "paid_after": DAY,
    **{name: [1] for name in ("texts", "products", "quantities", "prices", "accounts")},
    "system": "",
    **dict.fromkeys(("source", "source_key"), ""),
    "until": DAY,
    **dict.fromkeys(("actor", "reason", "scope", "channel"), ""),
    **{name: [1] for name in ("ages", "bearing", "ids", "memberships", "payees", "sections", "segments", "types")},
    **dict.fromkeys(("books_on", "on", "today", "from_day", "joined_from"), DAY),
    "invoices": [1],
    "day": DAY,
    "at": dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC),
    "currency": "SEK",
    "urgent": False,
    "days": [DAY],
    **dict.fromkeys(("through",), DAY),
    "path": "",
    "kinds": ["invoice"],
    "positions": [1],
    **dict.fromkeys(("public_id",), None),
    "withdraws": False,
    **dict.fromkeys(("payee", "claim"), 1),
    "due_on": DAY,
    "amount": 1,
    "lease": dt.timedelta(minutes=1),
    **dict.fromkeys(("most", "patience", "rows", "days_back", "scan", "few", "items"), 1),
    **dict.fromkeys(("phrase", "reference", "email"), ""),
    **{name: [""] for name in ("as_it_should_be", "words", "phones")},
    "moment": dt.datetime(2026, 3, 10, tzinfo=dt.UTC),
    "zone": "Europe/Stockholm",
    "identity": None,
    **{name: [1] for name in ("invoices", "payments", "creditors", "amounts")},
    "meant": [""],
    **{name: [""] for name in ("names", "codes", "fates", "whys", "says", "receivers")},
    **{name: [1] for name in ("sums", "among")},
    **dict.fromkeys(("report", "begins", "order"), 1),
    **dict.fromkeys(("code", "fate", "why", "said"), ""),
    **dict.fromkeys(("rule", "place"), 1),
    **{name: [""] for name in ("sorts", "sources", "currencies")},
    **{name: [1] for name in ("places", "receivables", "unidentifieds")},
}
MAKERS = (
    *(f"dues/payments/sql/match_{name}.sql" for name in ("waiting", "token", "found", "hit")),
    *(
        f"dues/payments/sql/{name}.sql"
        for name in ("incoming", "known", "stretch", "tally", "surplus", "refund_meet", "spendable", "hand_find")
    ),
    *(f"dues/invoicing/sql/{name}.sql" for name in ("candidates", "seen", "undo_candidates")),
    *(
        f"dues/invoicing/sql/{name}.sql"
        for name in ("charge_wanted", "charge_priced", "charge_seen", "charge_rows", "charge_known", "take_in_bills")
    ),
)


def test_models_and_migrations_agree(database: Database) -> None:
    with database.owner.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_there_is_one_newest_revision_and_the_tests_run_on_it(database: Database) -> None:
    heads = ScriptDirectory.from_config(configuration()).get_heads()
    assert heads == [revision(database.owner)]


def test_every_choice_is_held_by_the_database(session: Session) -> None:
    found = session.execute(
        text("SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'")
    )
    checks: dict[str, list[set[str]]] = {}
    for table, definition in found:
        checks.setdefault(table, []).append(set(re.findall(r"'([^']*)'::", definition)))
    choices = [
        (table, column) for table in TABLES.values() for column in table.columns if isinstance(column.type, Enum)
    ]
    assert len(choices) >= 15
    for table, column in choices:
        assert isinstance(column.type, Enum)
        assert set(column.type.enums) in checks[table.name], f"{table.name}.{column.name}"
        assert column.type.length == 20, f"{table.name}.{column.name}"


def understood(session: Session, path: str) -> None:
    """Let the database plan a statement; it names the file where it cannot."""
    parsed = statement(path)
    values = {name: VALUES[name] for name in parsed.compile().params}
    plain = str(parsed.text)
    try:
        session.execute(text(f"EXPLAIN {plain}"), values)
    except Exception as error:
        error.add_note(path)
        raise


def test_the_database_understands_every_statement(session: Session) -> None:
    for path in MAKERS:
        made = statement(path)
        session.execute(made, {name: VALUES[name] for name in made.compile().params})
    files = [name_of(path) for path in sql_files()]
    assert len(files) > 50
    for path in files:
        if "/demo/" not in path and path not in MAKERS:
            understood(session, path)


def test_the_database_understands_the_demonstration(session: Session) -> None:
    lay_out(session, grown=grow(session, members=20, today=DAY), seed=1)
    for name, _ in STEPS:
        path = f"dues/demo/sql/{name}.sql"
        understood(session, path)
        session.execute(statement(path), {"members": 20, "due": 4, "today": DAY})
    assert {name for name, _ in STEPS} == {path.stem for path in sql_files() if path.parts[-3] == "demo"}
