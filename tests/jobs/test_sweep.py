"""The sweeper finds what nobody is at, whatever Redis has lost."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import redis
from sqlalchemy import func, select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.dates import today
from dues.delivery.models import Channel, Message
from dues.delivery.outbox import enqueue
from dues.delivery.post import Outcome, Result
from dues.groups.models import Creditor, Group
from dues.invoicing import ageing
from dues.invoicing.ageing import open_by_age
from dues.invoicing.models import OpenClaimsChange
from dues.journal.models import Entry, Posting
from dues.runs.models import Run, Task
from dues.runs.schedule import schedule, timetable
from dues.runs.start import pause
from dues.settling.settle import settle as settle_with_groups
from jobs.sweep import sweep
from jobs.tasks import drive_run, send_messages, take_inbox
from tests.factories.money import banked
from tests.factories.organisation import books_of_its_own
from tests.jobs.town import TODAY, bank_file, invoice_run, queued, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dues.delivery.post import Carrier, Parcel
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


def rest(house: House, task: Task) -> None:
    with house.database.unit_of_work(Role.JOBS) as session:
        schedule(session, task=task, paused=True, reason="Holidays", on=TODAY, by=COMMAND_LINE)


def test_while_sending_rests_only_codes_are_sent(
    house: House, redis_url: str, carriers: dict[Channel, Carrier]
) -> None:
    carried: list[str] = []

    class Everything:
        def carry(self, parcels: Iterable[Parcel]) -> Iterator[Outcome]:
            for parcel in parcels:
                carried.append(parcel.message.kind)
                yield Outcome((parcel.message,), Result.SENT)

    carriers[Channel.EMAIL] = Everything()
    settle(house)
    drive_run(invoice_run(house))
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushdb()
    rest(house, Task.MESSAGES)
    sweep(house)
    assert queued(redis_url) == []
    send_messages()
    assert carried == []
    with house.database.unit_of_work(Role.JOBS) as session:
        enqueue(session, kind="code", subject_id=1, copy=0, person_id=1, address="a@example.org", language="en")
    sweep(house)
    assert queued(redis_url) == ["send_messages"]
    send_messages()
    assert carried == []  # there is no such link, so the message failed by itself
    with house.database.unit_of_work(Role.JOBS) as session:
        states = session.execute(select(Message.kind, Message.state).order_by(Message.id)).all()
        assert [tuple(row) for row in states] == [("invoice", "queued"), ("invoice", "queued"), ("code", "failed")]
        schedule(session, task=Task.MESSAGES, paused=False, on=TODAY, by=COMMAND_LINE)
    send_messages()
    assert carried == ["invoice", "invoice"]
    with house.open_session() as session:
        assert timetable(session)[Task.MESSAGES].last_result == {"sent": 2, "failed": 0}


def test_while_reading_rests_files_stay_where_they_are(house: House, redis_url: str) -> None:
    settle(house)
    rest(house, Task.INBOX)
    file = house.settings.inbox / "payments.xml"
    file.write_bytes(b"<")
    sweep(house)
    assert queued(redis_url) == []
    take_inbox()
    assert file.exists()


def test_changes_of_open_claims_are_folded_on_the_way(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(house)
    drive_run(invoice_run(house))
    monkeypatch.setattr(ageing, "MANY", 1)
    with house.open_session() as session:
        day = today(session)
        before = open_by_age(session, on=day)
        assert before
    sweep(house)
    with house.open_session() as session:
        assert session.scalar(select(func.count()).select_from(OpenClaimsChange)) == 0
        assert open_by_age(session, on=day) == before


def test_what_was_settled_with_a_group_is_soon_in_its_own_books(house: House) -> None:
    settle(house)
    drive_run(invoice_run(house))
    banked(house.open_session, BytesIO(bank_file(house)), on=TODAY)
    with house.database.unit_of_work(Role.JOBS) as session:
        centre = session.scalars(select(Creditor)).one()
        north = books_of_its_own(session, session.scalars(select(Group).where(Group.name == "Norr")).one())
        (done,) = settle_with_groups(session, creditor_id=centre.id, through=TODAY, on=TODAY, by=COMMAND_LINE)
        expected = (north.id, "share", "job:automatic", done.amount)
    for _ in range(2):
        sweep(house)
    with house.open_session() as session:
        wanted = select(Entry.creditor_id, Entry.event, Entry.actor, Posting.amount)
        mine = wanted.join(Posting, Posting.entry_id == Entry.id).where(Entry.event == "share")
        assert [tuple(row) for row in session.execute(mine)] == [expected]
