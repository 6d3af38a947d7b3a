"""What waits for a person: each thing appears when it happens, and is gone as soon as somebody has dealt with it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.actor import AUTOMATIC
from dues.delivery.models import Channel, Message, MessageState
from dues.groups.models import Creditor
from dues.invoicing.issue import start_issue
from dues.members.models import MembershipStatus, Person
from dues.overview import waiting as waits
from dues.overview.waiting import Need, Waiting, by_place, waiting
from dues.payments.models import BankFile, FileState, PaymentCase
from dues.payments.take_back import take_back
from dues.runs.models import Run, RunState, ScheduledTask, Task
from dues.runs.start import discard, pause, resume
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import confirmed, finished, issued, reminded
from tests.invoicing.test_faulty import mend, spoil
from tests.payments.test_allocate import OFFICER, use

DAY = dt.date(2026, 3, 10)
NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
ZONE = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def made(session: Session) -> Organisation:
    return organisation(session)


def needs(session: Session, *, on: dt.date = DAY, moment: dt.datetime = NOON) -> dict[Need, Waiting]:
    return {one.need: one for one in waiting(session, on=on, moment=moment, zone=ZONE)}


def after(days: int, since: dt.date = DAY) -> dt.date:
    return since + dt.timedelta(days=days)


def test_in_an_empty_house_nothing_waits(session: Session) -> None:
    assert needs(session) == {}


def test_a_payment_waits_until_it_is_used_and_again_when_that_is_taken_back(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    claim, reference, _ = owed(ledger)[0]
    banked(ledger, camt(made.agreement, [paid(FEE - 100, reference), paid(500)], on=after(3)), on=after(4))
    assert needs(session, on=after(5))[Need.QUEUE] == Waiting(Need.QUEUE, 2, after(3), 1)
    first = session.scalars(select(PaymentCase.payment_id).order_by(PaymentCase.payment_id)).first() or 0
    used = use(ledger, first, claim)
    assert needs(session)[Need.QUEUE] == Waiting(Need.QUEUE, 1, after(3), 0)
    with ledger() as working, working.begin():
        take_back(working, allocation_id=used.allocation_id, on=after(5), by=OFFICER)
    assert needs(session)[Need.QUEUE].count == 2


def message(
    session: Session, state: MessageState, *, copy: int = 0, kind: str = "invoice", **values: object
) -> Message:
    found = Message(
        kind=kind,
        subject_id=1,
        copy=copy,
        person_id=1,
        channel=Channel.EMAIL,
        address="kim@example.org",
        language="sv",
        state=state,
        **values,
    )
    session.add(found)
    session.flush()
    return found


def test_a_message_that_failed_waits_until_it_is_sent_again(session: Session) -> None:
    message(session, MessageState.FAILED, error="no such mailbox", recorded_at=NOON)
    assert needs(session)[Need.UNDELIVERED] == Waiting(Need.UNDELIVERED, 1, DAY)
    message(session, MessageState.QUEUED, copy=1)
    assert Need.UNDELIVERED not in needs(session)


def test_a_code_that_did_not_arrive_is_nobodys_work(session: Session) -> None:
    message(session, MessageState.FAILED, kind="code")
    assert needs(session) == {}


def test_mail_is_stuck_when_it_waits_longer_than_any_pause(session: Session) -> None:
    found = message(session, MessageState.QUEUED, error="connection refused", recorded_at=NOON)
    assert Need.STUCK not in needs(session, moment=NOON + dt.timedelta(hours=1))
    assert needs(session, moment=NOON + dt.timedelta(hours=3))[Need.STUCK].count == 1
    found.error = None
    session.flush()
    assert Need.STUCK not in needs(session, moment=NOON + dt.timedelta(hours=3))
    found.channel = Channel.SMS  # which nobody has ever tried to send: there may be no gateway
    session.flush()
    assert Need.STUCK not in needs(session, moment=NOON + dt.timedelta(hours=1))
    stuck = needs(session, moment=NOON + dt.timedelta(hours=3))[Need.STUCK]
    assert (stuck.count, stuck.part) == (1, 1)


def refused(session: Session, name: str, *, at: dt.datetime = NOON) -> None:
    session.add(
        BankFile(
            name=name,
            state=FileState.REFUSED,
            digest=name,
            size=1,
            error="no format known here",
            actor="operator:test",
            warnings=[],
            recorded_at=at,
        )
    )
    session.flush()


def test_a_refused_file_waits_until_one_of_its_name_is_accepted(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    refused(session, "march.xml")
    refused(session, "march.xml")
    assert needs(session)[Need.REFUSED] == Waiting(Need.REFUSED, 1, DAY)
    banked(ledger, camt(made.agreement, [], on=DAY), on=DAY, name="march.xml")
    assert Need.REFUSED not in needs(session)


def test_a_file_that_was_refused_long_ago_is_history(session: Session) -> None:
    refused(session, "holiday.jpg")
    assert Need.REFUSED in needs(session, moment=NOON + dt.timedelta(days=29))
    assert Need.REFUSED not in needs(session, moment=NOON + dt.timedelta(days=31))


def test_a_preview_waits_until_it_is_confirmed(session: Session, ledger: OpenSession, made: Organisation) -> None:
    member(session, made, joined_on=DAY)
    run = issued(ledger, on=DAY, confirmed=False).run_id
    uuid = session.get_one(Run, run).uuid
    assert needs(session)[Need.READY] == Waiting(Need.READY, 1, DAY, run=uuid)
    confirmed(ledger, run)
    assert needs(session) == {}


def test_a_preview_that_is_thrown_away_waits_no_longer(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    member(session, made, joined_on=DAY)
    runs = [issued(ledger, on=DAY, confirmed=False).run_id for _ in range(2)]
    assert needs(session)[Need.READY] == Waiting(Need.READY, 2, DAY, run=None)
    for run in runs:
        discard(session, run_id=run)
    assert needs(session) == {}


@pytest.mark.usefixtures("made")
def test_runs_that_failed_or_were_paused_wait_until_they_go_on(session: Session, ledger: OpenSession) -> None:
    run = start_issue(session, on=DAY, by=OFFICER, confirmed=True)
    run.state = RunState.FAILED
    session.flush()
    assert Need.FAILED in needs(session)
    resume(session, run_id=run.id)
    session.flush()
    assert needs(session) == {}
    pause(session, run_id=run.id)
    session.flush()
    assert Need.PAUSED in needs(session)
    resume(session, run_id=run.id)
    session.commit()
    finished(ledger, run.id)
    assert needs(session) == {}


def test_an_invoice_that_could_not_be_written_waits_until_a_later_run_writes_it(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    victim = member(session, made, joined_on=DAY)
    member(session, made, joined_on=DAY)
    spoil(session, victim)
    issued(ledger, on=DAY)
    second = issued(ledger, on=after(1)).run_id
    found = needs(session)[Need.UNWRITTEN]
    assert found == Waiting(Need.UNWRITTEN, 1, after(1), 1, session.get_one(Run, second).uuid)
    mend(session)
    issued(ledger, on=after(2))
    assert needs(session) == {}


def test_who_applied_and_does_not_pay_is_looked_at_after_a_while(session: Session, made: Organisation) -> None:
    found = member(session, made, joined_on=DAY)
    assert Need.UNPAID not in needs(session, on=after(waits.PATIENCE))
    assert needs(session, on=after(waits.PATIENCE + 1))[Need.UNPAID] == Waiting(Need.UNPAID, 1, DAY)
    found.status = MembershipStatus.ACTIVE
    session.flush()
    assert Need.UNPAID not in needs(session, on=after(waits.PATIENCE + 1))


def test_a_claim_is_exhausted_when_the_last_reminder_and_its_days_have_passed(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    due, written = after(30), after(41)
    reminded(ledger, on=written)
    last = after(30 + 10, written)
    assert Need.EXHAUSTED not in needs(session, on=last)
    assert needs(session, on=after(1, last))[Need.EXHAUSTED] == Waiting(Need.EXHAUSTED, 1, due)
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=last), on=last)
    assert Need.EXHAUSTED not in needs(session, on=after(1, last))


def test_where_no_reminders_are_sent_a_claim_is_exhausted_when_it_is_overdue(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    session.execute(update(Creditor).values(max_reminders=0))
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    assert Need.EXHAUSTED not in needs(session, on=after(40))
    assert needs(session, on=after(41))[Need.EXHAUSTED].count == 1


def test_an_account_is_silent_when_no_file_came_for_twice_its_longest_pause(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    for week in range(4):
        on = after(7 * week)
        banked(ledger, camt(made.agreement, [], on=on), on=on, name=f"{on}.xml")
    assert Need.SILENT not in needs(session, on=after(21 + 14))
    assert needs(session, on=after(21 + 15))[Need.SILENT] == Waiting(Need.SILENT, 1, after(21))


def test_an_account_without_a_rhythm_is_never_silent(session: Session, ledger: OpenSession, made: Organisation) -> None:
    banked(ledger, camt(made.agreement, [], on=DAY), on=DAY)
    assert needs(session, on=after(500)) == {}


def nightly(session: Session, ledger: OpenSession, on: dt.date) -> None:
    run = start_issue(session, on=on, by=AUTOMATIC, confirmed=True).id
    session.commit()
    finished(ledger, run)


@pytest.mark.usefixtures("made")
def test_a_night_without_its_work_is_told_once_there_has_been_one(session: Session, ledger: OpenSession) -> None:
    nightly(session, ledger, DAY)
    assert needs(session) == {}
    assert needs(session, on=after(1))[Need.NIGHT] == Waiting(Need.NIGHT, 1, DAY)


@pytest.mark.usefixtures("made")
def test_a_night_that_rests_or_whose_hour_is_to_come_is_not_missed(session: Session, ledger: OpenSession) -> None:
    nightly(session, ledger, DAY)
    task = session.get_one(ScheduledTask, Task.INVOICES)
    task.earliest = dt.time(14)
    session.flush()
    noon = NOON + dt.timedelta(days=1)
    assert Need.NIGHT not in needs(session, on=after(1), moment=noon)
    assert Need.NIGHT in needs(session, on=after(1), moment=noon + dt.timedelta(hours=1))
    task.earliest, task.paused, task.reason, task.paused_until = None, True, "summer", after(3)
    session.flush()
    assert Need.NIGHT not in needs(session, on=after(2), moment=noon)
    assert Need.NIGHT in needs(session, on=after(3), moment=noon)


def test_somebody_left_out_is_gone_from_the_count_once_invoiced_by_hand(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    lost = person(session, email="")
    lost.street = lost.postcode = lost.city = ""
    left_out = member(session, made, joined_on=DAY, who=lost)
    nightly(session, ledger, DAY)
    assert needs(session)[Need.UNWRITTEN].count == 1
    session.get_one(Person, lost.id).email = "lost@example.org"
    issued(ledger, on=DAY, memberships=[left_out.id])
    assert needs(session) == {}


def test_who_cannot_be_reminded_for_want_of_an_address_is_told(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    debtor = member(session, made, joined_on=DAY).person_id
    issued(ledger, on=DAY)
    lost = session.get_one(Person, debtor)
    lost.email = lost.street = lost.postcode = lost.city = ""
    reminded(ledger, on=after(41))
    found = needs(session, on=after(41))[Need.UNREMINDED]
    assert (found.count, found.part, found.since) == (1, 1, after(41))
    session.get_one(Person, debtor).email = "lost@example.org"
    reminded(ledger, on=after(42))
    assert Need.UNREMINDED not in needs(session, on=after(42))


def test_who_was_left_out_last_night_is_told_until_a_night_leaves_nobody_out(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    lost = person(session, email="")
    lost.street = lost.postcode = lost.city = ""
    member(session, made, joined_on=DAY, who=lost)
    nightly(session, ledger, DAY)
    found = needs(session)[Need.UNWRITTEN]
    assert (found.count, found.since) == (1, DAY)
    session.get_one(Person, lost.id).email = "lost@example.org"
    nightly(session, ledger, after(1))
    assert needs(session, on=after(1)) == {}


def test_counting_ends_at_a_bound(
    session: Session, ledger: OpenSession, made: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "MOST", 3)
    banked(ledger, camt(made.agreement, [paid(500) for _ in range(5)], on=DAY), on=DAY)
    assert needs(session)[Need.QUEUE].count == 3


def test_the_most_harmful_comes_first(session: Session, ledger: OpenSession, made: Organisation) -> None:
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY, confirmed=False)
    banked(ledger, camt(made.agreement, [paid(500)], on=DAY), on=DAY)
    refused(session, "march.xml")
    found = waiting(session, on=DAY, moment=NOON, zone=ZONE)
    assert [one.need for one in found] == [Need.REFUSED, Need.QUEUE, Need.READY]


def test_places_count_runs_and_not_their_rows() -> None:
    found = (
        Waiting(Need.FAILED, 2),
        Waiting(Need.UNWRITTEN, 40, part=1),
        Waiting(Need.READY, 3),
        Waiting(Need.QUEUE, 5),
        Waiting(Need.NIGHT, 1),
    )
    assert by_place(found) == {"runs": 6, "queue": 5}
    assert by_place((Waiting(Need.READY, waits.MOST), Waiting(Need.FAILED, 7))) == {"runs": waits.MOST}
