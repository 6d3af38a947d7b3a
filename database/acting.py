"""Who acts in a session: told to the database at the beginning of each of its transactions, for as long as it lasts.

The second wall (row-level security) and the audit log read these settings. A transaction that was told nothing sees
nothing that belongs to anybody, and changes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.orm import Session, SessionTransaction

_KEY: Final = "acting"
_BECOME: Final = text("SELECT set_config('role', :role, true)")
_TELL: Final = text(
    "SELECT set_config('app.user', :user, true), set_config('app.all', :everything, true), "
    "set_config('app.actor', :actor, true), set_config('app.address', :address, true), "
    "set_config('app.why', :why, true), set_config('app.link', :link, true), set_config('app.recognised', '', true), "
    # Who sees everything acts as a role of their own, whose policies are simply true: the planner has nothing to weigh.
    "CASE WHEN current_user IN ('kontingent_staff', 'kontingent_centre') "
    "AND pg_has_role(session_user, 'kontingent_centre', 'MEMBER') THEN set_config('role', :role, true) END"
)


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: ``actor`` as the books call them ("staff:7"), ``user`` the id of a staff member if it is one.

    ``everything`` says that they see all groups, so that the wall need not look; ``address`` is where they ask from,
    ``why`` the reason they gave, if any. ``link`` is the hash (hex) of the link to an invoice that a visitor holds.
    """

    actor: str
    user: int | None = None
    everything: bool = False
    address: str = ""
    why: str = ""
    link: str = ""


def noted(acting: Acting | None) -> dict[Any, Any]:
    """Return what a session is opened with, so that somebody acts in it from its beginning."""
    return {} if acting is None else {_KEY: acting}


def act(session: Session, acting: Acting) -> None:
    """Let a session act as somebody from now on: in the transaction that has begun, and in all that follow."""
    session.info[_KEY] = acting
    if session.in_transaction():
        _tell(session.connection(), acting)


def acting(session: Session) -> Acting | None:
    """Return who acts in a session; None while nobody does."""
    found = session.info.get(_KEY)
    return found if isinstance(found, Acting) else None


@event.listens_for(Session, "after_begin")
def _tell_what_begins(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    found = acting(session)
    if found is not None and not transaction.nested:
        _tell(connection, found)


def _tell(connection: Connection, acting: Acting) -> None:
    connection.execute(
        _TELL,
        {
            "user": "" if acting.user is None else str(acting.user),
            "everything": "1" if acting.everything else "",
            "actor": acting.actor,
            "address": acting.address,
            "why": acting.why,
            "link": acting.link,
            "role": "kontingent_centre" if acting.everything else "kontingent_staff",
        },
    )


@contextmanager
def reading_as(session: Session, who: Acting) -> Iterator[None]:
    """Read within a transaction of the jobs' with the eyes of somebody of the staff: their rows, and no others.

    The policies of staff decide, as they do at the desk. Nothing may be written meanwhile; what waits is written
    before. Where the block ends ill, what was begun must be rolled back. Raises ProgrammingError where the login of
    the jobs may not become staff.
    """
    before = acting(session)
    if before is None:
        raise RuntimeError("somebody's eyes are borrowed where nobody acts")
    session.flush()
    role = session.scalar(select(func.current_setting("role")))
    session.execute(_BECOME, {"role": "kontingent_staff"})
    act(session, who)
    try:
        with session.no_autoflush:
            yield
    except BaseException:
        session.info[_KEY] = before  # the settings of the database go back with what is rolled back
        raise
    session.execute(_BECOME, {"role": role})
    act(session, before)
