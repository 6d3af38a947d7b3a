"""The watched folder: what is whole is taken in once, what is not stays, and everybody sees what became of it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dues.groups.models import BankAgreement
from dues.payments.models import BankFile, Payment
from jobs.inbox import any_waiting, take, waiting
from jobs.tasks import drive_run, take_inbox
from tests.factories.money import owed
from tests.jobs.town import bank_file, invoice_run, queued, settle

if TYPE_CHECKING:
    from pathlib import Path

    from jobs.house import House


@pytest.fixture
def inbox(house: House) -> Path:
    """The folder, of an organisation that waits for two payments."""
    settle(house)
    drive_run(invoice_run(house))
    return house.settings.inbox


def put(path: Path, content: bytes, *, seconds_ago: float = 60) -> Path:
    path.write_bytes(content)
    then = time.time() - seconds_ago
    os.utime(path, (then, then))
    return path


def test_files_are_taken_in_or_refused_with_the_reason_beside_them(house: House, inbox: Path, redis_url: str) -> None:
    good = bank_file(house)
    put(inbox / "a.xml", good)
    put(inbox / "b.xml", good[:-40])
    put(inbox / "c.xml", good.replace(b"\n", b"\r\n"))
    take_inbox()
    assert sorted(path.name for path in (inbox / "done").iterdir()) == ["a.xml", "c.xml", "c.xml.txt"]
    assert "accepted before as a.xml" in (inbox / "done" / "c.xml.txt").read_text(encoding="utf-8")
    assert (inbox / "refused" / "b.xml").read_bytes() == good[:-40]
    assert (inbox / "refused" / "b.xml.txt").read_text(encoding="utf-8").startswith("b.xml: ")
    assert waiting(inbox) == []

    run = next(name for name in queued(redis_url, "bulk") if name.startswith("drive_run"))
    drive_run(int(run.rpartition("-")[2]))
    assert [left for _, _, left in owed(house.open_session)] == [0, 0]
    with house.open_session() as session:
        states = session.execute(select(BankFile.name, BankFile.state).order_by(BankFile.id))
        assert [tuple(row) for row in states] == [("a.xml", "accepted"), ("b.xml", "refused")]
        assert len(session.scalars(select(Payment)).all()) == 2


def test_a_file_met_again_after_a_kill_is_not_booked_twice(house: House, inbox: Path) -> None:
    good = bank_file(house)
    put(inbox / "a.xml", good)
    assert len(list(take(house, inbox))) == 1
    put(inbox / "a.xml", good)  # as if the kill had come before the file was moved
    assert list(take(house, inbox)) == []
    assert sorted(path.name for path in (inbox / "done").iterdir()) == ["a-2.xml", "a-2.xml.txt", "a.xml"]


def test_what_is_not_whole_or_no_file_of_a_bank_stays(house: House, inbox: Path, tmp_path: Path) -> None:
    good = bank_file(house)
    put(inbox / "fresh.xml", good, seconds_ago=0)
    put(inbox / "empty.xml", b"", seconds_ago=10)
    put(inbox / "upload.xml.part", good)
    put(inbox / ".hidden.xml", good)
    elsewhere = put(tmp_path / "secret", b"not for a bank")
    (inbox / "link.xml").symlink_to(elsewhere)
    os.mkfifo(inbox / "pipe.xml")
    before = sorted(inbox.iterdir())
    assert list(take(house, inbox)) == []
    assert sorted(path for path in inbox.iterdir() if path.name != ".taking") == before
    with house.open_session() as session:
        assert session.scalars(select(BankFile)).all() == []


def test_an_accounts_own_folder_takes_its_own_files_alone(house: House, inbox: Path) -> None:
    good = bank_file(house)
    with house.open_session() as session:
        number = session.scalars(select(BankAgreement.number)).one()
    own, nobodys = inbox / f"{number[:4]}-{number[4:]}", inbox / "4711"
    for folder in (own, nobodys):
        folder.mkdir()
        put(folder / "a.xml", good)
    assert any_waiting(inbox)
    assert len(list(take(house, inbox))) == 1
    assert (own / "done" / "a.xml").exists()
    assert "not the one that it came in for" in (nobodys / "refused" / "a.xml.txt").read_text(encoding="utf-8")
    assert not any_waiting(inbox)
