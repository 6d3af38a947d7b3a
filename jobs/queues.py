"""The queues: tell workers that there is work. Truth lives in PostgreSQL, so a call that is lost loses seconds."""

from __future__ import annotations

import logging
import uuid
from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

BULK: Final = "bulk"
"""Runs over many members, and files."""
MAIL: Final = "mail"
"""What people wait for: messages, and runs for one member."""

SERIALIZER: Final = JSONSerializer
"""Ids only; what cannot be JSON is refused when it is queued."""

_DAY: Final = 86_400
_KEPT: Final = 3_600  # seconds that a failed job can be looked at in Redis
_WAIT: Final = 2.0  # seconds that a caller waits for Redis

log = logging.getLogger(__name__)


class Queues:
    """Wakes workers; never raises for a Redis that is down, because the clock's sweeper tells them again.

    A job that waits already is not queued a second time.
    """

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_timeout=_WAIT, socket_connect_timeout=_WAIT, retry=Retry(NoBackoff(), 0)
        )

    def run(self, run_id: int) -> None:
        """A run is to be driven."""
        self._put(BULK, "jobs.tasks.drive_run", run_id)

    def prompt_run(self, run_id: int) -> None:
        """A small run is to be driven that somebody waits for: before messages and long runs."""
        self._put(MAIL, "jobs.tasks.drive_run", run_id, first=True)

    def messages(self) -> None:
        """Messages wait to be sent."""
        self._put(MAIL, "jobs.tasks.send_messages")

    def inbox(self) -> None:
        """Files wait in the watched folder."""
        self._put(BULK, "jobs.tasks.take_inbox")

    def fetch(self) -> None:
        """A bank's server is to be visited."""
        self._put(BULK, "jobs.tasks.fetch_files")

    def _put(self, queue: str, function: str, *ids: int, first: bool = False) -> None:
        name = "-".join(str(part) for part in (function.rpartition(".")[2], *ids))
        try:
            known = Queue(queue, connection=self._redis, serializer=SERIALIZER)
            if not _waits(known, name):
                _enqueue(known, function, name, ids, first=first)
        except RedisError as error:
            log.warning("no worker woken for %s: %s", name, type(error).__name__)


def _waits(queue: Queue, name: str) -> bool:
    return any(waiting.rpartition("__")[0] == name for waiting in queue.get_job_ids())


def _enqueue(queue: Queue, function: str, name: str, ids: tuple[int, ...], *, first: bool) -> None:
    """Queue a job under an id that is never used again: RQ must not mix it up with one that was killed."""
    queue.enqueue_call(
        function,
        args=ids,
        job_id=f"{name}__{uuid.uuid4().hex[:12]}",
        timeout=_DAY,
        result_ttl=0,
        failure_ttl=_KEPT,
        description=name,
        at_front=first,
    )
