"""Reads of the outbox."""

from collections.abc import Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dues.delivery.models import Channel, Message, MessageState


def any_due(session: Session, *, channels: Iterable[Channel]) -> bool:
    """Tell whether anything could be sent now by one of these channels: queued and due, or its claim has run out."""
    queued = (Message.state == MessageState.QUEUED) & or_(
        Message.not_before.is_(None), Message.not_before <= func.now()
    )
    lapsed = (Message.state == MessageState.SENDING) & (Message.claimed_until < func.now())
    found = select(Message.id).where(queued | lapsed, Message.channel.in_(list(channels)))
    return session.scalar(found.limit(1)) is not None
