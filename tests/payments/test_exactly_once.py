"""Exactly once, on four levels: the file, its content, its sections, and each of its payments."""

import codecs
from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.payments.errors import FileKnownError
from dues.payments.models import BankFile, BankSection, Payment
from tests.factories.money import bgmax, camt, paid, taken
from tests.factories.organisation import Organisation, organisation
from tests.payments.test_matching import PAID


@pytest.fixture
def made(session: Session) -> Organisation:
    return organisation(session)


def kept(session: Session) -> tuple[int, int, list[int]]:
    """Files, sections, and the amounts of all payments."""
    files = session.scalar(select(func.count()).select_from(BankFile)) or 0
    sections = session.scalar(select(func.count()).select_from(BankSection)) or 0
    return files, sections, sorted(session.scalars(select(Payment.amount)))


def test_level_1_the_same_bytes_under_another_name_are_the_same_file(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    file = camt(made.agreement, [paid(100)], on=PAID)
    taken(ledger, file, on=PAID, name="monday.xml")
    with pytest.raises(FileKnownError):
        taken(ledger, BytesIO(file.getvalue()), on=PAID, name="tuesday.xml")
    assert kept(session) == (1, 1, [100])


def marked(data: bytes) -> bytes:
    return codecs.BOM_UTF8 + data


def other_ends(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n") if b"\r\n" in data else data.replace(b"\n", b"\r\n")


def trailing(data: bytes) -> bytes:
    return data.replace(b"\n", b" \t\n") if b"\r\n" not in data else data.replace(b"\r\n", b"   \r\n")


def without_last_line_end(data: bytes) -> bytes:
    return data.rstrip()


def test_level_2_line_ends_blanks_and_a_byte_order_mark_make_no_other_file(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    """Each way is what some program or some bank's other channel does with the same file."""
    files = (
        camt(made.agreement, [paid(100)], on=PAID),
        bgmax(made.agreement, [paid(200)], on=PAID),
    )
    for data in (file.getvalue() for file in files):
        taken(ledger, BytesIO(data), on=PAID)
        for way in (marked, other_ends, trailing, without_last_line_end):
            assert way(data) != data, way
            with pytest.raises(FileKnownError):
                taken(ledger, BytesIO(way(data)), on=PAID, name=f"{way.__name__}.txt")
    assert kept(session) == (2, 2, [100, 200])


def test_level_3_a_section_sent_again_beside_a_new_one_is_one_section(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    """A statement is known by its account, number and day, whatever else the second file holds."""
    twins = [paid(100, bank_reference="", message="the same")] * 2
    taken(ledger, camt(made.agreement, twins, on=PAID, number=7), on=PAID)
    again = taken(ledger, camt(made.agreement, [*twins, paid(50)], on=PAID, number=7), on=PAID)
    assert (again.payments, again.duplicate) == (3, 2)
    assert kept(session) == (2, 1, [50, 100, 100])


def test_level_4_identical_payments_both_count_and_overlapping_files_do_not(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    """The bank gave no number: the n-th of payments that are alike is the n-th in whichever file it stands."""
    alike = paid(100, bank_reference="", message="the same")
    assert taken(ledger, camt(made.agreement, [alike] * 2, on=PAID, number=1), on=PAID).duplicate == 0
    overlapping = taken(ledger, camt(made.agreement, [alike] * 3, on=PAID, number=2), on=PAID)
    assert overlapping.duplicate == 2
    assert kept(session) == (2, 2, [100, 100, 100])
    found = session.execute(select(Payment.key, Payment.occurrence)).all()
    assert (len({key for key, _ in found}), sorted(nth for _, nth in found)) == (1, [1, 2, 3])
