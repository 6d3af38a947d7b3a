"""Who is reminded on a day, by what document, and whom a reminder leaves alone."""

import datetime as dt
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.collection import remind
from dues.collection.models import Reminder, ReminderItem
from dues.delivery.models import Message
from dues.groups.models import Creditor
from dues.invoicing.models import Claim
from dues.journal.verify import verify
from dues.members.models import Person
from dues.runs.models import RunState
from dues.runs.start import confirm
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import Outcome, confirmed, finished, issued, outcome, reminded
from tests.payments.test_allocate import received, use
from tests.together import together

DAY = dt.date(2026, 3, 10)
DUE = dt.date(2026, 4, 9)
LAST_QUIET = dt.date(2026, 4, 19)
LATE = dt.date(2026, 4, 20)
SECOND = LATE + dt.timedelta(days=41)


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation with one member who has been invoiced: due on 9 April, to be reminded after ten days."""
    found = organisation(session)
    member(session, found, joined_on=DAY, email="kim@example.org")
    issued(ledger, on=DAY)
    return found


def set_claim(session: Session, **values: object) -> None:
    session.execute(update(Claim).values(values))


@pytest.mark.usefixtures("made")
def test_a_reminder_comes_when_the_creditors_days_have_passed(session: Session, ledger: OpenSession) -> None:
    assert reminded(ledger, on=LAST_QUIET).result == {"candidates": 0, "issued": 0, "excluded": {}}
    assert reminded(ledger, on=LATE).result == {"candidates": 1, "issued": 1, "excluded": {}}
    reminder = session.scalars(select(Reminder)).one()
    assert (reminder.level, reminder.issued_on, reminder.amount, reminder.currency) == (1, LATE, FEE, "SEK")
    assert reminder.pay_by == LATE + dt.timedelta(days=30)
    claim = session.scalars(select(Claim)).one()
    assert (claim.due_on, claim.deferred_to) == (DUE, None)
    assert (claim.dunning_level, claim.dunned_on) == (1, LATE)
    message = session.scalars(select(Message).where(Message.kind == "reminder")).one()
    assert (message.subject_id, message.channel, message.address) == (reminder.id, "email", "kim@example.org")


def test_only_what_is_still_open_is_reminded(session: Session, ledger: OpenSession, made: Organisation) -> None:
    use(ledger, received(ledger, made, 12300), owed(ledger)[0][0])
    reminded(ledger, on=LATE)
    assert session.scalars(select(Reminder.amount)).all() == [FEE - 12300]


def test_who_has_paid_is_not_reminded(ledger: OpenSession, made: Organisation) -> None:
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=DUE), on=DUE)
    assert reminded(ledger, on=LATE).result["candidates"] == 0


@pytest.mark.usefixtures("made")
def test_no_second_reminder_without_the_creditors_leave(session: Session, ledger: OpenSession) -> None:
    for on in (LATE, LATE, SECOND, SECOND + dt.timedelta(days=400)):
        reminded(ledger, on=on)
    assert session.scalars(select(Reminder.level)).all() == [1]


def test_the_next_level_comes_when_its_own_time_has_passed(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    session.execute(update(Creditor).where(Creditor.id == made.creditor.id).values(max_reminders=2))
    for on in (LATE, SECOND - dt.timedelta(days=1), SECOND, SECOND + dt.timedelta(days=400)):
        reminded(ledger, on=on)
    found = session.execute(select(Reminder.level, Reminder.issued_on).order_by(Reminder.level)).all()
    assert found == [(1, LATE), (2, SECOND)]


def test_a_creditor_may_send_none(session: Session, ledger: OpenSession, made: Organisation) -> None:
    session.execute(update(Creditor).where(Creditor.id == made.creditor.id).values(max_reminders=0))
    assert reminded(ledger, on=LATE).result["excluded"] == {"creditor sends no reminders": 1}


@pytest.mark.usefixtures("made")
def test_a_hold_keeps_reminders_away_until_it_ends(session: Session, ledger: OpenSession) -> None:
    set_claim(session, held_until=LATE, hold_reason="complaint")
    assert reminded(ledger, on=LATE).result["excluded"] == {"on hold": 1}
    assert reminded(ledger, on=LATE + dt.timedelta(days=1)).result["issued"] == 1


@pytest.mark.usefixtures("made")
def test_a_deferred_claim_is_reminded_after_its_new_day(session: Session, ledger: OpenSession) -> None:
    set_claim(session, deferred_to=LATE)
    assert reminded(ledger, on=LATE + dt.timedelta(days=10)).result["candidates"] == 0
    assert reminded(ledger, on=LATE + dt.timedelta(days=11)).result["issued"] == 1


def letters_only(session: Session) -> None:
    session.execute(update(Person).values(email=""))


def unreachable(session: Session) -> None:
    session.execute(update(Person).values(email="", street="", postcode=""))


def dead(session: Session) -> None:
    session.execute(update(Person).values(deceased_on=DUE))


@pytest.mark.usefixtures("made")
def test_who_has_no_email_address_gets_a_letter(session: Session, ledger: OpenSession) -> None:
    letters_only(session)
    assert reminded(ledger, on=LATE).result["issued"] == 1
    assert session.scalars(select(Message.channel).where(Message.kind == "reminder")).all() == ["print"]


@pytest.mark.usefixtures("made")
def test_who_cannot_be_reached_or_is_dead_is_left_out(session: Session, ledger: OpenSession) -> None:
    unreachable(session)
    assert reminded(ledger, on=LATE).result["excluded"] == {"no address": 1}
    dead(session)
    assert reminded(ledger, on=LATE).result["excluded"] == {"deceased": 1}


@pytest.mark.usefixtures("made")
def test_a_preview_reminds_nobody(session: Session, ledger: OpenSession) -> None:
    run = reminded(ledger, on=LATE, confirmed=False)
    assert (run.state, run.total, run.result) == (RunState.READY, 1, {"candidates": 1, "issued": 0})
    assert session.scalars(select(Reminder.id)).all() == []
    assert session.scalars(select(ReminderItem.amount)).all() == [FEE]
    assert confirmed(ledger, run.run_id).result["issued"] == 1


def test_money_that_came_since_the_preview_spares(session: Session, ledger: OpenSession, made: Organisation) -> None:
    run = reminded(ledger, on=LATE, confirmed=False)
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=LATE), on=LATE)
    assert confirmed(ledger, run.run_id).result == {"candidates": 1, "issued": 0, "excluded": {"settled since": 1}}
    assert session.scalars(select(Reminder.id)).all() == []


def test_a_part_that_came_since_the_preview_lowers_the_amount(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    run = reminded(ledger, on=LATE, confirmed=False)
    use(ledger, received(ledger, made, 100), owed(ledger)[0][0])
    confirmed(ledger, run.run_id)
    assert session.scalars(select(Reminder.amount)).all() == [FEE - 100]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("since", "reason"),
    [
        (lambda session: set_claim(session, held_until=LATE), "on hold"),
        (lambda session: set_claim(session, deferred_to=LATE), "deferred"),
        (dead, "deceased"),
        (lambda session: set_claim(session, dunning_level=1), "already reminded"),
    ],
)
def test_what_happened_since_the_preview_counts(
    session: Session, ledger: OpenSession, since: partial[None], reason: str
) -> None:
    run = reminded(ledger, on=LATE, confirmed=False)
    since(session)
    assert confirmed(ledger, run.run_id).result["excluded"] == {reason: 1}


def test_two_runs_at_once_remind_once(committing: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remind, "SLICE", 2)
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        made = organisation(session)
        for _ in range(7):
            member(session, made, joined_on=DAY)
    issued(opened, on=DAY)
    runs = [reminded(opened, on=LATE, confirmed=False).run_id for _ in range(2)]
    with committing.unit_of_work(Role.JOBS) as session:
        for run_id in runs:
            confirm(session, run_id=run_id)
    found = together(*(partial(finished, opened, run_id) for run_id in runs))
    assert all(isinstance(one, Outcome) for one in found), found
    results = [outcome(opened, run_id).result for run_id in runs]
    assert sum(result["issued"] for result in results) == 7
    assert sum(result["excluded"].get("already reminded", 0) for result in results) == 7
    with opened() as session:
        assert len(session.scalars(select(Reminder.id)).all()) == 7
    with opened() as session:
        assert verify(session).ok
