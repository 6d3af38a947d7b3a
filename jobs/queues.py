"""The queues: tell workers that there is work. Truth lives in PostgreSQL, so a call that is lost loses seconds."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

if TYPE_CHECKING:
    from rq.job import Job

BULK: Final = "bulk"
"""Runs: work of seconds to minutes."""
MAIL: Final = "mail"
"""Messages, which people wait for."""

SERIALIZER: Final = JSONSerializer
"""Ids only; what cannot be JSON is refused when it is queued."""

_DAY: Final = 86_400
_KEPT: Final = 3_600  # seconds that a failed job can be looked at in Redis
_WAIT: Final = 2.0  # seconds that a caller waits for Redis

log = structlog.get_logger(__name__)


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

    def messages(self) -> None:
        """Messages wait to be sent."""
        self._put(MAIL, "jobs.tasks.send_messages")

    def inbox(self) -> None:
        """Files wait in the watched folder."""
        self._put(BULK, "jobs.tasks.take_inbox")

    def _put(self, queue: str, function: str, *ids: int) -> None:
        name = "-".join(str(part) for part in (function.rpartition(".")[2], *ids))
        try:
            self._put_once(Queue(queue, connection=self._redis, serializer=SERIALIZER), function, name, ids)
        except RedisError as error:
            log.warning("workers not woken", job=name, error=type(error).__name__)

    def _put_once(self, queue: Queue, function: str, name: str, ids: tuple[int, ...]) -> Job | None:
        """Queue a job unless one of that name waits. Ids end in something unique: RQ must never mix two jobs up."""
        if any(waiting.rpartition("__")[0] == name for waiting in queue.get_job_ids()):
            return None
        return queue.enqueue_call(
            function,
            args=ids,
            job_id=f"{name}__{uuid.uuid4().hex[:12]}",
            timeout=_DAY,
            result_ttl=0,
            failure_ttl=_KEPT,
            description=name,
        )
