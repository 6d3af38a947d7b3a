"""Sends what waits in the outbox, slice by slice; beside `runs.drive` the only place in the domain that commits.

It has to: a claim must stand before anything leaves the house, and what a server has accepted must be written down
before the next mail is handed over, so that a kill at any moment repeats at most the one mail that was under way
(under the same Message-ID) and loses none. No database connection is held while anything is rendered or sent.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from database.connect import OpenSession
from dues.delivery import outbox
from dues.delivery.bind import Renderers
from dues.delivery.models import Channel
from dues.delivery.post import Outgoing, Post, Result
from dues.delivery.slice import Slice

SLICE: Final = 200
"""Messages claimed at a time."""

LEASE: Final = dt.timedelta(seconds=20)
"""How long claimed messages are kept from others after the last sign of life."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How many messages this call delivered and gave up, and how many wait in the outbox now."""

    sent: int
    failed: int
    queued: int


def send(
    open_session: OpenSession,
    *,
    post: Post,
    renderers: Renderers,
    limit: int | None = None,
    lease: dt.timedelta = LEASE,
) -> Sent:
    """Deliver what waits, about ``limit`` messages at most; safe in many processes at once and against kills.

    Messages of channels that ``post`` lacks, or that take nothing at present, stay in the outbox. Passing refusals
    are tried again after a while, at most five times; lasting ones are marked failed, with the server's words.
    """
    results: Counter[Result] = Counter()
    for channel in sorted(post, key=list(Channel).index):  # mail first: somebody may wait for a code
        for messages in _claims(open_session, channel, renderers, limit, lease):
            part = Slice(open_session, messages, lease)
            goes_on = part.deliver(post[channel], renderers)
            results += part.results
            if not goes_on:
                break
    with open_session() as session:
        return Sent(results[Result.SENT], results[Result.FAILED], outbox.waiting(session))


def _claims(
    open_session: OpenSession, channel: Channel, renderers: Renderers, limit: int | None, lease: dt.timedelta
) -> Iterator[list[Outgoing]]:
    taken = 0
    while limit is None or taken < limit:
        size = SLICE if limit is None else min(SLICE, limit - taken)
        messages = _claim(open_session, channel, renderers, size, lease)
        if not messages:
            return
        taken += len(messages)
        yield messages


def _claim(
    open_session: OpenSession, channel: Channel, renderers: Renderers, size: int, lease: dt.timedelta
) -> list[Outgoing]:
    with open_session() as session, session.begin():
        kinds = renderers.keys()
        first = outbox.first_urgent(session, channel=channel)
        if first is not None:
            urgent = outbox.claim(session, channel=channel, kinds=kinds, size=size, lease=lease, urgent_from=first)
            if urgent:
                return urgent
        return outbox.claim(session, channel=channel, kinds=kinds, size=size, lease=lease)
