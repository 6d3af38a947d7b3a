"""The proof of the books, for tests that ask for it thousands of times: one statement, planned once a connection.

It asks what `dues.journal.verify.prove` asks, from the same files; tests of the proof hold the two together.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from dues.journal.verify import Verification, check_files

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_PREPARED: Final = "books_are_proved"


def proved(session: Session) -> Verification:
    """Run every check within the session's transaction, on what it sees and has written itself."""
    session.flush()
    connection = session.connection()
    if _PREPARED not in connection.info:  # it belongs to the server's session, and no rollback takes it away
        connection.execute(text(f"PREPARE {_PREPARED} AS {_all_checks()}"))
        connection.info[_PREPARED] = True
    entries, postings, *broken = connection.execute(text(f"EXECUTE {_PREPARED}")).one()
    names = [path.stem for path in check_files()]
    return Verification(entries, postings, {name: int(many or 0) for name, many in zip(names, broken, strict=True)})


@cache
def _all_checks() -> str:
    """The statements of all checks as the columns of one."""
    counted = ("SELECT count(*) FROM entry", "SELECT count(*) FROM posting")
    checks = (path.read_text(encoding="utf-8") for path in check_files())
    return "SELECT " + ", ".join(f"(\n{one}\n)" for one in (*counted, *checks)).replace(":", "\\:")
