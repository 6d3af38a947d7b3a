"""Claims held until a day and let go again, with a history of who did it and why."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.actor import Actor
from dues.collection.errors import HoldDayError, NothingHeldError, NothingToHoldError
from dues.collection.hold import LONGEST, hold_debtor, hold_invoice, release_debtor, release_invoice
from dues.collection.models import ClaimHold, HoldReason
from dues.invoicing.models import Claim, Invoice
from dues.members.models import Person
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import issued, reminded

DAY = dt.date(2026, 3, 10)
LATE = dt.date(2026, 4, 20)
OFFICER = Actor("staff", "7")


@pytest.fixture
def payer(session: Session, ledger: OpenSession) -> Person:
    """Somebody who pays for two children."""
    made = organisation(session)
    found = person(session)
    for _ in range(2):
        member(session, made, joined_on=DAY, payer=found)
    issued(ledger, on=DAY)
    return found


def first_invoice(session: Session) -> int:
    return session.scalars(select(Invoice.id).order_by(Invoice.id).limit(1)).one()


def hold_first(session: Session, *, until: dt.date = LATE, on: dt.date = DAY) -> int:
    return hold_invoice(
        session,
        invoice_id=first_invoice(session),
        reason=HoldReason.COMPLAINT,
        until=until,
        note="Never came",
        on=on,
        by=OFFICER,
    )


@pytest.mark.usefixtures("payer")
def test_one_invoice_is_held_and_the_other_is_reminded(session: Session, ledger: OpenSession) -> None:
    assert hold_first(session) == 1
    assert reminded(ledger, on=LATE).result == {"candidates": 2, "issued": 1, "excluded": {"on hold": 1}}
    assert reminded(ledger, on=LATE + dt.timedelta(days=1)).result["issued"] == 1
    step = session.scalars(select(ClaimHold)).one()
    told = (step.reason, step.until, step.note, step.on_date, step.actor)
    assert told == (HoldReason.COMPLAINT, LATE, "Never came", DAY, "staff:7")


@pytest.mark.usefixtures("payer")
def test_a_hold_that_is_let_go_holds_nothing(session: Session, ledger: OpenSession) -> None:
    hold_first(session, until=LATE + dt.timedelta(days=100))
    assert release_invoice(session, invoice_id=first_invoice(session), on=LATE, by=OFFICER) == 1
    assert reminded(ledger, on=LATE).result["issued"] == 2
    steps = session.execute(select(ClaimHold.until, ClaimHold.reason).order_by(ClaimHold.id)).all()
    assert steps == [(LATE + dt.timedelta(days=100), HoldReason.COMPLAINT), (None, HoldReason.COMPLAINT)]
    with pytest.raises(NothingHeldError):
        release_invoice(session, invoice_id=first_invoice(session), on=LATE, by=OFFICER)


def test_everything_that_somebody_owes_is_held_together(session: Session, ledger: OpenSession, payer: Person) -> None:
    held = hold_debtor(session, person_id=payer.id, reason=HoldReason.PAUSED, until=LATE, note="", on=DAY, by=OFFICER)
    assert held == 2
    assert reminded(ledger, on=LATE).result["excluded"] == {"on hold": 2}
    assert release_debtor(session, person_id=payer.id, on=LATE, by=OFFICER) == 2
    assert session.scalars(select(Claim.held_until)).all() == [None, None]


@pytest.mark.usefixtures("payer")
def test_a_later_hold_takes_the_place_of_an_earlier_one(session: Session) -> None:
    hold_first(session)
    hold_first(session, until=DAY)
    assert session.scalars(select(Claim.held_until).order_by(Claim.id).limit(1)).one() == DAY


@pytest.mark.usefixtures("payer")
@pytest.mark.parametrize("until", [DAY - dt.timedelta(days=1), DAY + LONGEST + dt.timedelta(days=1)])
def test_a_hold_ends_on_a_day_that_lies_ahead(session: Session, until: dt.date) -> None:
    with pytest.raises(HoldDayError):
        hold_first(session, until=until)
    assert session.scalars(select(ClaimHold.id)).all() == []


def test_what_is_paid_is_not_held(session: Session, ledger: OpenSession) -> None:
    made: Organisation = organisation(session)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=DAY), on=DAY)
    with pytest.raises(NothingToHoldError):
        hold_first(session)
