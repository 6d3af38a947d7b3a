"""The worker: RQ with our settings in one place, tied to its parent's life, patient with a Redis that goes away."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from rq.timeouts import UnixSignalDeathPenalty

from database.embedded.launch import die_with_parent
from database.gentle import step_aside
from jobs.house import bind, house
from jobs.logs import where
from jobs.queues import BULK, SERIALIZER
from jobs.stopping import heed, wish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from rq.job import Job
    from rq.queue import Queue

    from jobs.house import House

log = structlog.get_logger(__name__)

TTL: Final = 20  # seconds after which a silent worker counts as gone; it listens in stretches of 5 s less than that
MAINTENANCE: Final = 5  # seconds between two looks for what killed workers left in Redis
MONITORING: Final = 5  # seconds between two signs of life of a job
_STEP: Final = 0.2  # seconds between two looks at a work-horse
_LONGEST: Final = 5.0  # seconds between two tries while Redis is away


class TiedWorker(Worker):
    """An RQ worker whose work-horses die with it, and stop between two slices when it is asked to stop."""

    max_connection_wait_time = _LONGEST
    log_job_description = False
    death_penalty_class = UnixSignalDeathPenalty

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remember that the end was wished: RQ itself also ends its loop when Redis goes away."""
        wish.make()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # RQ has few types

    def handle_warm_shutdown_request(self) -> None:
        """Ask the work-horse to stop after its present slice, rather than wait for the end of a run."""
        if self.horse_pid:
            with suppress(ProcessLookupError):
                os.kill(self.horse_pid, signal.SIGTERM)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Tie the new child to this worker before it does anything: a fork does not inherit that tie.

        Work that nobody waits for leaves the machine to whoever does.
        """
        die_with_parent(parent=self.pid)
        if queue.name == BULK:
            step_aside()
            bind(house().gentle)
        super().main_work_horse(job, queue)

    def setup_work_horse_signals(self) -> None:
        """Let SIGTERM be a wish; Ctrl-C is the supervisor's affair."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        heed(signal.SIGTERM)


def run(house: House, queues: Sequence[str]) -> None:
    """Work on these queues until SIGTERM; whatever happens to Redis, begin again."""
    bind(house)
    heed(signal.SIGTERM, signal.SIGINT)
    pause = 1.0
    while not wish.made():
        try:
            _work(worker(house.settings.redis_url or "", queues))
            pause = 1.0
        except (RedisError, OSError) as error:
            log.warning("worker begins again", seconds=pause, **where(error))
            pause = min(pause * 2, _LONGEST)
        wish.wait(pause)


def worker(redis_url: str, queues: Sequence[str]) -> TiedWorker:
    """Return a worker with the settings of this house."""
    return TiedWorker(
        list(queues),
        connection=Redis.from_url(redis_url),
        serializer=SERIALIZER,
        worker_ttl=TTL,
        maintenance_interval=MAINTENANCE,
        job_monitoring_interval=MONITORING,
        default_result_ttl=0,
    )


def _work(worker: TiedWorker) -> None:
    """Work until RQ ends its loop, which it also does when Redis goes away; then see the last work-horse out."""
    try:
        worker.work(logging_level="WARNING")
    finally:
        heed(signal.SIGTERM, signal.SIGINT)  # RQ has put its own in their place
        _see_out(worker.horse_pid)


def _see_out(horse: int) -> None:
    """Wait for a work-horse that is still at it, passing on the wish to stop."""
    asked = False
    with suppress(ChildProcessError, ProcessLookupError):
        while horse and os.waitpid(horse, os.WNOHANG) == (0, 0):
            if wish.wait(_STEP) and not asked:
                os.kill(horse, signal.SIGTERM)
                asked = True
            if asked:
                time.sleep(_STEP)
