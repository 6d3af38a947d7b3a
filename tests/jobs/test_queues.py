"""Waking workers: once for each thing to do, and without harm when Redis is away."""

from __future__ import annotations

import json

import redis
from rq.job import Job

from jobs.queues import SERIALIZER, Queues
from tests.jobs.town import queued


def test_what_waits_is_not_queued_again(redis_url: str) -> None:
    queues = Queues(redis_url)
    for _ in range(3):
        queues.run(7)
        queues.run(77)
        queues.messages()
        queues.inbox()
    assert queued(redis_url, "bulk") == ["drive_run-7", "drive_run-77", "take_inbox"]
    assert queued(redis_url, "mail") == ["send_messages"]


def test_a_visitors_run_goes_before_messages(redis_url: str) -> None:
    Queues(redis_url).messages()
    Queues(redis_url).prompt_run(7)
    assert queued(redis_url, "mail") == ["drive_run-7", "send_messages"]


def test_jobs_are_json_with_ids_only(redis_url: str) -> None:
    Queues(redis_url).run(7)
    with redis.Redis.from_url(redis_url) as connection:
        (job_id,) = connection.lrange("rq:queue:bulk", 0, -1)
        job = Job.fetch(job_id.decode(), connection=connection, serializer=SERIALIZER)
    assert list(job.args) == [7]
    assert isinstance(json.loads(job.data), list)
    assert job.func_name == "jobs.tasks.drive_run"


def test_a_redis_that_is_away_is_no_error() -> None:
    queues = Queues("redis://127.0.0.1:1/0")
    queues.run(7)
    queues.messages()
