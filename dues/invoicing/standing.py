"""How an invoice stands: five states that do not depend on one another, each read from what is stored."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from dues.invoicing.models import ClaimEnd


class Document(StrEnum):
    """What the document is."""

    DRAFT = "draft"
    ISSUED = "issued"
    CREDITED = "credited"


class Settlement(StrEnum):
    """What has become of the money."""

    OPEN = "open"
    PART_PAID = "part-paid"
    OVERDUE = "overdue"
    PAID = "paid"
    PAID_TOO_MUCH = "paid too much"
    WRITTEN_OFF = "written off"
    CREDITED = "credited"


class Delivery(StrEnum):
    """How far it is on its way to the payer."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not delivered"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"


class Dunning(StrEnum):
    """How far reminding has gone; the level of reminders stands beside it."""

    NONE = "none"
    REMINDED = "reminded"
    COLLECTION_NOTICE = "collection notice"
    WITH_AGENCY = "with agency"


class Hold(StrEnum):
    """Why nothing happens by itself."""

    NONE = "none"
    COMPLAINT = "complaint"
    PAUSED = "paused"
    TWO_PERSONS = "two persons"


@dataclass(frozen=True, slots=True)
class Owed:
    """What a claim's settlement follows from; amounts in minor units, ``surplus`` what came beyond what was due."""

    amount: int
    open_amount: int
    due_on: dt.date
    ended: ClaimEnd | None
    surplus: int = 0


def settlement(owed: Owed, *, on: dt.date) -> Settlement:
    """Return how a claim is settled on a day. A part-paid claim past its due day is overdue."""
    match owed.ended:
        case ClaimEnd.PAID:
            return Settlement.PAID_TOO_MUCH if owed.surplus > 0 else Settlement.PAID
        case ClaimEnd.CREDITED:
            return Settlement.CREDITED
        case ClaimEnd.WRITTEN_OFF | ClaimEnd.WAIVED | ClaimEnd.LAPSED:
            return Settlement.WRITTEN_OFF
        case None if owed.due_on < on:
            return Settlement.OVERDUE
        case None if owed.open_amount < owed.amount:
            return Settlement.PART_PAID
        case None:
            return Settlement.OPEN


def hold(*, reason: str | None, until: dt.date | None, on: dt.date) -> Hold:
    """Return why a claim is held on a day; a hold ends with its last day."""
    if reason is None or (until is not None and until < on):
        return Hold.NONE
    return Hold.COMPLAINT if reason == "complaint" else Hold.PAUSED
