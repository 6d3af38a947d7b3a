"""Finds the person with whose name a text is shown before it is kept."""

import re
import uuid
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dues.folding import folded
from dues.members.models import Person

_MARK: Final = 8
_MARKED: Final = re.compile(rf"[0-9a-f]{{{_MARK}}}")


def find_readers(session: Session, *, written: str, limit: int) -> list[tuple[Person, str]]:
    """Return persons who live, by the beginning of their name in either order, each with a mark that tells namesakes.

    What is written may be such a mark itself. Only persons whom the session may see are found.
    """
    mark = written.strip().casefold()
    key = folded(written)
    called = (
        Person.uuid.between(uuid.UUID(mark.ljust(32, "0")), uuid.UUID(mark.ljust(32, "f")))
        if _MARKED.fullmatch(mark)
        else or_(Person.name_key.op("^@")(key), Person.given_key.op("^@")(key))
    )
    wanted = select(Person).where(called, Person.deceased_on.is_(None)).order_by(Person.name_key, Person.id)
    return [(person, str(person.uuid)[:_MARK]) for person in session.scalars(wanted.limit(limit))]
