"""What happened to a person, an invoice or a payment, newest first, a page at a time."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from database.sql import statement
from dues.collection.models import HoldReason
from dues.delivery.models import Channel, MessageState
from dues.members.models import MembershipStatus
from dues.payments.aside_models import Purpose
from dues.payments.models import CaseReason
from dues.payments.refunds.models import CreditUseKind

PAGE: Final = 20
"""How many happenings are told before somebody asks for older ones."""

MOST: Final = 500
"""Invoices of a payer, the newest, of which a timeline tells; the list of invoices has all of them."""


class Kind(StrEnum):
    """What happened."""

    JOINED = "joined"
    STATUS = "status"
    ISSUED = "issued"
    CREDITED = "credited"
    MESSAGE = "message"
    REMINDER = "reminder"
    RECEIVED = "received"
    WAITING = "waiting"
    MATCHED = "matched"
    ALLOCATED = "allocated"
    KEPT = "kept"
    TAKEN_BACK = "taken back"
    RETURNED = "returned"
    SET_ASIDE = "set aside"
    BROUGHT_BACK = "brought back"
    CREDIT_USED = "credit used"
    CREDIT_BACK = "credit back"
    EXCHANGED = "exchanged"
    EXCHANGE_BACK = "exchange back"
    SENT_BACK = "sent back"
    REFUND_UNDONE = "refund undone"
    REFUND_PAID = "refund paid"
    REFUND_BOUNCED = "refund bounced"
    HELD = "held"
    RELEASED = "released"


class Theme(StrEnum):
    """What one may narrow a timeline to."""

    MEMBERSHIP = "membership"
    INVOICES = "invoices"
    MONEY = "money"
    REMINDERS = "reminders"
    MESSAGES = "messages"


KINDS: Final[Mapping[Theme, frozenset[Kind]]] = {
    Theme.MEMBERSHIP: frozenset({Kind.JOINED, Kind.STATUS}),
    Theme.INVOICES: frozenset({Kind.ISSUED, Kind.CREDITED}),
    Theme.MONEY: frozenset({Kind.RECEIVED, Kind.WAITING, Kind.MATCHED, Kind.ALLOCATED, Kind.KEPT, Kind.TAKEN_BACK})
    | {Kind.RETURNED, Kind.SET_ASIDE, Kind.BROUGHT_BACK, Kind.CREDIT_USED, Kind.CREDIT_BACK}
    | {Kind.EXCHANGED, Kind.EXCHANGE_BACK}
    | {Kind.SENT_BACK, Kind.REFUND_UNDONE, Kind.REFUND_PAID, Kind.REFUND_BOUNCED},
    Theme.REMINDERS: frozenset({Kind.REMINDER, Kind.HELD, Kind.RELEASED}),
    Theme.MESSAGES: frozenset({Kind.MESSAGE}),
}
"""Every kind belongs to one theme."""


class About(StrEnum):
    """What a message is about."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit note"
    RECEIPT = "receipt"
    RETURNED = "returned"


class UnreadableKeyError(ValueError):
    """What was given as the place in a timeline is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a timeline a happening stands; the next page begins after it."""

    day: dt.date
    at: dt.datetime
    rank: int
    id: int

    def __str__(self) -> str:
        """Write it for an address: ordinal of the day, microseconds, rank, id."""
        moment = (self.at - _EPOCH) // dt.timedelta(microseconds=1)
        return f"{self.day.toordinal()}-{moment}-{self.rank}-{self.id}"

    @classmethod
    def read(cls, written: str) -> Self:
        """Read what `str` wrote; raise UnreadableKeyError for anything else."""
        try:
            day, moment, rank, number = (int(part) for part in written.split("-"))
            at = _EPOCH + dt.timedelta(microseconds=moment)
            return cls(dt.date.fromordinal(day), at, _within(rank, 2**31), _within(number, 2**63))
        except (ValueError, OverflowError) as error:
            raise UnreadableKeyError(written) from error


_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def _within(number: int, bound: int) -> int:
    """Return a number that the database's type holds; raise OverflowError."""
    if not 0 <= number < bound:
        raise OverflowError
    return number


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose timeline it is: exactly one of the three, by id."""

    person_id: int | None = None
    invoice_id: int | None = None
    payment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened; what does not concern its kind is None or empty.

    ``day`` is the business day, ``at`` when it was recorded. ``amount`` is in minor units of ``currency``, below zero
    where it was taken back. ``actor`` is who caused it, as `dues.actor` writes it. ``number`` is the number of
    ``invoice``, ``credits`` that of the invoice which a credit note takes back, ``partly`` or before it was ever sent
    (``withdraws``); ``replaces`` that of the invoice whose place one took. ``system`` names the one that issued an
    invoice which was taken in. What was ``moved`` came from, or went to, the invoice ``other_number`` or the credit of
    ``other_name``; neither is said where whoever asks may not see it. ``credit_kind`` is what credit was used for,
    ``gave`` (minor units of ``gave_currency``) what was exchanged for the amount, ``refund`` the refund it is about.
    """

    kind: Kind
    place: Place
    day: dt.date
    at: dt.datetime
    amount: int | None
    currency: str | None
    actor: str | None
    invoice: UUID | None = None
    number: str | None = None
    credits: str | None = None
    partly: bool = False
    withdraws: bool = False
    replaces: str | None = None
    system: str | None = None
    run: UUID | None = None
    type_names: Mapping[str, str] | None = None
    group: str = ""
    status: MembershipStatus | None = None
    about: About | None = None
    channel: Channel | None = None
    address: str = ""
    state: MessageState | None = None
    error: str = ""
    level: int = 0
    pay_by: dt.date | None = None
    payment: int | None = None
    payer_name: str = ""
    came_on: dt.date | None = None
    file: UUID | None = None
    file_name: str = ""
    case_reason: CaseReason | None = None
    reason: HoldReason | None = None
    until: dt.date | None = None
    note: str = ""
    purpose: Purpose | None = None
    moved: bool = False
    other_number: str | None = None
    other_name: str | None = None
    credit_kind: CreditUseKind | None = None
    gave: int = 0
    gave_currency: str = ""
    refund: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some happenings, and where older ones begin; None where there are none."""

    happenings: tuple[Happening, ...]
    older: Place | None


def timeline(
    session: Session,
    *,
    of: Subject,
    zone: ZoneInfo,
    themes: Collection[Theme] = tuple(Theme),
    after: Place | None = None,
    size: int = PAGE,
) -> Page:
    """Tell what happened, newest first, in one statement; ``zone`` says on which day a message was sent.

    ``after`` is the place of the last happening that was seen. Among what happened on one business day the order is
    that in which it was recorded.
    """
    values = {
        "person": of.person_id,
        "invoice": of.invoice_id,
        "payment": of.payment_id,
        "zone": str(zone),
        "kinds": [kind.value for theme in themes for kind in KINDS[theme]],
        "day": after and after.day,
        "at": after and after.at,
        "rank": after and after.rank,
        "id": after and after.id,
        "size": size + 1,
        "most": MOST,
    }
    rows = session.execute(statement("dues/overview/sql/timeline.sql"), values).mappings().all()
    found = tuple(_happening(row) for row in rows[:size])
    return Page(found, found[-1].place if len(rows) > size else None)


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "invoice": UUID,
    "run": UUID,
    "file": UUID,
    "status": MembershipStatus,
    "about": About,
    "channel": Channel,
    "state": MessageState,
    "pay_by": dt.date.fromisoformat,
    "came_on": dt.date.fromisoformat,
    "until": dt.date.fromisoformat,
    "case_reason": CaseReason,
    "reason": HoldReason,
    "purpose": Purpose,
    "credit_kind": CreditUseKind,
    "refund": UUID,
}


def _happening(row: RowMapping) -> Happening:
    told = {name: _READ.get(name, _same)(value) for name, value in row["told"].items() if value is not None}
    return Happening(
        kind=Kind(row["kind"]),
        place=Place(row["day"], row["at"], row["rank"], row["id"]),
        day=row["day"],
        at=row["at"],
        amount=row["amount"],
        currency=row["currency"],
        actor=row["actor"],
        **told,
    )


def _same(value: Any) -> Any:
    return value
