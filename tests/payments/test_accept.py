"""Bank files are accepted whole or not at all, and each of them once."""

import datetime as dt
import gzip
from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankfiles.types import Account
from bankfiles.write import Deposit, Incoming
from bankfiles.write_camt import write_camt054
from database.connect import Database, OpenSession, Role
from dues.actor import COMMAND_LINE
from dues.groups.models import BankAgreement
from dues.journal.models import Posting
from dues.journal.verify import verify
from dues.payments import accept as accepting
from dues.payments.accept import Accepted, keep_refused
from dues.payments.errors import FileKnownError, FileRefusedError
from dues.payments.models import BankFile, BankFileChunk, BankSection, FileState, Payment, PaymentCase
from dues.payments.store import kept
from dues.runs.models import Run, RunSlice
from tests.factories.money import banked, bgmax, camt, paid, taken
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import finished
from tests.payments.test_matching import PAID, in_the_bank
from tests.together import together

CREATED = dt.datetime.combine(PAID, dt.time(8), dt.UTC)


@pytest.fixture
def made(session: Session) -> Organisation:
    return organisation(session)


def count(session: Session, table: type[Payment | BankFile | BankSection | Run | RunSlice | Posting]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def amounts(session: Session) -> list[int]:
    return sorted(session.scalars(select(Payment.amount)))


def test_genuine_twins_both_count(session: Session, ledger: OpenSession, made: Organisation) -> None:
    twins = [paid(100, bank_reference="000000000001", message="the same")] * 2
    accepted = taken(ledger, camt(made.agreement, twins, on=PAID), on=PAID)
    assert (accepted.payments, accepted.duplicate, accepted.amount, accepted.currency) == (2, 0, 200, "SEK")
    finished(ledger, accepted.run_id)
    assert in_the_bank(session, made) == 200
    keys = session.execute(select(Payment.key, Payment.occurrence)).all()
    assert (len({key for key, _ in keys}), sorted(n for _, n in keys)) == (1, [1, 2])


def spread(file: BytesIO) -> BytesIO:
    return BytesIO(file.getvalue().replace(b"\n", b"\r\n"))


def padded(file: BytesIO) -> BytesIO:
    return BytesIO(file.getvalue().replace(b"\n", b"  \n") + b"\n\n")


def unchanged(file: BytesIO) -> BytesIO:
    return BytesIO(file.getvalue())


@pytest.mark.parametrize("way", [unchanged, spread, padded])
def test_the_same_file_again_is_recognised(
    session: Session, ledger: OpenSession, made: Organisation, way: Callable[[BytesIO], BytesIO]
) -> None:
    file = camt(made.agreement, [paid(100)], on=PAID)
    first = taken(ledger, file, on=PAID, name="monday.xml")
    finished(ledger, first.run_id)
    with pytest.raises(FileKnownError, match=rf"accepted before as monday\.xml \(file {first.file_id}\)") as refused:
        taken(ledger, way(file), on=PAID, name="copy.xml")
    assert refused.value.file_id == first.file_id
    assert (count(session, BankFile), count(session, Run), amounts(session)) == (1, 1, [100])


def test_a_bgmax_file_with_other_line_ends_is_recognised(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    file = bgmax(made.agreement, [paid(100)], on=PAID)
    finished(ledger, taken(ledger, file, on=PAID).run_id)
    with pytest.raises(FileKnownError):
        taken(ledger, BytesIO(file.getvalue().replace(b"\r\n", b"\n")), on=PAID)
    assert amounts(session) == [100]


def test_what_two_files_share_counts_once(session: Session, ledger: OpenSession, made: Organisation) -> None:
    first, second, third = (paid(amount) for amount in (100, 200, 300))
    banked(ledger, camt(made.agreement, [first, second], on=PAID), on=PAID)
    accepted = taken(ledger, camt(made.agreement, [second, third], on=PAID), on=PAID)
    assert (accepted.payments, accepted.duplicate, accepted.amount) == (2, 1, 500)
    run = finished(ledger, accepted.run_id)
    assert run.result == {"matched": 0, "unmatched": 1}
    assert amounts(session) == [100, 200, 300]
    assert in_the_bank(session, made) == 600


def test_a_statement_sent_again_within_another_file_counts_once(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    one = paid(100)
    banked(ledger, camt(made.agreement, [one], on=PAID, number=5), on=PAID)
    accepted = taken(ledger, camt(made.agreement, [one, paid(50)], on=PAID, number=5), on=PAID)
    finished(ledger, accepted.run_id)
    assert (accepted.duplicate, count(session, BankSection), amounts(session)) == (1, 1, [50, 100])


def test_a_payment_that_comes_back_with_another_amount_refuses_the_file(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    banked(ledger, bgmax(made.agreement, [paid(100, bank_reference="000000000001")], on=PAID), on=PAID)
    contradicting = bgmax(made.agreement, [paid(50), paid(101, bank_reference="000000000001")], on=PAID)
    with pytest.raises(FileRefusedError, match=r"two\.txt: .*before with another amount"):
        taken(ledger, contradicting, on=PAID, name="two.txt")
    assert amounts(session) == [100]


def truncated(file: BytesIO) -> bytes:
    return file.getvalue()[:-60]


def wrong_total(file: BytesIO) -> bytes:
    return file.getvalue().replace(
        b"<TtlNtries><NbOfNtries>1</NbOfNtries><Sum>3.00", b"<TtlNtries><NbOfNtries>1</NbOfNtries><Sum>4.00"
    )


def with_doctype(file: BytesIO) -> bytes:
    return file.getvalue().replace(b"<Document", b"<!DOCTYPE Document>\n<Document")


def unreadable_amount(file: BytesIO) -> bytes:
    return file.getvalue().replace(b">1.00<", b">1,00<")


def empty(_file: BytesIO) -> bytes:
    return b""


def packed(file: BytesIO) -> bytes:
    return gzip.compress(file.getvalue())


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (truncated, "ends"),
        (wrong_total, "4"),
        (with_doctype, "document type declaration"),
        (unreadable_amount, "1,00"),
        (empty, "the file is empty"),
        (packed, "gzip archive"),
    ],
)
def test_a_spoilt_file_is_refused_whole_and_its_bytes_are_kept(
    session: Session, ledger: OpenSession, made: Organisation, spoil: Callable[[BytesIO], bytes], reason: str
) -> None:
    data = spoil(camt(made.agreement, [paid(100), paid(200)], on=PAID))
    refuse(session, ledger, BytesIO(data), reason)


def refuse(session: Session, ledger: OpenSession, file: BytesIO, reason: str) -> None:
    """See a file refused and kept, and nothing else stored."""
    with pytest.raises(FileRefusedError, match=r"^in\.xml: ") as refused:
        taken(ledger, file, on=PAID, name="in.xml")
    assert reason in str(refused.value)
    for table in (BankFile, BankSection, Payment, Run, RunSlice):
        assert count(session, table) == 0
    with ledger() as other, other.begin():
        found = keep_refused(other, stream=file, name="in.xml", error=refused.value, by=COMMAND_LINE)
    row = session.get_one(BankFile, found)
    assert (row.state, row.error, row.size) == (FileState.REFUSED, str(refused.value), len(file.getvalue()))
    assert b"".join(kept(session, file_id=found)) == file.getvalue()


@pytest.mark.usefixtures("made")
def test_a_file_that_breaks_off_after_most_of_it_was_stored_leaves_nothing(
    session: Session, ledger: OpenSession, made: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "SLICE", 2)
    whole = camt(made.agreement, [paid(100 + number) for number in range(9)], on=PAID)
    with pytest.raises(FileRefusedError):
        taken(ledger, BytesIO(truncated(whole)), on=PAID)
    assert [count(session, table) for table in (BankFile, BankSection, Payment, Run, RunSlice)] == [0] * 5
    assert session.scalar(select(func.count()).select_from(BankFileChunk)) == 0
    run = banked(ledger, whole, on=PAID)
    assert (run.done, in_the_bank(session, made)) == (9, sum(range(100, 109)))


def test_twins_are_counted_across_blocks_and_files(
    session: Session, ledger: OpenSession, made: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "SLICE", 2)
    twin = paid(100, bank_reference="", message="the same")
    found = []
    for number, many in enumerate((3, 5, 2), start=1):
        accepted = taken(ledger, camt(made.agreement, [twin] * many, on=PAID, number=number), on=PAID)
        finished(ledger, accepted.run_id)
        found.append((accepted.duplicate, "left out" in "".join(accepted.warnings)))
    assert found == [(0, False), (3, True), (2, True)]
    assert sorted(session.scalars(select(Payment.occurrence))) == [1, 2, 3, 4, 5]
    assert in_the_bank(session, made) == 500


@pytest.mark.parametrize("payments", [[paid(100)], []])
def test_a_file_for_an_account_of_others_is_refused(
    session: Session, ledger: OpenSession, payments: list[Incoming]
) -> None:
    file = BytesIO()
    theirs = Deposit(Account("BGNR", "9912346"), "SEK", PAID, 1, payments)
    write_camt054(file, [theirs], created=CREATED, message_id="M")
    refuse(session, ledger, file, "account 9912346, which is none of ours")


@pytest.mark.usefixtures("made")
def test_one_statement_of_others_refuses_the_whole_file(session: Session, ledger: OpenSession) -> None:
    file = BytesIO()
    deposits = [
        Deposit(Account("BGNR", number), "SEK", PAID, n, [paid(100)])
        for n, number in enumerate(("50501055", "9912346"))
    ]
    write_camt054(file, deposits, created=CREATED, message_id="M")
    refuse(session, ledger, file, "none of ours")


def test_a_test_file_is_refused(session: Session, ledger: OpenSession, made: Organisation) -> None:
    refuse(session, ledger, bgmax(made.agreement, [paid(100)], on=PAID, test=True), "test file")


def test_a_refused_file_may_come_again_mended(session: Session, ledger: OpenSession, made: Organisation) -> None:
    file = camt(made.agreement, [paid(100)], on=PAID)
    refuse(session, ledger, BytesIO(truncated(file)), "")
    assert taken(ledger, file, on=PAID).payments == 1
    refuse_again = BytesIO(truncated(file))
    with pytest.raises(FileRefusedError):
        taken(ledger, refuse_again, on=PAID)


def test_the_bytes_of_an_accepted_file_are_kept(session: Session, ledger: OpenSession, made: Organisation) -> None:
    payments = [paid(100, message="x" * 400) for _ in range(3000)]
    file = camt(made.agreement, payments, on=PAID)
    accepted = taken(ledger, file, on=PAID)
    assert len(file.getvalue()) > 1 << 20
    assert b"".join(kept(session, file_id=accepted.file_id)) == file.getvalue()


def test_a_file_may_have_several_currencies_and_then_names_no_sum(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    file = BytesIO()
    deposits = [
        Deposit(Account("BGNR", "50501055"), currency, PAID, n, [paid(100)])
        for n, currency in enumerate(("SEK", "EUR"))
    ]
    write_camt054(file, deposits, created=CREATED, message_id="M")
    accepted = taken(ledger, file, on=PAID)
    assert (accepted.payments, accepted.amount, accepted.currency) == (2, None, None)
    finished(ledger, accepted.run_id)
    assert (in_the_bank(session, made), in_the_bank(session, made, "EUR")) == (100, 100)


def test_a_currency_is_opened_while_payments_are_being_copied(
    session: Session, ledger: OpenSession, made: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "SLICE", 1)
    file = BytesIO()
    currencies = ("SEK", "EUR", "SEK", "NOK")
    deposits = [
        Deposit(Account("BGNR", "50501055"), currency, PAID, n, [paid(100), paid(200)])
        for n, currency in enumerate(currencies)
    ]
    write_camt054(file, deposits, created=CREATED, message_id="M")
    finished(ledger, taken(ledger, file, on=PAID).run_id)
    assert [in_the_bank(session, made, currency) for currency in currencies] == [600, 300, 600, 300]


def test_a_file_without_payments_is_accepted(ledger: OpenSession, made: Organisation) -> None:
    accepted = taken(ledger, camt(made.agreement, [], on=PAID), on=PAID)
    assert (accepted.payments, accepted.amount, accepted.currency) == (0, 0, None)
    assert finished(ledger, accepted.run_id).result == {"matched": 0, "unmatched": 0}


def empty_house(database: Database) -> tuple[OpenSession, BankAgreement]:
    with database.unit_of_work(Role.JOBS) as session:
        agreement = organisation(session).agreement
        session.expunge_all()
    return database.opener(Role.JOBS), agreement


def test_the_same_file_twice_at_once_is_accepted_once(committing: Database) -> None:
    opened, agreement = empty_house(committing)
    file = camt(agreement, [paid(100)] * 50, on=PAID)
    found = together(*(partial(taken, opened, BytesIO(file.getvalue()), on=PAID) for _ in range(2)))
    assert sorted(type(one).__name__ for one in found) == ["Accepted", "FileKnownError"], found


@pytest.mark.parametrize("size", [8000, 3])
def test_two_files_at_once_that_overlap_are_both_accepted_and_count_once(
    committing: Database, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(accepting, "SLICE", size)
    opened, agreement = empty_house(committing)
    common = [paid(100) for _ in range(20)]
    files = [camt(agreement, [*common, paid(amount)], on=PAID, currency="EUR") for amount in (1, 2)]
    found = together(*(partial(taken, opened, file, on=PAID) for file in files))
    assert all(isinstance(one, Accepted) for one in found), found
    assert sorted(one.duplicate for one in found if isinstance(one, Accepted)) == [0, 20]
    for one in found:
        assert isinstance(one, Accepted)
        finished(opened, one.run_id)
    with opened() as session:
        assert session.scalar(select(func.sum(PaymentCase.unallocated))) == 2003
    with opened() as session:
        assert verify(session).ok
