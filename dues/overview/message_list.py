"""The list of messages: a page of it at a time, newest first, narrowed by what people ask for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from dues.collection.models import Reminder
from dues.delivery.models import Channel, Message, MessageState
from dues.folding import folded
from dues.invoicing.models import Claim, Invoice
from dues.members.called import who_is_called
from dues.members.models import Person
from dues.paging import Page, Picked, Place, Walk, Wish, found, read_page
from dues.payments.models import Allocation

_WALK: Final = Walk(Message, ("id",), "id", descending=True)
_SEVERAL: Final = (MessageState.QUEUED, MessageState.SENDING)


@dataclass(frozen=True, slots=True)
class MessagesWanted:
    """What a list of messages is narrowed by; None and nothing narrow nothing.

    ``search`` is a piece of a name, or the address that a message goes to; ``standing`` is waiting, sent, failed or
    withheld.
    """

    search: str = ""
    standing: str = ""
    kind: str = ""
    channel: Channel | None = None
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as a list shows it; ``subject_id`` is what its kind is about."""

    id: int
    kind: str
    subject_id: int
    copy: int
    person: UUID
    name: str
    channel: Channel
    address: str
    state: MessageState
    attempts: int
    error: str | None
    sent_at: dt.datetime | None
    recorded_at: dt.datetime


def messages(session: Session, wanted: MessagesWanted, *, at: Place | None, rows: int = 50) -> Page[MessageRow]:
    """Return a page of messages."""
    page = read_page(session, _WALK, at=at, wishes=_wishes(session, wanted), rows=rows)
    persons = _persons(session, [one.person_id for one in page.rows])
    return page.turned(lambda one: _row(one, *persons[one.person_id]))


def _wishes(session: Session, wanted: MessagesWanted) -> list[Wish]:
    """Return the wishes, those first that usually find the fewest rows. Sent ones are most of all that there are."""
    wishes = []
    if wanted.standing == "waiting":
        wishes.append(found(lambda table: table.state.in_(_SEVERAL)))
    elif wanted.standing in {"failed", "withheld"}:
        state = MessageState(wanted.standing)
        wishes.append(found(lambda table: table.state == state))
    elif wanted.standing:
        wishes.append(Wish(lambda table: table.state == MessageState.SENT))
    if "@" in wanted.search:
        wishes.append(Wish(lambda table: table.address == folded(wanted.search)))
    elif wanted.search:
        wishes.append(_to_called(session, wanted.search))
    if wanted.person is not None:
        person = select(Person.id).where(Person.uuid == wanted.person)
        wishes.append(Wish(lambda table: table.person_id == person.scalar_subquery(), _about(person)))
    if wanted.kind:
        wishes.append(Wish(lambda table: table.kind == wanted.kind))
    if wanted.channel is not None:
        wishes.append(Wish(lambda table: table.channel == wanted.channel))
    return wishes


def _to_called(session: Session, text: str) -> Wish:
    they = who_is_called(session, text)
    few = they.persons if they.few else None
    return Wish(lambda table: they.is_theirs(table.person_id), None if few is None else _about(few))


def _about(persons: Select[Any]) -> Picked:
    """Return the condition for messages about what some persons owe or owed.

    Messages have no index of persons: each would be written three times for every message that is sent. They are found
    by what they are about.
    """
    them = select(persons.cte())  # looked for once, and not for each kind
    claims = select(Claim.id).where(Claim.debtor_id.in_(them))
    ways = {
        "invoice": select(Invoice.id).where(Invoice.payer_id.in_(them)),
        "reminder": select(Reminder.id).where(Reminder.claim_id.in_(claims)),
        "receipt": select(Allocation.id).where(Allocation.claim_id.in_(claims)),
    }
    of_kinds = (
        select(Message.id).where(Message.kind == kind, Message.subject_id.in_(ids)) for kind, ids in ways.items()
    )
    found_ids = union_all(*of_kinds)
    return lambda table: table.id.in_(found_ids)


def _persons(session: Session, ids: Sequence[int]) -> dict[int, tuple[UUID, str]]:
    wanted = select(Person.id, Person.uuid, Person.given_name, Person.family_name).where(Person.id.in_(ids))
    return {one: (uuid, f"{given} {family}".strip()) for one, uuid, given, family in session.execute(wanted)}


def _row(one: Message, person: UUID, name: str) -> MessageRow:
    return MessageRow(
        id=one.id,
        kind=one.kind,
        subject_id=one.subject_id,
        copy=one.copy,
        person=person,
        name=name,
        channel=one.channel,
        address=one.address,
        state=one.state,
        attempts=one.attempts,
        error=one.error,
        sent_at=one.sent_at,
        recorded_at=one.recorded_at,
    )
