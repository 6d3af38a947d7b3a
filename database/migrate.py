"""Brings a database to the newest revision, by the program rather than by a configuration file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

ROOT = Path(__file__).resolve().parent.parent


def configuration() -> Config:
    """Return Alembic's configuration; the connection is handed over by whoever runs it."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def upgrade(owner: Engine) -> str:
    """Run every migration that is missing, as the owner; return the revision reached."""
    config = configuration()
    with owner.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return revision(owner) or ""


def revision(engine: Engine) -> str | None:
    """Return the revision the database is at, or None in an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
