"""Every table is in the audit log or declared not to be, with a reason; and the database does what is declared."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dues.audit.models import ChangeKind, Watched
from dues.audit.tables import AUDITED, NOT_AUDITED
from tests.architecture.house import TABLES


def test_every_table_is_declared_audited_or_not() -> None:
    assert set(AUDITED) | set(NOT_AUDITED) == set(TABLES)
    assert not set(AUDITED) & set(NOT_AUDITED)
    assert all(NOT_AUDITED.values())


def test_the_database_watches_what_is_declared(session: Session) -> None:
    watching = session.execute(
        text(
            "SELECT tgrelid::regclass::text, tgname, split_part(encode(tgargs, 'escape'), '\\000', 1)"
            " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE p.proname IN ('audit_statement', 'audit_row') AND NOT tgisinternal"
        )
    ).all()
    assert {(table, ChangeKind(kind)) for table, _, kind in watching} == set(AUDITED.items())
    known = {(table, trigger) for table, trigger in session.execute(select(Watched.relation, Watched.trigger))}
    assert {(table, trigger) for table, trigger, _ in watching} == known


def test_columns_that_are_left_out_are_columns(session: Session) -> None:
    watching = session.execute(
        text(
            "SELECT tgrelid::regclass::text, string_to_array(encode(tgargs, 'escape'), '\\000')"
            " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE p.proname IN ('audit_statement', 'audit_row') AND NOT tgisinternal"
        )
    )
    for table, (_, keys, unsaid, secret, *_rest) in watching:
        columns = set(TABLES[table].columns.keys())
        left_out = {name for name in (*unsaid.split(","), *secret.split(",")) if name}
        assert set(keys.split(",")) <= columns, table
        assert left_out <= columns - set(keys.split(",")), table
