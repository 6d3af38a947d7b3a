"""The jobs: one screen each, ids only, safe to run twice at once and to kill at any moment."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import structlog

from dues.delivery.send import send
from dues.runs.drive import drive
from dues.runs.queries import unattended
from jobs.house import house
from jobs.inbox import take
from jobs.logs import where
from jobs.stopping import StoppedError, leave_if_wished

if TYPE_CHECKING:
    from collections.abc import Iterator

log = structlog.get_logger(__name__)

PORTION: Final = 200
"""Messages between two looks whether to stop."""


def drive_run(run_id: int) -> None:
    """Work on a run until it is done, or needs a person; leave it alone while somebody else is at it."""
    with _job("drive_run", run=run_id):
        here = house()
        with here.open_session() as session:
            free = unattended(session, run_ids=[run_id])
        if not free:
            return
        drive(here.open_session, run_id, watch=leave_if_wished)
        here.queues.messages()


def send_messages() -> None:
    """Send what waits in the outbox, in portions, until nothing more goes out."""
    with _job("send_messages"):
        here = house()
        while True:
            leave_if_wished()
            done = send(here.open_session, post=here.post(), renderers=here.renderers, limit=PORTION)
            if done.sent + done.failed == 0:
                return


def take_inbox() -> None:
    """Take in the bank files of the watched folder."""
    with _job("take_inbox"):
        here = house()
        for run_id in take(here, here.settings.inbox):
            here.queues.run(run_id)
            leave_if_wished()


@contextmanager
def _job(name: str, **ids: int) -> Iterator[None]:
    """Log a job's begin and end. An error ends here: what is left undone is found again by the sweeper."""
    begun = time.monotonic()
    with structlog.contextvars.bound_contextvars(job=name, **ids):
        log.info("begun")
        try:
            yield
        except StoppedError:
            log.info("stopped on request")
        except Exception as error:  # noqa: BLE001  # retrying is the sweeper's part, never RQ's
            log.error("failed", **where(error))  # noqa: TRY400  # tracebacks quote values
        else:
            log.info("done", seconds=round(time.monotonic() - begun, 3))
