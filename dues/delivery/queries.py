"""Reads of the outbox."""

from collections.abc import Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dues.delivery.models import Channel, Message, MessageState


def any_due(session: Session, *, channels: Iterable[Channel], kinds: Iterable[str] | None = None) -> bool:
    """Tell whether anything could be sent now by one of these channels: queued and due, or its claim has run out.

    ``kinds`` are the kinds of messages that are asked for, all where none are named.
    """
    queued = (Message.state == MessageState.QUEUED) & or_(
        Message.not_before.is_(None), Message.not_before <= func.now()
    )
    lapsed = (Message.state == MessageState.SENDING) & (Message.claimed_until < func.now())
    found = select(Message.id).where(queued | lapsed, Message.channel.in_(list(channels)))
    if kinds is not None:
        found = found.where(Message.kind.in_(list(kinds)))
    return session.scalar(found.limit(1)) is not None
