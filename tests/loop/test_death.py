"""Somebody dies: memberships end, later fees are given back, and nobody writes to them; a mistake is taken back."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.dates import set_clock
from dues.delivery.models import Channel, Message, MessageState
from dues.invoicing.document import issued as documents
from dues.invoicing.errors import NotSendableError
from dues.invoicing.models import Claim, Invoice
from dues.invoicing.send_again import send_again
from dues.journal.verify import prove
from dues.loop.death import UNDO_DAYS, record_death, take_back_death, what_is_left
from dues.loop.errors import DeathDayError, DeathMovedError, DeathRecordedError, NoDeathError
from dues.members.estate import estate_of
from dues.members.models import MembershipStatus, Person
from dues.payments.models import Credit
from dues.payments.refunds.models import Refund
from dues.pricing.discounts import Discounted, set_discount
from language import Language
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import issued
from tests.loop.test_end import JOINED, OFFICER, THROUGH, TODAY, made, the_membership

__all__ = ["made"]

DIED = TODAY - dt.timedelta(days=3)


def dies(
    ledger: OpenSession, person: int, *, on: dt.date = DIED, seen: list[int] | None = None, refund: bool = False
) -> list[int]:
    with ledger() as session, session.begin():
        return record_death(session, person_id=person, on=on, today=TODAY, by=OFFICER, seen=seen, refund=refund)


def lives(ledger: OpenSession, person: int, *, today: dt.date) -> int:
    with ledger() as session, session.begin():
        return take_back_death(session, person_id=person, today=today, by=OFFICER)


def the_person(session: Session) -> Person:
    return session.scalars(select(Person).execution_options(populate_existing=True)).one()


@pytest.mark.usefixtures("made")
def test_what_was_charged_for_later_is_given_back_and_nobody_writes(session: Session, ledger: OpenSession) -> None:
    left = what_is_left(session, person_id=the_person(session).id, on=DIED)
    assert [(one.amount, one.whole) for one in left.credited] == [(FEE, True)]
    assert (left.owed, left.waiting, len(left.memberships)) == ({}, 1, 1)
    dies(ledger, the_person(session).id, seen=[one.invoice_id for one in left.credited])
    held = the_membership(session)
    assert (held.status, held.ended_on, held.charged_through) == (MembershipStatus.DECEASED, DIED, THROUGH)
    assert the_person(session).deceased_on == DIED
    assert session.scalars(select(Message.state)).all() == [MessageState.WITHHELD]
    assert issued(ledger, on=dt.date(2027, 1, 1)).result["candidates"] == 0
    assert prove(session).ok


def test_what_was_paid_for_later_becomes_credit(session: Session, ledger: OpenSession, made: Organisation) -> None:
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=TODAY), on=TODAY)
    dies(ledger, the_person(session).id)
    assert session.scalars(select(Credit.balance)).all() == [FEE]
    assert prove(session).ok


def test_what_was_paid_for_later_goes_back_to_the_estate(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=TODAY), on=TODAY)
    dead = the_person(session)
    dies(ledger, dead.id, refund=True)
    refund = session.scalars(select(Refund)).one()
    name = f"{dead.given_name} {dead.family_name}"
    assert (refund.amount, refund.name) == (FEE, estate_of(name, Language(dead.language)))
    assert session.scalars(select(Credit.balance)).all() == [0]
    assert prove(session).ok


@pytest.mark.usefixtures("made")
def test_what_had_begun_is_owed_by_the_estate(session: Session, ledger: OpenSession) -> None:
    on = THROUGH + dt.timedelta(days=2)
    person = the_person(session).id
    assert what_is_left(session, person_id=person, on=on).owed == {"SEK": FEE}
    with ledger() as other, other.begin():
        record_death(other, person_id=person, on=on, today=on, by=OFFICER)
    assert session.scalars(select(Claim.open_amount)).all() == [FEE]


@pytest.mark.usefixtures("made")
def test_a_mistake_is_taken_back_and_charged_anew(session: Session, ledger: OpenSession) -> None:
    person = the_person(session).id
    dies(ledger, person)
    today = dt.datetime.now(dt.UTC).date()
    with pytest.raises(NoDeathError):
        lives(ledger, person, today=today + dt.timedelta(days=UNDO_DAYS + 2))
    assert lives(ledger, person, today=today) == 1
    held = the_membership(session)
    assert (held.status, held.ended_on, the_person(session).deceased_on) == (MembershipStatus.ACTIVE, None, None)
    assert issued(ledger, on=TODAY).result["issued"] == 1
    assert prove(session).ok
    with pytest.raises(NoDeathError):
        lives(ledger, person, today=today)


@pytest.mark.usefixtures("made")
def test_nobody_dies_twice_or_tomorrow_or_otherwise_than_was_seen(session: Session, ledger: OpenSession) -> None:
    person = the_person(session).id
    for on in (TODAY + dt.timedelta(days=1), dt.date(1800, 1, 1)):
        with pytest.raises(DeathDayError):
            dies(ledger, person, on=on)
    with pytest.raises(DeathMovedError):
        dies(ledger, person, seen=[])
    dies(ledger, person)
    with pytest.raises(DeathRecordedError):
        dies(ledger, person)
    assert session.scalar(select(func.count()).select_from(Invoice)) == 2


def test_the_estate_gets_a_letter_and_nobody_else_a_mail(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    who = the_person(session)
    started = member(session, made, joined_on=TODAY, who=who, group=made.south)
    issued(ledger, on=TODAY, memberships=[started.id])
    started.status = MembershipStatus.ACTIVE  # has begun: the estate owes it
    session.flush()
    dies(ledger, who.id, on=TODAY)
    claim = session.scalars(select(Claim).where(Claim.open_amount > 0)).one()
    invoice = session.get_one(Invoice, claim.invoice_id)
    stood = documents(session, invoices=[invoice.id])[invoice.id]
    assert stood.document.recipient.name == invoice.payer_name
    estate = estate_of(invoice.payer_name, Language("sv"))
    assert stood.as_it_stands.recipient.name == estate != invoice.payer_name
    with pytest.raises(NotSendableError):
        send_again(session, invoice_id=invoice.id, channel=Channel.EMAIL, address=who.email, copy=1, by=OFFICER)
    send_again(session, invoice_id=invoice.id, channel=Channel.PRINT, address="", copy=1, by=OFFICER)
    assert session.scalars(select(Message.state).where(Message.copy == 1)).all() == [MessageState.QUEUED]


def test_a_free_year_to_come_is_given_back(session: Session, ledger: OpenSession) -> None:
    set_clock(session, to=TODAY, real=TODAY)
    made = organisation(session)
    free = Discounted(group_id=made.root.id, names={"en": "Jubilee year"}, share=10000)
    set_discount(session, discounted=free)
    held = member(session, made, joined_on=JOINED, paid_through=THROUGH)
    issued(ledger, on=TODAY)
    assert the_membership(session).charged_through == dt.date(2027, 5, 31)
    dies(ledger, held.person_id)
    assert (the_membership(session).charged_through, the_membership(session).paid_through) == (THROUGH, THROUGH)
    assert prove(session).ok
