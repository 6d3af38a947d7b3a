"""A sender killed in the middle loses nothing, and repeats at most the one mail that was under way."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from database.connect import Database, Role
from dues.delivery.models import Message, MessageState
from tests.delivery.loop import JOINED, invoice_all
from tests.delivery.sender import LEASE, run
from tests.factories.members import member
from tests.factories.organisation import organisation
from tests.forked import Started, forked

if TYPE_CHECKING:
    from tests.delivery.catcher import Catcher

MAILS = 200
KILLED_AT = (60, 140)


def sender(database: Database, catcher: Catcher) -> Started:
    """Start a worker that sends what waits."""
    return forked(run, database.owner_url, catcher.port)


@pytest.mark.kill
def test_a_killed_sender_loses_no_mail_and_repeats_at_most_the_one_under_way(
    committing: Database, catcher: Catcher
) -> None:
    with committing.opener(Role.JOBS)() as session:
        org = organisation(session)
        for _ in range(MAILS):
            member(session, org, joined_on=JOINED)
        invoice_all(session)
    for wanted in KILLED_AT:
        reached = threading.Event()
        catcher.heard = lambda number, wanted=wanted, reached=reached: reached.set() if number >= wanted else None  # type: ignore[misc]  # the defaults bind the round's own
        worker = sender(committing, catcher)
        assert reached.wait(60)
        worker.kill()
        worker.wait()
        time.sleep(LEASE.total_seconds())
    catcher.heard = lambda _number: None
    assert sender(committing, catcher).wait(60) == 0
    assert len(catcher.ids()) == MAILS
    repeated = {name: times for name, times in catcher.ids().items() if times > 1}
    assert len(repeated) <= len(KILLED_AT)
    assert set(repeated.values()) <= {2}
    with committing.unit_of_work(Role.JOBS) as session:
        assert session.scalar(select(func.count()).where(Message.state == MessageState.SENT)) == MAILS
