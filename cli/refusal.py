"""Tells refusals, which are a sentence for a person, from faults of the program, which are a traceback."""

from __future__ import annotations

import psycopg
from sqlalchemy.exc import DBAPIError

# Whatever these packages raise by a class of their own says what was refused, why, and what helps.
_SPEAKING = {"bankfiles", "cli", "database", "dues", "settings", "settings_values"}
_UPGRADE = "The database lacks tables of this version. Run: kontingent db upgrade"


def refusal(error: Exception) -> str | None:
    """Return the sentence to show for an error, or None where it is a fault of the program."""
    if type(error).__module__.partition(".")[0] in _SPEAKING:
        return str(error)
    if isinstance(error, DBAPIError) and isinstance(error.orig, psycopg.Error):
        return _of_database(error.orig)
    if isinstance(error, psycopg.Error):
        return _of_database(error)
    return None


def _of_database(error: psycopg.Error) -> str | None:
    if isinstance(error, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
        return _UPGRADE
    if isinstance(error, psycopg.errors.InvalidParameterValue) and "role" in str(error):
        return _UPGRADE  # the migrations make the roles
    if isinstance(error, psycopg.errors.RaiseException):
        return error.diag.message_primary
    if isinstance(error, psycopg.OperationalError):
        return f"The database cannot be reached or does not answer: {str(error).strip().splitlines()[0]}"
    return None
