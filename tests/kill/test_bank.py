"""Bank files whose worker is killed while they are taken in or booked: stored whole or not at all, booked once."""

from __future__ import annotations

import datetime as dt
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg
import pytest
from sqlalchemy import func, select

from bankfiles.write import Deposit
from bankfiles.write_camt import write_camt054
from dues.groups.models import BankAgreement
from dues.invoicing.models import Claim, PaymentReference
from dues.payments.book import KIND
from dues.runs.models import Run
from tests.factories.money import account_of, paid
from tests.kill.blows import Blow, Moment, kill, strike, suffer
from tests.kill.processes import working_on
from tests.kill.proof import BOOKING, INVOICING, count, wrong
from tests.kill.town import TODAY
from tests.processes import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bankfiles.write import Incoming
    from tests.kill.town import Town

MEMBERS: Final = 3_000
DAYS: Final = 6
SECONDS_AGO: Final = 60
WAITING: Final = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"""
MOMENTS: Final[dict[str, Moment]] = {
    "accepted": lambda run: run.phase in {"start", "book"},
    "booking": lambda run: run.phase == "book" and run.done > 0,
    "telling": lambda run: run.phase == "tell",
}


def put_files(town: Town) -> int:
    """Put into the watched folder, for each account, a file in which all that is owed is paid; count the payments."""
    with town.open_session() as session:
        for agreement in session.scalars(select(BankAgreement).where(BankAgreement.preferred)):
            owed = select(Claim.amount, PaymentReference.value).where(PaymentReference.claim_id == Claim.id)
            claims = session.execute(owed.where(Claim.creditor_id == agreement.creditor_id).order_by(Claim.id)).all()
            write(town, agreement, [paid(amount, value) for amount, value in claims])
    return count(town.open_session, "claim")


def write(town: Town, agreement: BankAgreement, payments: list[Incoming]) -> None:
    """Write one file with payments of several days, which are booked day by day."""
    deposits = (
        Deposit(account_of(agreement), agreement.currency, TODAY - dt.timedelta(days=day), day, payments[day::DAYS])
        for day in range(DAYS)
    )
    path = town.folder / "inbox" / f"{agreement.id}.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        write_camt054(out, deposits, created=dt.datetime.combine(TODAY, dt.time(8), dt.UTC), message_id=path.stem)
    os.utime(path, (time.time() - SECONDS_AGO,) * 2)


@contextmanager
def held(town: Town, statement: str) -> Iterator[Callable[[], bool]]:
    """Hold what a statement locks, as another one at work would; what is given tells whether somebody waits for it."""
    url = town.database.owner_url
    with psycopg.connect(url) as holding, psycopg.connect(url, autocommit=True) as looking:
        holding.execute(statement.encode())

        def waited_for() -> bool:
            row = looking.execute(WAITING.encode()).fetchone()
            return row is not None and row[0] > 0

        yield waited_for


def kill_taking_in(town: Town, whom: str) -> None:
    """Kill who takes files in, when the first file and its run are written down and its payments are about to be."""
    with held(town, "LOCK TABLE payment IN SHARE MODE") as waited_for:
        assert until(waited_for, 30), town.said()
        with town.redis_line() as connection:
            pair = working_on(connection, "take_inbox")
        assert pair is not None, town.said()
        pair.kill(whom)
        assert pair.gone(whom)
        assert stored(town) == (0, 0, 0)  # seen before another worker may begin with the file anew


def stored(town: Town) -> tuple[int, int, int]:
    """How many files, pieces of files and payments the database holds."""
    return (
        count(town.open_session, "bank_file"),
        count(town.open_session, "bank_file_chunk"),
        count(town.open_session, "payment"),
    )


def imports(town: Town) -> list[int]:
    """The runs that book files, oldest first."""
    with town.open_session() as session:
        return list(session.scalars(select(Run.id).where(Run.kind == KIND).order_by(Run.id)))


def one_claim_each(town: Town) -> str:
    """A statement that locks one claim of each creditor, in the middle of their file."""
    place = func.row_number().over(partition_by=Claim.creditor_id, order_by=Claim.id)
    placed = select(Claim.id, place.label("place")).subquery()
    with town.open_session() as session:
        claims = session.scalars(select(placed.c.id).where(placed.c.place == DAYS // 2))
        return f"SELECT id FROM claim WHERE id IN ({', '.join(map(str, claims))}) ORDER BY id FOR UPDATE"


@pytest.mark.kill
def test_a_file_is_taken_in_whole_and_booked_once_whoever_is_killed_and_when(
    town: Town, record_property: Callable[[str, object], None]
) -> None:
    town.fill(MEMBERS)
    town.invoice_all()
    payments = put_files(town)
    deaths = [("accepted", "horse"), ("booking", "horse"), ("booking", "worker"), ("booking", "both")]
    with town.at_work(workers=3):
        for whom in ("horse", "worker"):
            kill_taking_in(town, whom)
        with held(town, "LOCK TABLE message IN SHARE MODE"):
            with held(town, one_claim_each(town)):
                assert until(lambda: len(imports(town)) == len(deaths), 30), town.said()
                blows = [
                    Blow(run, MOMENTS[moment], kill(town, run, whom))
                    for run, (moment, whom) in zip(imports(town), deaths, strict=True)
                ]
                strike(town, blows)
            last = blows[0].run
            blows.append(Blow(last, MOMENTS["telling"], kill(town, last, "horse")))
            deaths.append(("telling", "horse"))
            strike(town, blows[-1:])
        suffer(town, blows[1:])
    for (moment, whom), blow in zip(deaths, blows, strict=True):
        record_property(f"{whom} {moment}", f"{blow.seconds:.1f} s after {blow.stood}")
    assert stored(town)[0] == len(imports(town)) == len(deaths) - 1
    assert count(town.open_session, "payment") == payments
    assert sorted(path.name for path in (town.folder / "inbox").glob("*.xml")) == []
    assert wrong(town.open_session, INVOICING | BOOKING) == {}
