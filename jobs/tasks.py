"""The jobs: one screen each, ids only, safe to run twice at once and to kill at any moment."""

from __future__ import annotations

import time
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Final

import structlog

from database.connect import Role
from dues.delivery.bind import AWAITED
from dues.delivery.send import send
from dues.payments.sftp import connect
from dues.runs.drive import CONNECTIONS, drive
from dues.runs.models import Task
from dues.runs.queries import unattended
from dues.runs.schedule import note_done, resting
from dues.runs.start import let_go
from jobs.fetching import fetch
from jobs.house import house
from jobs.inbox import take
from jobs.logs import where
from jobs.stopping import StoppedError, leave_if_wished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dues.delivery.bind import Renderers
    from jobs.house import House

log = structlog.get_logger(__name__)

PORTION: Final = 50
"""Messages between two looks at the time."""

TURN: Final = 5.0
"""Seconds after which a job goes to the end of its queue, so that short work never waits long behind long work."""


class TurnOverError(Exception):
    """The job has had its turn; the rest of its work is queued again."""


def drive_run(run_id: int) -> None:
    """Work on a run until it is done, needs a person, or has had its turn; leave it alone while somebody is at it."""
    with _job("drive_run", run=run_id):
        here = house()
        with here.open_session() as session:
            free = unattended(session, run_ids=[run_id])
        if not free:
            return
        try:
            drive(here.open_session, run_id, watch=_turn(), parallel=CONNECTIONS)
        except (TurnOverError, StoppedError) as over:
            with here.database.unit_of_work(Role.JOBS) as session:
                let_go(session, run_id=run_id)
            if isinstance(over, StoppedError):
                raise
            here.queues.run(run_id)
        else:
            here.queues.messages()


def send_messages() -> None:
    """Send what waits in the outbox, in portions, until nothing more goes out or the turn is over."""
    with _job("send_messages"):
        here, go_on = house(), _turn()
        sent, failed = 0, 0
        try:
            while True:
                go_on()
                done = send(here.open_session, post=here.post(), renderers=_renderers(here), limit=PORTION)
                sent, failed = sent + done.sent, failed + done.failed
                if done.sent + done.failed == 0:
                    return
        except TurnOverError:
            here.queues.messages()
        finally:
            _note(here, Task.MESSAGES, sent=sent, failed=failed)


def _renderers(here: House) -> Renderers:
    """While the sending rests, only what somebody sits and waits for is sent."""
    with here.open_session() as session:
        rests = Task.MESSAGES in resting(session)
    return {kind: here.renderers[kind] for kind in AWAITED} if rests else here.renderers


def _note(here: House, task: Task, **result: int) -> None:
    """Write down what was done, where that is anything."""
    if any(result.values()):
        with here.database.unit_of_work(Role.JOBS) as session:
            note_done(session, task=task, result=result)


def take_inbox() -> None:
    """Take in the bank files of the watched folder, unless that rests."""
    with _job("take_inbox"):
        here = house()
        with here.open_session() as session:
            if Task.INBOX in resting(session):
                return
        for taken, run_id in enumerate(take(here, here.settings.inbox), start=1):
            here.queues.run(run_id)
            _note(here, Task.INBOX, files=taken)
            leave_if_wished()


def fetch_files() -> None:
    """Fetch new bank files from banks' servers, unless taking files in by itself rests."""
    with _job("fetch_files"):
        here = house()
        with here.open_session() as session:
            if Task.INBOX in resting(session):
                return
        for taken, run_id in enumerate(fetch(here, connect), start=1):
            here.queues.run(run_id)
            _note(here, Task.INBOX, files=taken)
            leave_if_wished()


def _turn() -> Callable[..., None]:
    """Begin a turn; what is returned raises TurnOverError after it, and StoppedError when a stop is wished."""
    over = time.monotonic() + TURN
    looks = count(1)

    def look(_: object = None) -> None:
        leave_if_wished()
        # At the first look a long first step may have used up the turn, and nothing else been done yet.
        if next(looks) > 1 and time.monotonic() > over:
            raise TurnOverError

    return look


@contextmanager
def _job(name: str, **ids: int) -> Iterator[None]:
    """Log a job's end. An error ends here: what is left undone is found again by the sweeper."""
    begun = time.monotonic()
    with structlog.contextvars.bound_contextvars(job=name, **ids):
        try:
            yield
        except StoppedError:
            log.info("stopped on request")
        except Exception as error:  # noqa: BLE001  # retrying is the sweeper's part, never RQ's
            log.error("failed", **where(error))  # noqa: TRY400  # tracebacks quote values
        else:
            log.info("done", seconds=round(time.monotonic() - begun, 3))
