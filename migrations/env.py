"""Runs the migrations as the owner, one process at a time, without ever waiting long for a lock."""

from alembic import context
from sqlalchemy import Connection, create_engine, text

from dues.models import metadata

# "KONTINGN" read as a number: the one lock that all migrating processes stand in line for.
ADVISORY_LOCK = 0x4B4F4E54494E474E


def run(connection: Connection) -> None:
    """Bring the connected database to the newest revision."""
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    connection.execute(text("SET lock_timeout = '4s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=False,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        connection.execute(text("RESET lock_timeout"))
        connection.commit()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url", ""))
    with engine.connect() as own:
        run(own)
