"""Jobs: they take turns, stop when asked, and send through a real mail server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dues.delivery.models import Channel
from dues.runs.models import Run
from jobs import tasks
from jobs.stopping import wish
from tests.jobs.town import invoice_run, queued, settle

if TYPE_CHECKING:
    from dues.delivery.post import Carrier
    from jobs.house import House


def state(house: House, run: int) -> tuple[str, bool]:
    """How a run stands, and whether somebody holds it."""
    with house.open_session() as session:
        found = session.get_one(Run, run)
        return found.state, found.lease_until is not None


def test_a_long_run_goes_to_the_end_of_the_queue_after_its_turn(
    house: House, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(house)
    run = invoice_run(house)
    monkeypatch.setattr(tasks, "TURN", 0.0)
    turns = 0
    while state(house, run)[0] != "done":
        tasks.drive_run(run)
        turns += 1
        assert state(house, run)[1] is False  # whoever is next need not wait for a lease
    assert 2 <= turns <= 8
    assert queued(redis_url, "bulk") == [f"drive_run-{run}"]
    assert queued(redis_url, "mail") == ["send_messages"]


def test_a_run_stops_after_its_slice_when_the_worker_is_to_stop(house: House, redis_url: str) -> None:
    settle(house)
    run = invoice_run(house)
    wish.make()
    tasks.drive_run(run)
    assert state(house, run) == ("working", False)
    assert queued(redis_url) == []
    wish.forget()
    tasks.drive_run(run)
    assert state(house, run)[0] == "done"


def test_an_error_is_logged_by_kind_and_place_and_ends_there(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    settle(house)
    tasks.drive_run(invoice_run(house))

    class Broken:
        def carry(self, _parcels: object) -> Carrier:
            raise RuntimeError("kim.1@example.org")

    house.post()[Channel.EMAIL] = Broken()  # type: ignore[index]
    tasks.send_messages()
    said = capsys.readouterr()
    assert "RuntimeError" in said.out + said.err
    assert "example.org" not in said.out + said.err
