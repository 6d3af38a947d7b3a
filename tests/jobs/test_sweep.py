"""The sweeper finds what nobody is at, whatever Redis has lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import redis

from database.connect import Role
from dues.delivery.models import Channel
from dues.runs.models import Run
from dues.runs.start import pause
from jobs.sweep import sweep
from jobs.tasks import drive_run
from tests.jobs.town import invoice_run, queued, settle

if TYPE_CHECKING:
    from dues.delivery.post import Carrier
    from jobs.house import House


class Nobody:
    """A channel that is there; nothing is carried in these tests."""

    def carry(self, _parcels: object) -> object:
        raise NotImplementedError


def test_a_run_is_found_again_after_redis_was_emptied(house: House, redis_url: str) -> None:
    settle(house)
    run = invoice_run(house)
    sweep(house)
    assert queued(redis_url) == [f"drive_run-{run}"]
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushdb()
    sweep(house)
    sweep(house)
    assert queued(redis_url) == [f"drive_run-{run}"]
    drive_run(run)
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushdb()
    sweep(house)
    assert queued(redis_url) == []


def test_a_run_that_somebody_works_on_is_left_alone(house: House, redis_url: str) -> None:
    settle(house)
    run = invoice_run(house)
    with house.database.unit_of_work(Role.JOBS) as session:
        session.get_one(Run, run, with_for_update={"key_share": True})
        sweep(house)
        drive_run(run)
        assert queued(redis_url) == []
        assert session.get_one(Run, run).state == "preparing"
    sweep(house)
    assert queued(redis_url) == [f"drive_run-{run}"]


def test_a_paused_run_stays_paused(house: House, redis_url: str) -> None:
    settle(house)
    run = invoice_run(house)
    with house.database.unit_of_work(Role.JOBS) as session:
        session.get_one(Run, run).state = "working"  # type: ignore[assignment]  # as a step would leave it
        session.flush()
        pause(session, run_id=run)
    sweep(house)
    assert queued(redis_url) == []


def test_messages_are_sent_by_channels_that_are_there(
    house: House, redis_url: str, carriers: dict[Channel, Carrier]
) -> None:
    settle(house)
    drive_run(invoice_run(house))
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushdb()
    sweep(house)
    assert queued(redis_url) == []  # there is no mail server
    carriers[Channel.EMAIL] = Nobody()  # type: ignore[assignment]  # never asked to carry
    sweep(house)
    assert queued(redis_url) == ["send_messages"]


def test_a_file_in_the_watched_folder_wakes_a_worker(house: House, redis_url: str) -> None:
    sweep(house)
    assert queued(redis_url) == []
    (house.settings.inbox / "payments.xml").write_bytes(b"<")
    sweep(house)
    assert queued(redis_url) == ["take_inbox"]
