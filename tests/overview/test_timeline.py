"""What happened is told once, newest first, by whoever caused it, and pages meet without a gap."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update

from dues.actor import COMMAND_LINE, Actor
from dues.collection.hold import hold_invoice, release_invoice
from dues.collection.models import HoldReason
from dues.delivery.models import Channel, Message, MessageState
from dues.invoicing.models import Claim, Invoice
from dues.invoicing.send_again import send_again
from dues.members.models import Person
from dues.overview.timeline import KINDS, About, Happening, Kind, Place, Subject, Theme, UnreadableKeyError, timeline
from dues.payments.credit_invoice import credit_invoice
from dues.payments.models import Allocation, Payment
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, organisation
from tests.factories.runs import issued, reminded
from tests.payments.test_allocate import received, undo, use

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession
    from tests.factories.organisation import Organisation

ZONE = ZoneInfo("Europe/Stockholm")
DAY = dt.date(2026, 3, 10)
LATE = dt.date(2026, 4, 20)
OFFICER = Actor("staff", "7")


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation with one member who has been invoiced."""
    found = organisation(session)
    member(session, found, joined_on=DAY, email="kim@example.org")
    issued(ledger, on=DAY)
    return found


def of_person(session: Session, **more: object) -> list[Happening]:
    who = session.scalars(select(func.min(Person.id))).one() or 0
    return list(timeline(session, of=Subject(person_id=who), zone=ZONE, **more).happenings)  # type: ignore[arg-type]


def of_invoice(session: Session) -> list[Happening]:
    first = session.scalars(select(func.min(Invoice.id))).one()
    return list(timeline(session, of=Subject(invoice_id=first), zone=ZONE).happenings)


@pytest.mark.usefixtures("made")
def test_joining_and_the_first_invoice_are_told(session: Session) -> None:
    told = of_person(session)
    assert [one.kind for one in told] == [Kind.MESSAGE, Kind.ISSUED, Kind.JOINED]
    message, invoice, joined = told
    assert (message.about, message.channel, message.address) == (About.INVOICE, Channel.EMAIL, "kim@example.org")
    assert (message.state, message.actor) == (MessageState.QUEUED, None)
    assert (invoice.number, invoice.amount, invoice.currency, invoice.day) == ("1", FEE, "SEK", DAY)
    assert invoice.actor == str(COMMAND_LINE)
    assert invoice.invoice == session.scalars(select(Invoice.uuid)).one()
    assert (joined.type_names, joined.group, joined.status) == ({"en": "Member"}, "Norr", "applied")
    assert [one.kind for one in of_invoice(session)] == [Kind.MESSAGE, Kind.ISSUED]


def test_a_year_is_told_in_its_order(session: Session, ledger: OpenSession, made: Organisation) -> None:
    reminded(ledger, on=LATE)
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=LATE), on=LATE, name="april.xml")
    told = of_person(session)
    assert [one.kind for one in told][:4] == [Kind.STATUS, Kind.MESSAGE, Kind.MATCHED, Kind.REMINDER]
    status, receipt, money, reminder = told[:4]
    assert status.status == "active"
    assert (receipt.about, receipt.address) == (About.RECEIPT, "kim@example.org")
    assert (money.amount, money.file_name, money.payer_name, money.number) == (FEE, "april.xml", "Kim Ek", "1")
    assert (reminder.level, reminder.amount, reminder.state) == (1, FEE, MessageState.QUEUED)
    assert reminder.pay_by == LATE + dt.timedelta(days=30)


def test_what_an_officer_decides_bears_the_officers_name(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    claim = owed(ledger)[0][0]
    payment = received(ledger, made, FEE)
    allocated = use(ledger, payment, claim, 20000)
    undo(ledger, allocated.allocation_id)
    with ledger() as opened, opened.begin():
        invoice = opened.scalars(select(Invoice.id)).one()
        until = DAY + dt.timedelta(days=60)
        on = dt.date(2026, 4, 1)
        hold_invoice(
            opened, invoice_id=invoice, reason=HoldReason.COMPLAINT, until=until, note="Moved", on=on, by=OFFICER
        )
        release_invoice(opened, invoice_id=invoice, on=on, by=OFFICER)
        send_again(opened, invoice_id=invoice, channel=Channel.PRINT, address="", copy=1, by=OFFICER)
        credit_invoice(opened, invoice_id=invoice, on=on, by=OFFICER)
    told = {one.kind: one for one in of_invoice(session) if one.kind is not Kind.MESSAGE}
    by_officer = {Kind.ALLOCATED, Kind.TAKEN_BACK, Kind.HELD, Kind.RELEASED, Kind.CREDITED}
    assert {kind for kind, one in told.items() if one.actor == str(OFFICER)} == by_officer
    assert (told[Kind.ALLOCATED].amount, told[Kind.TAKEN_BACK].amount) == (20000, -20000)
    held = told[Kind.HELD]
    assert (held.reason, held.until, held.note) == (HoldReason.COMPLAINT, until, "Moved")
    assert (told[Kind.CREDITED].number, told[Kind.CREDITED].credits) == ("2", "1")
    again = [one for one in of_invoice(session) if one.kind is Kind.MESSAGE and one.actor == str(OFFICER)]
    assert [(one.channel, one.address) for one in again] == [(Channel.PRINT, "")]


def test_money_that_points_to_an_invoice_and_money_kept_are_told(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    claim, reference, _ = owed(ledger)[0]
    banked(ledger, camt(made.agreement, [paid(FEE + 700, reference)], on=LATE), on=LATE)
    (waiting,) = [one for one in of_invoice(session) if one.kind is Kind.WAITING]
    assert (waiting.amount, waiting.case_reason) == (FEE + 700, "too much")
    payment = session.scalars(select(Payment.id)).one()
    use(ledger, payment, claim)
    kinds = [one.kind for one in of_person(session)]
    assert Kind.WAITING not in kinds
    assert {Kind.ALLOCATED, Kind.KEPT} <= set(kinds)
    assert Kind.KEPT not in [one.kind for one in of_invoice(session)]
    told = timeline(session, of=Subject(payment_id=payment), zone=ZONE).happenings
    assert {one.kind for one in told} == {Kind.RECEIVED, Kind.ALLOCATED, Kind.KEPT, Kind.MESSAGE}


def test_of_thousands_that_somebody_pays_the_newest_are_told(
    session: Session, ledger: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = organisation(session)
    employer = person(session)
    for _ in range(3):
        member(session, made, payer=employer, joined_on=DAY)
    issued(ledger, on=DAY)
    monkeypatch.setattr("dues.overview.timeline.MOST", 2)
    told = timeline(session, of=Subject(person_id=employer.id), zone=ZONE).happenings
    newest = session.scalars(select(Invoice.called).order_by(Invoice.id.desc()).limit(2)).all()
    assert [one.number for one in told if one.kind is Kind.ISSUED] == list(newest)


def test_a_child_sees_the_invoices_that_a_parent_pays(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    child = person(session, born=dt.date(2015, 1, 1), email="")
    parent = person(session)
    stranger = person(session)
    member(session, made, who=child, payer=parent, joined_on=DAY)
    issued(ledger, on=DAY)
    kinds = {
        who.id: [one.kind for one in timeline(session, of=Subject(person_id=who.id), zone=ZONE).happenings]
        for who in (child, parent, stranger)
    }
    assert kinds[child.id] == [Kind.MESSAGE, Kind.ISSUED, Kind.JOINED]
    assert kinds[parent.id] == [Kind.MESSAGE, Kind.ISSUED]
    assert kinds[stranger.id] == []


@pytest.mark.usefixtures("made")
def test_a_message_stands_on_the_day_it_left_and_says_what_went_wrong(session: Session) -> None:
    left = dt.datetime(2026, 3, 11, 23, 30, tzinfo=dt.UTC)  # half past midnight in Stockholm
    session.execute(update(Message).values(state=MessageState.SENT, sent_at=left))
    (sent,) = of_person(session, themes=[Theme.MESSAGES])
    assert (sent.state, sent.day, sent.at) == (MessageState.SENT, dt.date(2026, 3, 12), left)
    session.execute(update(Message).values(state=MessageState.FAILED, sent_at=None, error="550 no such mailbox"))
    (failed,) = of_person(session, themes=[Theme.MESSAGES])
    assert (failed.state, failed.error) == (MessageState.FAILED, "550 no such mailbox")


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_pages_of_any_size_tell_all_of_it_once(
    session: Session, ledger: OpenSession, made: Organisation, size: int
) -> None:
    reminded(ledger, on=LATE)
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=LATE), on=LATE)
    whole = of_person(session)
    pieces: list[Happening] = []
    who = session.scalars(select(func.min(Person.id))).one()
    after: Place | None = None
    while True:
        page = timeline(session, of=Subject(person_id=who), zone=ZONE, after=after, size=size)
        pieces += page.happenings
        if page.older is None:
            break
        after = Place.read(str(page.older))
    assert pieces == whole
    assert len(whole) == len({one.place for one in whole}) == 7


@pytest.mark.usefixtures("made")
def test_a_timeline_is_one_statement(session: Session) -> None:
    said: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    who = session.scalars(select(func.min(Person.id))).one()
    said.clear()
    timeline(session, of=Subject(person_id=who), zone=ZONE)
    assert len(said) == 1


def test_every_kind_has_one_theme() -> None:
    kinds = [kind for theme in Theme for kind in KINDS[theme]]
    assert sorted(kinds) == sorted(Kind)


@given(
    st.builds(
        Place,
        day=st.dates(),
        at=st.datetimes(min_value=dt.datetime(1, 1, 2), timezones=st.just(dt.UTC)),  # noqa: DTZ001 -- the zone follows
        rank=st.integers(0, 10),
        id=st.integers(0, 2**63 - 1),
    )
)
def test_a_place_comes_back_from_an_address(place: Place) -> None:
    if place.at >= dt.datetime(1970, 1, 1, tzinfo=dt.UTC):
        assert Place.read(str(place)) == place


@pytest.mark.parametrize("written", ["", "x", "1-2-3", "1-2-3-4-5", "0-1-1-1", "1-1-1-99999999999999999999", "9" * 99])
def test_what_is_no_place_is_refused(written: str) -> None:
    with pytest.raises(UnreadableKeyError):
        Place.read(written)


def test_nothing_is_told_twice_about_shared_money(session: Session, ledger: OpenSession, made: Organisation) -> None:
    use(ledger, received(ledger, made, FEE), owed(ledger)[0][0], 100)
    uses = [one for one in of_person(session) if one.kind is Kind.ALLOCATED]
    assert len(uses) == session.scalar(select(func.count()).select_from(Allocation)) == 1
    assert session.scalars(select(Claim.open_amount)).one() == FEE - 100
