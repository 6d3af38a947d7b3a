"""Banks' servers, over the real protocol: each file is fetched once, and only from the server that was agreed to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from database.connect import Role
from dues.groups.models import BankAgreement
from dues.payments.fetching import RemoteError, target_of
from dues.payments.models import BankFile, FileState
from dues.payments.sftp import connect, fingerprint, host_key_of
from dues.payments.source_models import BankSource, FetchedFile, Trouble
from dues.payments.sources import OtherKeyError, Server, add_source, change_source, trust
from jobs.fetching import fetch
from jobs.sweep import sweep
from jobs.tasks import drive_run, fetch_files
from tests.factories.money import owed
from tests.jobs.sftp import KEY, PASSWORD, USER, bank_server
from tests.jobs.town import bank_file, invoice_run, queued, settle

if TYPE_CHECKING:
    from pathlib import Path

    from jobs.house import House


def server(account: str, port: int, **more: object) -> Server:
    terms: dict[str, object] = {"password": PASSWORD, "folder": "out", "pattern": "*.xml", "username": USER}
    return Server(account, "127.0.0.1", port, every_minutes=60, active=True, **{**terms, **more})  # type: ignore[arg-type]


def added(house: House, port: int, **more: object) -> int:
    """Set a server up, and agree to the key that it shows."""
    with house.database.unit_of_work(Role.JOBS) as session:
        account = session.scalars(select(BankAgreement.number)).one()
        secret = house.settings.signing_key()
        source = add_source(session, place=server(account, port, **more), secret=secret)
        key = host_key_of(source.host, source.port)
        trust(session, source_id=source.id, host_key=key, seen=fingerprint(key))
        return source.id


def again(house: House) -> list[int]:
    """Visit all servers as if their pause was over."""
    with house.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(BankSource).values(tried_at=None))
    return list(fetch(house, connect))


def states(house: House) -> list[tuple[str, FileState]]:
    with house.open_session() as session:
        found = session.execute(select(BankFile.name, BankFile.state).order_by(BankFile.id))
        return [(name, state) for name, state in found]


def trouble(house: House) -> Trouble | None:
    with house.open_session() as session:
        return session.scalars(select(BankSource.trouble)).one()


def test_each_file_of_a_banks_server_is_fetched_once_and_booked(house: House, tmp_path: Path, redis_url: str) -> None:
    settle(house)
    drive_run(invoice_run(house))
    out = tmp_path / "bank" / "out"
    out.mkdir(parents=True)
    good = bank_file(house)
    (out / "monday.xml").write_bytes(good)
    (out / "tuesday.xml.part").write_bytes(good)
    (out / "readme.txt").write_bytes(b"welcome")
    (out / "broken.xml").write_bytes(good[:-40])
    os.utime(out / "monday.xml", (1_700_000_000, 1_700_000_000))
    with bank_server(tmp_path / "bank") as port:
        added(house, port)
        sweep(house)
        assert "fetch_files" in queued(redis_url, "bulk")
        fetch_files()
        assert states(house) == [("monday.xml", FileState.ACCEPTED), ("broken.xml", FileState.REFUSED)]
        with house.open_session() as session:
            run = session.scalars(select(BankFile.run_id).where(BankFile.run_id.is_not(None))).one()
        assert f"drive_run-{run}" in queued(redis_url, "bulk")
        drive_run(run or 0)
        assert [left for _, _, left in owed(house.open_session)] == [0, 0]
        sweep(house)
        assert trouble(house) is None
        assert list(fetch(house, connect)) == []  # its pause is not over

        (out / "monday-copy.xml").write_bytes(good)  # the same bytes under another name
        (out / "broken.xml").write_bytes(good[:-50])  # changed: looked at once more
        assert again(house) == []
        assert again(house) == []
        found = [name for name, _ in states(house)]
        assert found == ["monday.xml", "broken.xml", "broken.xml"]
        with house.open_session() as session:
            assert len(session.scalars(select(FetchedFile)).all()) == 4


def test_only_the_server_that_was_agreed_to_is_trusted(house: House, tmp_path: Path) -> None:
    settle(house)
    (tmp_path / "bank" / "out").mkdir(parents=True)
    with bank_server(tmp_path / "bank") as port:
        source_id = added(house, port)
        assert again(house) == []
        assert trouble(house) is None
        with house.database.unit_of_work(Role.JOBS) as session:
            source = session.get_one(BankSource, source_id)
            assert PASSWORD.encode() not in (source.password or b"")
            other = KEY.export_public_key("openssh").decode().strip()
            with pytest.raises(OtherKeyError):
                trust(session, source_id=source_id, host_key=other, seen=fingerprint(source.host_key or ""))
            source.host_key = other
        again(house)
        assert trouble(house) is Trouble.HOST_KEY


def test_what_keeps_us_out_is_told_apart(house: House, tmp_path: Path) -> None:
    settle(house)
    (tmp_path / "bank" / "out").mkdir(parents=True)
    secret = house.settings.signing_key()
    with bank_server(tmp_path / "bank") as port:
        source_id = added(house, port, password="wrong")
        again(house)
        assert trouble(house) is Trouble.LOGIN
        with house.database.unit_of_work(Role.JOBS) as session:
            account = session.scalars(select(BankAgreement.number)).one()
            key = KEY.export_private_key().decode()
            with_key = server(account, port, folder="away", password="", private_key=key)
            change_source(session, source_id=source_id, place=with_key, secret=secret)
        again(house)
        assert trouble(house) is Trouble.FOLDER
        with house.open_session() as session:
            target = target_of(session.get_one(BankSource, source_id), secret=secret)
            with pytest.raises(RemoteError, match="secret"):
                target_of(session.get_one(BankSource, source_id), secret="another secret of the house, long")
    with pytest.raises(RemoteError, match="unreachable"), connect(target):
        pass
    again(house)
    assert trouble(house) is Trouble.UNREACHABLE
