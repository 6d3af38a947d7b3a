"""Somebody who is registered gets another membership, invoiced as everybody's is."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.actor import Actor
from dues.invoicing.models import Invoice
from dues.loop.errors import DeceasedError, NotJoinableError, NotOfferedError, PayerNeededError, WrongAgeError
from dues.loop.join import admit
from dues.members.errors import UnknownPersonError
from dues.members.models import Membership, StatusChange
from dues.members.register import pay_for
from tests.factories.members import person
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import finished

TODAY = dt.date(2026, 5, 10)
OFFICER = Actor("staff", "7")


@pytest.fixture
def made(session: Session) -> Organisation:
    """An organisation that one can join from 7 years on."""
    return organisation(session, min_age=7)


def let_in(session: Session, made: Organisation, who: int, *, group: str = "org-norr", kind: int = 0) -> int | None:
    joined = admit(session, person_id=who, group=group, type_id=kind or made.member_type.id, on=TODAY, by=OFFICER)
    return joined.run_id


def test_the_membership_is_there_and_invoiced(session: Session, ledger: OpenSession, made: Organisation) -> None:
    who = person(session)
    run = let_in(session, made, who.id)
    assert run is not None
    session.commit()
    finished(ledger, run)
    held = session.scalars(select(Membership)).one()
    assert (held.person_id, held.group_id, held.joined_on) == (who.id, made.north.id, TODAY)
    assert session.scalars(select(StatusChange.actor)).all() == ["staff:7"]
    invoice = session.scalars(select(Invoice)).one()
    assert (invoice.payer_id, invoice.amount) == (who.id, FEE)


def test_nobody_becomes_the_same_twice(session: Session, made: Organisation) -> None:
    who = person(session)
    let_in(session, made, who.id)
    assert let_in(session, made, who.id) is None
    assert session.scalar(select(func.count()).select_from(Membership)) == 1


def test_a_child_needs_somebody_who_pays(session: Session, made: Organisation) -> None:
    child = person(session, born=dt.date(2015, 1, 1))
    with pytest.raises(PayerNeededError):
        let_in(session, made, child.id)
    pay_for(session, person_id=child.id, payer_id=person(session).id, on=TODAY)
    assert let_in(session, made, child.id) is not None


def test_what_cannot_be_is_refused(session: Session, made: Organisation) -> None:
    who = person(session)
    with pytest.raises(NotOfferedError):
        let_in(session, made, who.id, kind=2**62)
    with pytest.raises(NotJoinableError):
        let_in(session, made, who.id, group="nowhere")
    with pytest.raises(WrongAgeError):
        let_in(session, made, person(session, born=dt.date(2022, 1, 1)).id)
    with pytest.raises(UnknownPersonError):
        let_in(session, made, 2**62)
    who.deceased_on = TODAY
    session.flush()
    with pytest.raises(DeceasedError):
        let_in(session, made, who.id)
