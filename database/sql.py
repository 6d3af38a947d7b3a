"""Reads the `.sql` files that lie beside the verbs which run them."""

from functools import cache
from pathlib import Path

from sqlalchemy import TextClause, text

ROOT = Path(__file__).resolve().parent.parent


@cache
def statement(path: str) -> TextClause:
    """Return the one statement of a file, given by its path from the root of the house, with `:name` binds."""
    return text((ROOT / path).read_text(encoding="utf-8"))


def statements(path: str) -> str:
    """Return a migration's script of many statements as it is; it takes no binds."""
    return (ROOT / path).read_text(encoding="utf-8").replace(":", "\\:")
