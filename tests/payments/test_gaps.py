"""Statements follow each other: what is missing is said, until it comes or somebody says why it need not."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dues.actor import Actor
from dues.journal.verify import prove
from dues.payments.gaps import NoGapError, explain, gaps, reopen
from dues.payments.statement_models import BankGap, Missing
from tests.factories.money import bgmax, paid, taken
from tests.factories.organisation import Organisation, organisation
from tests.factories.statements import statement
from tests.payments.test_matching import PAID

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession


@pytest.fixture
def made(session: Session) -> Organisation:
    return organisation(session)


def came(ledger: OpenSession, made: Organisation, number: int, *, day: int, opening: int, amount: int) -> None:
    on = PAID + dt.timedelta(days=day)
    file = statement(made.agreement, number=number, on=on, opening=opening, amounts=[amount])
    taken(ledger, file, on=on + dt.timedelta(days=1), name=f"{number}.xml")


def missing(session: Session, made: Organisation) -> list[tuple[str, str, Missing]]:
    session.expire_all()
    found = gaps(session, agreement_id=made.agreement.id, limit=10)
    return [(gap.before.number, gap.after.number, gap.missing) for gap in found if not gap.note]


def test_a_missing_statement_is_said_and_forgotten_when_it_has_come(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    came(ledger, made, 1, day=0, opening=0, amount=100)
    came(ledger, made, 2, day=1, opening=100, amount=50)
    assert missing(session, made) == []
    came(ledger, made, 5, day=4, opening=400, amount=10)
    assert missing(session, made) == [("2", "5", Missing.BOTH)]
    came(ledger, made, 4, day=3, opening=250, amount=150)
    assert missing(session, made) == [("2", "4", Missing.BOTH)]
    came(ledger, made, 3, day=2, opening=150, amount=100)
    assert missing(session, made) == []
    assert len(session.scalars(select(BankGap)).all()) == 2
    assert prove(session).checks["account_days_are_payments"] == 0


def test_a_number_or_a_balance_alone_says_so_and_a_new_year_begins_anew(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    came(ledger, made, 7, day=0, opening=0, amount=100)
    came(ledger, made, 9, day=1, opening=100, amount=50)
    came(ledger, made, 10, day=2, opening=170, amount=30)
    came(ledger, made, 1, day=400, opening=200, amount=30)
    assert missing(session, made) == [("9", "10", Missing.BALANCE), ("7", "9", Missing.NUMBER)]


def test_deposits_are_followed_by_their_numbers(session: Session, ledger: OpenSession, made: Organisation) -> None:
    files = [bgmax(made.agreement, [paid(100, bank_reference=f"{one:012}")], on=PAID) for one in range(1, 4)]
    taken(ledger, files[0], on=PAID)
    taken(ledger, files[2], on=PAID)
    assert [found[2] for found in missing(session, made)] == [Missing.NUMBER]
    taken(ledger, files[1], on=PAID)
    assert missing(session, made) == []


def test_somebody_says_why_nothing_is_missing_and_takes_it_back(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    came(ledger, made, 1, day=0, opening=0, amount=100)
    came(ledger, made, 3, day=1, opening=100, amount=50)
    (gap,) = gaps(session, agreement_id=made.agreement.id, limit=10)
    asked = {"agreement_id": made.agreement.id, "gap_id": gap.id}
    explain(session, **asked, note=" Statement 2 was empty. ", by=Actor("staff", "1"))
    came(ledger, made, 4, day=2, opening=150, amount=50)
    assert missing(session, made) == []
    assert [one.note for one in gaps(session, agreement_id=made.agreement.id, limit=10)] == ["Statement 2 was empty."]
    with pytest.raises(NoGapError):
        explain(session, **asked, note="again", by=Actor("staff", "1"))
    reopen(session, **asked)
    assert missing(session, made) == [("1", "3", Missing.NUMBER)]
