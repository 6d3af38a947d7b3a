"""The list of messages: a page of it at a time, newest first, narrowed by what people ask for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from dues import paging
from dues.collection.models import Reminder
from dues.delivery.models import Channel, Message, MessageState
from dues.folding import folded
from dues.invoicing.models import Claim, Invoice
from dues.members.called import who_is_called
from dues.members.models import Person
from dues.paging import Page, Picked, Place, Walk, Wish, among, counted, found, read_page
from dues.payments.models import Allocation
from dues.payments.refunds.models import CreditUse

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


def how_many_messages(session: Session, wanted: MessagesWanted) -> int:
    """Return how many messages the list has in all, for work in the background."""
    return counted(session, _WALK, wishes=_wishes(session, wanted))


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
        them = session.scalars(select(Person.id).where(Person.uuid == wanted.person)).all()
        wishes.append(_to(session, them))
    if wanted.kind:
        wishes.append(Wish(lambda table: table.kind == wanted.kind))
    if wanted.channel is not None:
        wishes.append(Wish(lambda table: table.channel == wanted.channel))
    return wishes


def _to_called(session: Session, text: str) -> Wish:
    they = who_is_called(session, text)
    return Wish(lambda table: they.is_theirs(table.person_id)) if they.few is None else _to(session, they.few)


def _to(session: Session, persons: Sequence[int]) -> Wish:
    """Return the wish for messages to a few persons: those are found where they are few, too."""
    ids = session.scalars(_about(persons).limit(paging.FEW + 1)).all()
    theirs: Picked = lambda table: among(table.person_id, persons)  # noqa: E731
    if len(ids) > paging.FEW:
        return Wish(theirs)
    return Wish(theirs, lambda table: among(table.id, ids), counted=len(ids))


def _about(persons: Sequence[int]) -> Select[int]:
    """Return the ids of messages about what some persons owe or owed.

    Messages have no index of persons: each would be written three times for every message that is sent. They are found
    by what they are about.
    """
    claims = select(Claim.id).where(among(Claim.debtor_id, persons)).cte()  # looked for once, and not for each kind
    ways = {
        "invoice": select(Invoice.id).where(among(Invoice.payer_id, persons)),
        "reminder": select(Reminder.id).where(Reminder.claim_id.in_(select(claims.c.id))),
        **dict.fromkeys(
            ("receipt", "returned"), select(Allocation.id).where(Allocation.claim_id.in_(select(claims.c.id)))
        ),
        "credit used": select(CreditUse.id).where(CreditUse.claim_id.in_(select(claims.c.id))),
    }
    of_kinds = (
        select(Message.id).where(Message.kind == kind, Message.subject_id.in_(ids)) for kind, ids in ways.items()
    )
    return select(union_all(*of_kinds).subquery().c.id)


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
