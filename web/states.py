"""The badges of the five states: word, tone and picture, the same for members, volunteers and officers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from dues.invoicing.standing import Delivery, Document, Dunning, Hold, Settlement
from language import pgettext_noop
from web.speech import gettext, pgettext


@dataclass(frozen=True, slots=True)
class State:
    """A state as it is drawn: ``axis`` names what it is a state of, ``fact`` is the line under it."""

    axis: str
    word: str
    tone: str
    picture: str
    fact: str = ""

    @property
    def axis_word(self) -> str:
        """What it is a state of, in the reader's language."""
        return _axis(self.axis)

    def told(self, fact: str) -> "State":
        """Return the same state with a line of fact."""
        return replace(self, fact=fact)


_SETTLEMENT: Final[Mapping[Settlement, tuple[tuple[str, str], str, str]]] = {
    Settlement.OPEN: (pgettext_noop("invoice", "Open"), "info", "empty"),
    Settlement.PART_PAID: (pgettext_noop("invoice", "Part-paid"), "info", "half"),
    Settlement.OVERDUE: (pgettext_noop("invoice", "Overdue"), "warn", "clock"),
    Settlement.PAID: (pgettext_noop("invoice", "Paid"), "good", "full"),
    Settlement.PAID_TOO_MUCH: (pgettext_noop("invoice", "Paid too much"), "good", "full"),
    Settlement.WRITTEN_OFF: (pgettext_noop("invoice", "Written off"), "quiet", "empty"),
    Settlement.CREDITED: (pgettext_noop("invoice", "Credited"), "quiet", "page"),
}
_DELIVERY: Final[Mapping[Delivery, tuple[tuple[str, str], str]]] = {
    Delivery.WAITING: (pgettext_noop("message", "Waiting"), "quiet"),
    Delivery.SENDING: (pgettext_noop("message", "Sending"), "quiet"),
    Delivery.SENT: (pgettext_noop("message", "Sent"), "quiet"),
    Delivery.DELIVERED: (pgettext_noop("message", "Delivered"), "good"),
    Delivery.NOT_DELIVERED: (pgettext_noop("message", "Not delivered"), "bad"),
    Delivery.UNKNOWN: (pgettext_noop("message", "Unknown"), "warn"),
    Delivery.WITHHELD: (pgettext_noop("message", "Withheld"), "hold"),
}


def document(found: Document) -> State:
    """What the document is."""
    words = {
        Document.DRAFT: pgettext("invoice", "Draft"),
        Document.ISSUED: pgettext("invoice", "Issued"),
        Document.CREDITED: pgettext("invoice", "Credited"),
    }
    return State("document", words[found], "quiet", "page")


def settlement(found: Settlement) -> State:
    """What has become of the money."""
    words, tone, picture = _SETTLEMENT[found]
    return State("settlement", pgettext(*words), tone, picture)


def delivery(found: Delivery) -> State:
    """How far it is on its way."""
    words, tone = _DELIVERY[found]
    return State("delivery", pgettext(*words), tone, "envelope")


def dunning(found: Dunning, *, level: int = 0) -> State | None:
    """How far reminding has gone; nothing where nobody was reminded."""
    if found is Dunning.NONE:
        return None
    if found is Dunning.REMINDED:
        return State("reminders", gettext("Reminder %(level)s", level=level), "warn", "bell")
    words = {
        Dunning.COLLECTION_NOTICE: gettext("Collection notice"),
        Dunning.WITH_AGENCY: gettext("With the agency"),
    }
    return State("reminders", words[found], "bad", "bell")


def hold(found: Hold) -> State | None:
    """Why nothing happens by itself; nothing where nothing is held."""
    if found is Hold.NONE:
        return None
    words = {
        Hold.COMPLAINT: pgettext("hold", "Complaint"),
        Hold.PAUSED: pgettext("hold", "On hold"),
        Hold.TWO_PERSONS: pgettext("hold", "Two persons"),
    }
    return State("hold", words[found], "hold", "bars")


def in_list(*, settled: State, others: tuple[State | None, ...]) -> list[State]:
    """Return what a list shows: settlement, and the first of the others that has something to say."""
    more = next((state for state in others if state is not None), None)
    return [settled] if more is None else [settled, more]


def _axis(axis: str) -> str:
    words = {
        "document": pgettext("state", "Document"),
        "settlement": pgettext("state", "Settlement"),
        "delivery": pgettext("state", "Delivery"),
        "reminders": pgettext("state", "Reminders"),
        "hold": pgettext("state", "Hold"),
    }
    return words.get(axis, "")
