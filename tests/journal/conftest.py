"""A ledger in which a year has passed, built once for the tests that try to spoil it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from database.connect import Database, Role
from dues.actor import COMMAND_LINE
from dues.invoicing.models import Claim
from dues.payments.aside import Setting, set_aside
from dues.payments.decide import Share, decide
from dues.payments.gifts.funds import add_fund
from dues.payments.gifts.give import give
from dues.payments.models import Payment, PaymentCase
from dues.payments.refunds.propose import propose
from tests.factories.runs import opener
from tests.factories.year import RENEWED, year

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def lived(database: Database) -> Iterator[Connection]:
    """A connection in whose transaction a year has passed; it is undone after the module's tests."""
    with database.engine(Role.JOBS).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            year(opener(session))
            _money_that_goes(session)
            session.commit()
        yield connection
        outer.rollback()


def _money_that_goes(session: Session) -> None:
    """Of what waits, one payment is not ours; of another some goes back, and the rest is credit, given or paid back."""
    cases = session.scalars(
        select(PaymentCase)
        .where(PaymentCase.closed_at.is_(None), PaymentCase.unallocated > 0)
        .order_by(PaymentCase.payment_id)
    ).all()
    beyond, strange = cases[0], cases[-1]
    creditor, payment = beyond.creditor_id, beyond.payment_id
    currency = session.get_one(Payment, payment).currency
    person = session.scalars(
        select(Claim.debtor_id).where(Claim.creditor_id == creditor).order_by(Claim.debtor_id.desc()).limit(1)
    ).one()
    set_aside(session, payment_id=strange.payment_id, wanted=Setting("rent of the hall"), on=RENEWED, by=COMMAND_LINE)
    back = partial(
        propose,
        session,
        creditor_id=creditor,
        currency=currency,
        name="Kim Ek",
        account=None,
        reason="",
        by=COMMAND_LINE,
        on=RENEWED,
    )
    back(person_id=None, payment_id=payment, amount=30)
    rest = [Share(amount=beyond.unallocated, person_id=person)]
    decide(session, payment_id=payment, shares=rest, seen=None, on=RENEWED, by=COMMAND_LINE)
    fund = add_fund(session, creditor_id=creditor, names={"sv": "Orgel"})
    give(
        session,
        creditor_id=creditor,
        person_id=person,
        fund_id=fund.id,
        amount=20,
        currency=currency,
        on=RENEWED,
        by=COMMAND_LINE,
    )
    back(person_id=person, payment_id=None, amount=10)
    session.flush()


@pytest.fixture
def books(lived: Connection) -> Iterator[Session]:
    """A session as jobs in that ledger; what it changes is undone after the test."""
    point = lived.begin_nested()
    lived.execute(text("SET LOCAL ROLE kontingent_jobs"))
    with Session(lived, join_transaction_mode="create_savepoint") as session:
        yield session
    if point.is_active:
        point.rollback()
