"""The proof of the ledger: it holds for a year that was lived, and each of its checks sees what it is there for."""

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from database.connect import Database, Role
from dues.groups.models import Creditor
from dues.invoicing.models import Claim, ClaimEnd
from dues.journal.errors import BegunAlreadyError
from dues.journal.models import Entry
from dues.journal.verify import _broken, check_files, prove, verify
from dues.lists.words import EVENTS
from dues.payments.models import CaseReason, PaymentCase
from tests.factories.organisation import organisation
from tests.factories.proof import proved

SPOILT = [
    (section.splitlines()[0].strip(), way)
    for section in (Path(__file__).parent / "spoilt.sql").read_text("utf-8").split("-- check:")[1:]
    for way in section.strip().split("\n\n")[1:]
]
TABLES = (
    *("entry", "posting", "invoice", "invoice_line", "allocation", "payee", "frozen_text"),
    *("books_closed", "number_void", "claim", "payment", "bank_agreement"),
    *("payment_aside", "refund", "credit_use", "gift"),
)

SWITCHES = ("changes_are_written_down", "refusals_in_force")


def become_owner(session: Session) -> None:
    session.execute(text("RESET ROLE"))


def switch_off_what_refuses(session: Session) -> None:
    become_owner(session)
    for table in TABLES:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def switch_on_again(session: Session) -> None:
    for table in TABLES:
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def test_a_year_holds_every_kind_of_thing(books: Session) -> None:
    ends = set(session_ends(books))
    assert ends == {None, ClaimEnd.PAID, ClaimEnd.CREDITED}
    reasons = set(books.scalars(select(PaymentCase.reason)))
    assert reasons >= {CaseReason.TOO_MUCH, CaseReason.NO_REFERENCE, CaseReason.MONEY_LEFT, CaseReason.TAKEN_BACK}
    assert books.scalars(select(Creditor.currency).order_by(Creditor.currency)).all() == ["EUR", "EUR", "SEK"]


def test_lists_and_exports_have_words_for_all_that_is_booked(books: Session) -> None:
    booked = set(books.scalars(select(Entry.event)))
    assert {"issue", "payment", "credit note", "settlement", "share"} <= booked <= set(EVENTS)


def session_ends(books: Session) -> list[ClaimEnd | None]:
    return list(books.scalars(select(Claim.ended)))


def test_a_lived_year_proves_itself(books: Session) -> None:
    verification = prove(books)
    assert verification.ok, verification.checks
    assert verification.entries > 10
    assert verification.postings > verification.entries
    assert set(verification.checks) == {path.stem for path in check_files()}
    assert proved(books) == verification


def test_every_check_is_tried() -> None:
    assert {check for check, _ in SPOILT} == {path.stem for path in check_files()}
    assert len({path.stem for path in check_files()}) == len(check_files())


@pytest.mark.parametrize(("check", "way"), SPOILT, ids=[f"{check}-{n}" for n, (check, _) in enumerate(SPOILT)])
def test_a_check_sees_what_it_is_there_for(books: Session, check: str, way: str) -> None:
    switch_off_what_refuses(books)
    if check in SWITCHES:
        switch_on_again(books)
    for one in way.removesuffix(";").split(";\n"):
        changed = books.execute(text(one)).rowcount  # type: ignore[attr-defined]  # the driver knows how many
        assert changed != 0, f"there is nothing to spoil by {one}"
    if check not in SWITCHES:
        switch_on_again(books)
    found = proved(books)
    assert found.checks[check] > 0, found.checks
    assert not found.ok


def test_no_refusal_can_be_switched_off_unseen(books: Session) -> None:
    become_owner(books)
    triggers = books.execute(
        text(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal "
            "AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) ORDER BY 1, 2"
        )
    ).all()
    assert len(triggers) >= 15
    switches = [path for path in check_files() if path.stem in SWITCHES]
    assert len(switches) == len(SWITCHES)
    for count, (table, trigger) in enumerate(triggers, start=1):
        books.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}"))
        assert sum(_broken(books, path) for path in switches) == count, trigger
    assert prove(books) == proved(books)


def test_verifying_reads_one_snapshot_and_changes_nothing(committing: Database) -> None:
    with committing.opener(Role.JOBS)() as session:
        found = verify(session)
        assert (found.ok, found.entries, found.postings) == (True, 0, 0)
        with committing.unit_of_work(Role.JOBS) as other:
            organisation(other)
        assert session.scalars(select(Creditor.id)).all() == []
        with pytest.raises(InternalError, match="read-only transaction"):
            session.execute(text("UPDATE creditor SET name = ''"))


def test_verifying_comes_first_in_its_transaction(committing: Database) -> None:
    with committing.opener(Role.JOBS)() as session:
        session.scalars(select(Entry.id)).all()
        with pytest.raises(BegunAlreadyError):
            verify(session)
