"""The daily reconciliation: bank, books and what is in transit add up, or the difference is shown."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dues.journal.ledger_days import fold_ledger_days
from dues.journal.verify import prove
from dues.overview.reconcile import Reconciled, reconciled
from tests.factories.money import camt, paid, taken
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import finished
from tests.factories.statements import statement
from tests.payments.test_matching import PAID

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession


@pytest.fixture
def made(session: Session) -> Organisation:
    return organisation(session)


def day(number: int) -> dt.date:
    return PAID + dt.timedelta(days=number)


def days(session: Session, made: Organisation) -> dict[int, Reconciled]:
    session.expire_all()
    rows = reconciled(session, agreement_id=made.agreement.id, first=day(0), last=day(4))
    assert [row.day for row in rows] == [day(number) for number in (4, 3, 2, 1, 0)]
    return {(row.day - day(0)).days: row for row in rows}


def test_bank_and_books_agree_day_by_day(
    session: Session, ledger: OpenSession, made: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statements come the morning after; what is taken in and not booked yet is in transit."""
    for number, (opening, amounts) in enumerate([(5000, [300, 200]), (5500, [-100])]):
        file = statement(made.agreement, number=number + 1, on=day(number), opening=opening, amounts=amounts)
        finished(ledger, taken(ledger, file, on=day(number + 1), name=f"{number}.xml").run_id)
    waiting = taken(ledger, camt(made.agreement, [paid(40)], on=day(3)), on=day(3), name="today.xml")
    found = days(session, made)
    assert [(row.bank, row.books, row.in_transit) for row in reversed(found.values())] == [
        (5500, 500, 0),
        (5400, 400, 0),
        (None, 400, 0),
        (None, 400, 40),
        (None, 400, 40),
    ]
    assert {row.held for row in found.values()} == {5000}
    assert [found[number].difference for number in (0, 1, 2)] == [0, 0, None]
    assert (found[0].payments, found[1].payments, found[2].unallocated) == (2, 1, 400)

    finished(ledger, waiting.run_id)
    file = statement(made.agreement, number=4, on=day(4), opening=5470, amounts=[30])
    finished(ledger, taken(ledger, file, on=day(4), name="4.xml").run_id)
    assert (days(session, made)[3].difference, days(session, made)[4].difference) == (None, 30)

    assert not fold_ledger_days(session)
    monkeypatch.setattr("dues.journal.ledger_days.MANY", 1)
    assert fold_ledger_days(session)
    assert (days(session, made)[4].difference, days(session, made)[1].books) == (30, 400)
    checks = prove(session).checks
    assert (checks["ledger_days_are_postings"], checks["account_days_are_payments"]) == (0, 0)
