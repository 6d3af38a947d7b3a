"""The floor: the same rows written into the same indexed tables by the barest statements there are."""

from collections.abc import Sequence
from pathlib import Path

from psycopg import Connection as Raw
from sqlalchemy import Connection, Engine, text

from benchmarks.meter import Measured, Meter

ISSUED = ("invoice", "invoice_line", "claim", "payment_reference", "posting", "fee_period", "message")

SETTLE = text("""
WITH matched AS MATERIALIZED (
    SELECT p.id, p.amount, p.currency, p.value_on, a.bank_account_id, r.claim_id, c.debtor_id
    FROM floor.payment p
    JOIN public.bank_agreement a ON a.id = p.agreement_id
    JOIN public.payment_reference r ON r.creditor_id = p.creditor_id AND r.value = p.reference
    JOIN floor.claim c ON c.id = r.claim_id AND c.open_amount = p.amount
),
settled AS (
    UPDATE floor.claim SET open_amount = 0, ended = 'paid', ended_on = matched.value_on
    FROM matched
    WHERE claim.id = matched.claim_id
)
INSERT INTO floor.posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
    claim_id, payment_id, person_id)
SELECT 1, bank_account_id, bank_account_id + 1000000, amount, currency, value_on, value_on, claim_id, id, debtor_id
FROM matched
""")


def issue_floor(owner: Engine, meter: Meter) -> Measured:
    """Write what a run has written once more: one bare INSERT ... SELECT a table, all in one transaction."""
    with owner.connect() as connection:
        _twins(connection, ISSUED)
        connection.commit()
        with meter.measure() as measured:
            for table in ISSUED:
                _refill(connection, table, "WHERE run_id IS NOT NULL" if table == "fee_period" else "")
            connection.commit()
    _clear(owner)
    return measured


def receive_floor(owner: Engine, meter: Meter, *, scratch: Path) -> Measured:
    """COPY the payments, then one set-based join that settles the claims and writes the postings."""
    with owner.connect() as connection:
        _twins(connection, ("payment", "claim", "posting"))
        _refill(connection, "claim", "ORDER BY id")
        connection.execute(text("UPDATE floor.claim SET open_amount = amount, ended = NULL, ended_on = NULL"))
        _refill(connection, "posting", "WHERE payment_id IS NULL")
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence('floor.posting', 'id'), max(id)) FROM floor.posting")
        )
        connection.commit()
        _vacuum(owner)
        file = scratch / "payments.copy"
        _copy_out(_raw(connection), file)
        with meter.measure() as measured:
            _copy_in(_raw(connection), file)
            connection.execute(text("ANALYZE floor.payment"))
            connection.execute(SETTLE)
            connection.commit()
    _clear(owner)
    return measured


def _refill(connection: Connection, table: str, which: str) -> None:
    connection.execute(text(f"INSERT INTO floor.{table} OVERRIDING SYSTEM VALUE SELECT * FROM public.{table} {which}"))


def _raw(connection: Connection) -> Raw[tuple[object, ...]]:
    raw = connection.connection.driver_connection
    assert isinstance(raw, Raw)  # noqa: S101 -- psycopg is the only driver of the house
    return raw


def _copy_out(raw: Raw[tuple[object, ...]], file: Path) -> None:
    copying = "COPY (SELECT * FROM public.payment ORDER BY id) TO STDOUT"
    with file.open("wb") as out, raw.cursor() as cursor, cursor.copy(copying) as copy:
        for block in copy:
            out.write(block)


def _copy_in(raw: Raw[tuple[object, ...]], file: Path) -> None:
    with file.open("rb") as source, raw.cursor() as cursor, cursor.copy("COPY floor.payment FROM STDIN") as copy:
        while block := source.read(1 << 20):
            copy.write(block)


def _twins(connection: Connection, tables: Sequence[str]) -> None:
    """Make empty tables of the same columns, checks, indexes, keys and fill factors in a schema of their own."""
    connection.execute(text("DROP SCHEMA IF EXISTS floor CASCADE"))
    connection.execute(text("CREATE SCHEMA floor"))
    for table in tables:
        connection.execute(text(f"CREATE TABLE floor.{table} (LIKE public.{table} INCLUDING ALL)"))
        options = connection.scalar(
            text("SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = cast(:name AS regclass)"),
            {"name": f"public.{table}"},
        )
        if options:
            connection.execute(text(f"ALTER TABLE floor.{table} SET ({options})"))
        _same_keys(connection, table, tables)


def _same_keys(connection: Connection, table: str, tables: Sequence[str]) -> None:
    keys = connection.execute(
        text(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND conrelid = cast(:name AS regclass)"
        ),
        {"name": f"public.{table}"},
    ).all()
    for name, definition in keys:
        own = definition
        for other in tables:
            own = own.replace(f"REFERENCES {other}(", f"REFERENCES floor.{other}(")
        connection.execute(text(f"ALTER TABLE floor.{table} ADD CONSTRAINT {name} {own}"))


def _clear(owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("DROP SCHEMA floor CASCADE"))


def _vacuum(owner: Engine) -> None:
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE floor.claim"))
        connection.execute(text("VACUUM ANALYZE floor.posting"))
