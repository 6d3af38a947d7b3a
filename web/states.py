"""The badges of the five states: word, tone and picture, the same for members, volunteers and officers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from dues.invoicing.standing import Delivery, Document, Dunning, Hold, Settlement
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


_SETTLEMENT: Final[Mapping[Settlement, tuple[str, str]]] = {
    Settlement.OPEN: ("info", "empty"),
    Settlement.PART_PAID: ("info", "half"),
    Settlement.OVERDUE: ("warn", "clock"),
    Settlement.PAID: ("good", "full"),
    Settlement.PAID_TOO_MUCH: ("good", "full"),
    Settlement.WRITTEN_OFF: ("quiet", "empty"),
    Settlement.CREDITED: ("quiet", "page"),
}
_DELIVERY: Final[Mapping[Delivery, str]] = {
    Delivery.WAITING: "quiet",
    Delivery.SENDING: "quiet",
    Delivery.SENT: "quiet",
    Delivery.DELIVERED: "good",
    Delivery.NOT_DELIVERED: "bad",
    Delivery.UNKNOWN: "warn",
    Delivery.WITHHELD: "hold",
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
    words = {
        Settlement.OPEN: pgettext("invoice", "Open"),
        Settlement.PART_PAID: pgettext("invoice", "Part-paid"),
        Settlement.OVERDUE: pgettext("invoice", "Overdue"),
        Settlement.PAID: pgettext("invoice", "Paid"),
        Settlement.PAID_TOO_MUCH: pgettext("invoice", "Paid too much"),
        Settlement.WRITTEN_OFF: pgettext("invoice", "Written off"),
        Settlement.CREDITED: pgettext("invoice", "Credited"),
    }
    tone, picture = _SETTLEMENT[found]
    return State("settlement", words[found], tone, picture)


def delivery(found: Delivery) -> State:
    """How far it is on its way."""
    words = {
        Delivery.WAITING: pgettext("message", "Waiting"),
        Delivery.SENDING: pgettext("message", "Sending"),
        Delivery.SENT: pgettext("message", "Sent"),
        Delivery.DELIVERED: pgettext("message", "Delivered"),
        Delivery.NOT_DELIVERED: pgettext("message", "Not delivered"),
        Delivery.UNKNOWN: pgettext("message", "Unknown"),
        Delivery.WITHHELD: pgettext("message", "Withheld"),
    }
    return State("delivery", words[found], _DELIVERY[found], "envelope")


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
