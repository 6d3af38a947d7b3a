"""Who did something, in words: a colleague's name, "Automatic", or where it came from."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from dues.access.staff import staff_names
from dues.actor import COMMAND_LINE, VISITOR
from web.speech import gettext, pgettext

_STAFF = "staff:"


class Actors:
    """The actors of a page, their names read in one statement."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names

    @classmethod
    def of(cls, session: Session, actors: Iterable[str | None]) -> "Actors":
        """Read the names that some actors have."""
        ids = {number for actor in actors if actor and (number := _staff_id(actor)) is not None}
        return cls(staff_names(session, ids=ids))

    def words(self, actor: str | None) -> str:
        """Return who it was; what nobody asked for was done by the program itself."""
        if actor == str(VISITOR):
            return pgettext("who did it", "The join page")
        if actor == str(COMMAND_LINE):
            return pgettext("who did it", "The command line")
        number = _staff_id(actor or "")
        if number is None:
            return pgettext("who did it", "Automatic")
        return self._names.get(number) or gettext("Somebody of the staff")


def _staff_id(actor: str) -> int | None:
    number = actor.removeprefix(_STAFF)
    return int(number) if actor.startswith(_STAFF) and number.isdecimal() else None
