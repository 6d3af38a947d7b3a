"""Large bank files: kept at once, read by their run, accepted or refused with the reason on the page."""

from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.payments.accept import receive
from dues.payments.errors import FileKnownError
from dues.payments.files import File, Progress, files, one_file, parts, payments_of
from dues.payments.models import BankFile, BankSection, FileState, Payment
from dues.payments.store import kept
from dues.runs.models import RunState
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid, taken
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import finished, issued
from tests.payments.test_allocate import OFFICER
from tests.payments.test_matching import DAY, PAID


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    found = organisation(session)
    for _ in range(2):
        member(session, found, joined_on=DAY)
    issued(ledger, on=DAY)
    return found


def sent(ledger: OpenSession, file: BytesIO, name: str = "large.xml") -> tuple[int, int]:
    """Receive a file; its id and its run's."""
    with ledger() as session, session.begin():
        row, run = receive(session, stream=file, name=name, on=PAID, by=OFFICER)
        return row.id, run.id


def seen(session: Session, file_id: int) -> File:
    found = one_file(session, name=session.get_one(BankFile, file_id).uuid)
    assert found is not None
    return found


def test_a_received_file_is_read_and_booked_by_its_run(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    reference = owed(ledger)[0][1]
    file = camt(made.agreement, [paid(FEE, reference), paid(100)], on=PAID)
    file_id, run_id = sent(ledger, file)
    assert (seen(session, file_id).progress, seen(session, file_id).payments) == (Progress.READING, 0)
    assert session.scalar(select(func.count()).select_from(Payment)) == 0
    done = finished(ledger, run_id)
    assert (done.state, done.total, done.done, done.result) == (RunState.DONE, 2, 2, {"matched": 1, "unmatched": 1})
    found = seen(session, file_id)
    assert (found.progress, found.format, found.payments, found.sums) == (
        Progress.BOOKED,
        "camt.054",
        2,
        {"SEK": FEE + 100},
    )
    assert (found.matched, found.unmatched, found.actor) == (1, 1, "staff:7")
    assert b"".join(kept(session, file_id=file_id)) == file.getvalue()
    assert [(part.payments, part.amount) for part in parts(session, file_id=file_id, limit=9)] == [(2, FEE + 100)]


def test_a_received_file_that_is_wrong_is_refused_and_nothing_of_it_stays(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    good = camt(made.agreement, [paid(FEE)], on=PAID).getvalue()
    file_id, run_id = sent(ledger, BytesIO(good[: len(good) // 2]))
    assert finished(ledger, run_id).state is RunState.DONE
    found = seen(session, file_id)
    assert found.progress is Progress.REFUSED
    assert found.error
    assert not found.error.startswith("large.xml")
    for table in (Payment, BankSection):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert b"".join(kept(session, file_id=file_id)) == good[: len(good) // 2]


def test_the_same_content_is_known_whichever_way_it_came(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    file = camt(made.agreement, [paid(FEE)], on=PAID)
    file_id, run_id = sent(ledger, file)
    with pytest.raises(FileKnownError) as refused:  # a second press before it is read
        sent(ledger, file)
    assert refused.value.file_id == file_id
    accepted = taken(ledger, BytesIO(file.getvalue()), on=PAID, name="from the folder.xml")
    finished(ledger, run_id)
    assert session.get_one(BankFile, file_id).state is FileState.REFUSED
    assert "from the folder.xml" in seen(session, file_id).error
    finished(ledger, accepted.run_id)
    assert session.scalar(select(func.count()).select_from(Payment)) == 1


def test_files_are_listed_newest_first_and_their_payments_by_key(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    reference = owed(ledger)[0][1]
    for n in range(3):
        banked(ledger, camt(made.agreement, [paid(100 + n)], on=PAID), on=PAID, name=f"{n}.xml")
    banked(ledger, camt(made.agreement, [paid(FEE, reference), paid(1), paid(2)], on=PAID), on=PAID, name="3.xml")
    listed = files(session, limit=2)
    assert [one.name for one in listed] == ["3.xml", "2.xml"]
    older = files(session, before=listed[-1].id, limit=2)
    assert [one.name for one in older] == ["1.xml", "0.xml"]
    assert [one.name for one in files(session, after=older[0].id, limit=2)] == ["3.xml", "2.xml"]
    rows = payments_of(session, file_id=listed[0].id, run_id=listed[0].run_id, after=0, limit=2)
    assert [(one.amount, len(one.invoices), one.open_case) for one in rows] == [(FEE, 1, False), (1, 0, True)]
    (last,) = payments_of(session, file_id=listed[0].id, run_id=listed[0].run_id, after=rows[-1].payment_id, limit=2)
    assert last.amount == 2
