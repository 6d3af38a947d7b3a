"""The states of messages: put in, claimed for a worker, kept, and marked with what became of them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import ColumnElement, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.delivery.models import Channel, Message, MessageState
from dues.delivery.post import Outcome, Outgoing, Result

ATTEMPTS: Final = 5
"""How often a message is tried before a person has to look at it."""

BACK_OFF: Final = (1, 5, 20, 60)
"""Minutes to wait after the first, second, third and fourth passing refusal."""

PRINTED: Final = frozenset({"invoice", "reminder"})
"""The kinds of which there are letters."""

# Among advisory locks this is the number of claiming: claims take milliseconds and stand in line, so that a lapsed
# one is taken over whole.
_CLAIMING: Final = 1263
_WORDS: Final = 2000
_WAITING: Final = (MessageState.QUEUED, MessageState.SENDING)


def enqueue(
    session: Session,
    *,
    kind: str,
    subject_id: int,
    copy: int,
    person_id: int,
    address: str,
    language: str,
    channel: Channel = Channel.EMAIL,
    by: Actor | None = None,
) -> bool:
    """Put one urgent message into the outbox, once for each (kind, subject, copy); tell whether it is new.

    ``by`` is whoever asked for it.
    """
    written = session.scalars(
        insert(Message)
        .values(
            kind=kind,
            subject_id=subject_id,
            copy=copy,
            person_id=person_id,
            channel=channel,
            address=address,
            language=language,
            urgent=True,
            actor=None if by is None else str(by),
        )
        .on_conflict_do_nothing(index_elements=["kind", "subject_id", "copy"])
        .returning(Message.id)
    )
    return written.first() is not None


def first_urgent(session: Session, *, channel: Channel) -> int | None:
    """Return the id of the first urgent message that has not been delivered, if there is one."""
    wanted = select(func.min(Message.id)).where(
        Message.urgent, Message.channel == channel, text("state IN ('queued', 'sending')")
    )
    return session.scalar(wanted)


def claim(
    session: Session,
    *,
    channel: Channel,
    kinds: Iterable[str],
    size: int,
    lease: dt.timedelta,
    urgent_from: int | None = None,
) -> list[Outgoing]:
    """Take up to ``size`` waiting messages, oldest first; nobody else takes them before ``lease`` has passed.

    The messages of a lapsed claim come alone and all of them, also beyond ``size``. With ``urgent_from`` only urgent
    ones are taken, from that id on.
    """
    session.execute(select(func.pg_advisory_xact_lock(_CLAIMING)))
    bounds = {
        "channel": channel.value,
        "kinds": sorted(kinds),
        "size": size,
        "lease": lease,
        "since": urgent_from or 0,
        "urgent": urgent_from is not None,
    }
    rows = session.execute(statement("dues/delivery/sql/claim.sql"), bounds)
    return sorted((Outgoing(**{**row, "channel": channel}) for row in rows.mappings()), key=lambda m: m.id)


def renew(session: Session, *, messages: Sequence[Outgoing], lease: dt.timedelta) -> set[int]:
    """Hold claimed messages for another ``lease``; return the ids of those that nobody else has taken meanwhile."""
    held = update(Message).where(_mine(messages)).values(claimed_until=func.now() + lease).returning(Message.id)
    return set(session.scalars(held))


def mark(session: Session, *, outcome: Outcome) -> Counter[Result]:
    """Write down what became of claimed messages, and return it counted: who was tried too often has failed.

    What has been delivered is sent, whoever holds it by now.
    """
    messages, words = outcome.messages, outcome.words
    match outcome.result:
        case Result.SENT:
            session.execute(statement("dues/delivery/sql/sent.sql"), {"ids": [message.id for message in messages]})
        case Result.LATER:
            return Counter(_put_back(session, message, words) for message in messages)
        case Result.FAILED:
            _end(session, messages, MessageState.FAILED, words)
            _go_by_letter(session, messages)
        case Result.WITHHELD:
            _end(session, messages, MessageState.WITHHELD, words)
    return Counter({outcome.result: len(messages)})


def _put_back(session: Session, message: Outgoing, words: str) -> Result:
    """Try again later, a longer pause after each time; after the last time a person has to look."""
    if message.attempts >= ATTEMPTS:
        _end(session, [message], MessageState.FAILED, words)
        _go_by_letter(session, [message])
        return Result.FAILED
    pause = dt.timedelta(minutes=BACK_OFF[message.attempts - 1])
    _free(session, [message], attempts=Message.attempts, not_before=func.now() + pause, error=words[:_WORDS])
    return Result.LATER


def _end(session: Session, messages: Sequence[Outgoing], state: MessageState, words: str) -> None:
    session.execute(
        update(Message).where(_mine(messages)).values(state=state, claimed_until=None, error=words[:_WORDS])
    )


def _go_by_letter(session: Session, messages: Sequence[Outgoing]) -> None:
    """Let what failed as a text message go out as a letter, where it has one and its person an address.

    It is the same message under way by another channel: it keeps why it failed, and is never delivered twice.
    """
    texts = [one.id for one in messages if one.channel is Channel.SMS and one.kind in PRINTED]
    if texts:
        session.execute(statement("dues/delivery/sql/by_letter.sql"), {"ids": texts})


def release(session: Session, *, messages: Sequence[Outgoing], pause: dt.timedelta, words: str | None) -> None:
    """Give claimed messages back as if they had not been taken, to be tried after a pause; no attempt is counted."""
    error = words and words[:_WORDS]
    _free(session, messages, attempts=Message.attempts - 1, not_before=func.now() + pause, error=error)


def _free(session: Session, messages: Sequence[Outgoing], **values: object) -> None:
    queued = {"state": MessageState.QUEUED, "claimed_until": None, **values}
    session.execute(update(Message).where(_mine(messages)).values(queued))


def _mine(messages: Sequence[Outgoing]) -> ColumnElement[bool]:
    """Claimed messages that nobody else has claimed since: each claim counts an attempt."""
    held = tuple_(Message.id, Message.attempts).in_([(message.id, message.attempts) for message in messages])
    return held & (Message.state == MessageState.SENDING)


def waiting(session: Session) -> int:
    """Count the messages that are not delivered yet and will be tried by themselves."""
    return session.scalar(select(func.count()).where(Message.state.in_(_WAITING))) or 0
