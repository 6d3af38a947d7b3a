"""What is said to happen next is what the loop then does, on exactly that day."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import select, text, update

from database.sql import statement
from dues.actor import AUTOMATIC
from dues.collection import remind
from dues.collection.models import Reminder, ReminderItem, ReminderItemState
from dues.groups.models import Creditor
from dues.invoicing.models import Claim, Invoice, InvoiceItem
from dues.members.models import Membership, MembershipStatus, MembershipType, Payer, Person
from dues.overview.next_step import Owing, Step, What, Why, first_of, next_reminder
from dues.overview.steps import MOST, ahead, debtor_steps, invoice_steps, membership_steps
from dues.payments.credit_invoice import credit_invoice
from dues.pricing.set_up import add_price
from dues.runs.models import Task
from dues.runs.schedule import schedule
from dues.runs.start import start
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import issued, reminded

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from database.connect import OpenSession

DAY = dt.date(2026, 3, 10)
DUE = dt.date(2026, 4, 9)
FIRST = dt.date(2026, 4, 20)
ONE = dt.timedelta(days=1)


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation with one member who has been invoiced: due on 9 April, to be reminded after ten days."""
    found = organisation(session)
    member(session, found, joined_on=DAY, email="kim@example.org")
    issued(ledger, on=DAY)
    return found


def step_of_claim(session: Session, *, today: dt.date) -> Step:
    invoice = session.scalars(select(Invoice.id)).first() or 0
    (step,) = invoice_steps(session, invoice_id=invoice, at=ahead(session, today=today))
    return step


def step_of_membership(session: Session, *, today: dt.date, credited: int | None = None) -> Step:
    (membership,) = session.scalars(select(Membership.id)).all()
    at = ahead(session, today=today)
    return membership_steps(session, memberships=[membership], at=at, credited=credited)[membership]


def set_claims(session: Session, **values: object) -> None:
    session.execute(update(Claim).values(values))


@pytest.mark.usefixtures("made")
def test_the_clock_is_let_run_and_the_reminder_comes_on_the_day_that_was_told(
    session: Session, ledger: OpenSession
) -> None:
    step = step_of_claim(session, today=DAY)
    assert (step.what, step.level, step.on, step.amount, step.currency) == (What.REMINDER, 1, FIRST, FEE, "SEK")
    assert step.on is not None
    day = DAY
    while not session.scalars(select(Reminder.id)).all():
        assert day <= step.on, "it came later than was told"
        assert step_of_claim(session, today=day) == step, day
        reminded(ledger, on=day)
        day += ONE
    written = session.scalars(select(Reminder)).one()
    assert (written.issued_on, written.level, written.amount) == (step.on, step.level, step.amount)


@pytest.mark.usefixtures("made")
def test_after_the_last_reminder_nothing_more_comes(session: Session, ledger: OpenSession) -> None:
    reminded(ledger, on=FIRST)
    step = step_of_claim(session, today=FIRST)
    assert (step.what, step.why, step.on) == (What.NOTHING, Why.NO_MORE_REMINDERS, None)


def test_the_second_reminder_waits_for_the_firsts_own_day(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    session.execute(update(Creditor).where(Creditor.id == made.creditor.id).values(max_reminders=2))
    reminded(ledger, on=FIRST)
    step = step_of_claim(session, today=FIRST)
    assert (step.what, step.level, step.on) == (What.REMINDER, 2, FIRST + 41 * ONE)


@pytest.mark.usefixtures("made")
def test_a_hold_is_waited_for(session: Session, ledger: OpenSession) -> None:
    until = FIRST + 3 * ONE
    set_claims(session, held_until=until, hold_reason="complaint")
    step = step_of_claim(session, today=DAY)
    assert (step.on, step.held_until) == (until + ONE, until)
    assert reminded(ledger, on=until).result["issued"] == 0
    assert reminded(ledger, on=until + ONE).result["issued"] == 1


@pytest.mark.usefixtures("made")
def test_what_todays_run_has_missed_waits_for_tomorrows(session: Session, ledger: OpenSession) -> None:
    set_claims(session, held_until=FIRST, hold_reason="paused")
    with ledger() as opened, opened.begin():
        start(opened, kind=remind.KIND, params={"on": FIRST.isoformat()}, on=FIRST, by=AUTOMATIC, confirmed=True)
    set_claims(session, held_until=None, hold_reason=None)
    assert step_of_claim(session, today=FIRST).on == FIRST + ONE


def test_what_is_due_when_the_calendar_ends_has_a_next_step_all_the_same() -> None:
    claim = Owing(
        open_amount=FEE,
        currency="SEK",
        due_on=dt.date.max,
        deferred_to=None,
        dunning_level=0,
        dunned_on=None,
        held_until=None,
        ended=None,
        reminder_days=10,
        payment_days=10,
        max_reminders=2,
        deceased=False,
        reachable=True,
    )
    assert next_reminder(claim, today=DAY, first_run=DAY).on == dt.date.max


def rest(session: Session, task: Task, *, until: dt.date | None) -> None:
    schedule(session, task=task, paused=True, until=until, reason="Holidays", on=DAY, by=AUTOMATIC)


@pytest.mark.usefixtures("made")
def test_what_the_schedule_lets_rest_waits(session: Session) -> None:
    until = FIRST + 3 * ONE
    rest(session, Task.REMINDERS, until=until)
    assert step_of_claim(session, today=DAY).on == until
    rest(session, Task.REMINDERS, until=FIRST - ONE)
    assert step_of_claim(session, today=DAY).on == FIRST
    rest(session, Task.REMINDERS, until=None)
    assert step_of_claim(session, today=DAY).why == Why.REMINDERS_REST


def test_invoices_that_rest_may_still_be_asked_for_by_hand(session: Session) -> None:
    member(session, organisation(session), joined_on=dt.date(2024, 6, 1), paid_through=dt.date(2026, 5, 31))
    rest(session, Task.INVOICES, until=None)
    step = step_of_membership(session, today=DAY)
    assert (step.what, step.why, step.since) == (What.NOTHING, Why.INVOICES_REST, dt.date(2026, 5, 2))


def dead(session: Session) -> None:
    session.execute(update(Person).values(deceased_on=DUE))


def unreachable(session: Session) -> None:
    session.execute(update(Person).values(email="", street="", postcode=""))


def impolite(session: Session) -> None:
    session.execute(update(Creditor).values(max_reminders=0))


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("since", "why"),
    [(dead, Why.DECEASED), (unreachable, Why.NO_ADDRESS), (impolite, Why.NO_REMINDERS)],
)
def test_who_is_left_alone_is_told_why(
    session: Session, ledger: OpenSession, since: Callable[[Session], None], why: Why
) -> None:
    since(session)
    assert step_of_claim(session, today=DAY).why == why
    assert reminded(ledger, on=FIRST + 100 * ONE).result["issued"] == 0


def test_what_is_paid_or_credited_is_over(session: Session, ledger: OpenSession, made: Organisation) -> None:
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=DUE), on=DUE)
    assert step_of_claim(session, today=DUE).why == Why.PAID
    with ledger() as opened, opened.begin():
        credit_invoice(opened, invoice_id=opened.scalars(select(Invoice.id)).first() or 0, on=DUE, by=AUTOMATIC)
    assert step_of_claim(session, today=DUE).why == Why.CREDITED
    debtor = session.scalars(select(Claim.debtor_id)).one()
    assert debtor_steps(session, person_id=debtor, at=ahead(session, today=DUE)) == []


TROUBLES: Final[list[dict[str, Any]]] = [
    {"deceased_on": DAY},
    {"email": "", "street": "", "postcode": ""},
    {"email": "", "city": ""},
    {"email": "", "street": ""},
]
"""What keeps somebody from being reminded; the last one does not."""


def _spread(session: Session, made: Organisation, claims: list[int], *, seed: int) -> None:
    """Put claims into states as different as may be."""
    chance = random.Random(seed)  # noqa: S311 -- the same each time
    session.execute(
        update(Creditor)
        .where(Creditor.id == made.creditor.id)
        .values(
            reminder_days=chance.choice([0, 1, 10]),
            payment_days=chance.choice([0, 7, 30]),
            max_reminders=chance.choice([0, 1, 2, 3]),
        )
    )
    for claim in claims:
        level = chance.choice([0, 0, 1, 2])
        values: dict[str, Any] = {
            "deferred_to": chance.choice([None, None, DUE + chance.randint(-3, 40) * ONE]),
            "dunning_level": level,
            "dunned_on": DUE + chance.randint(1, 30) * ONE if level else None,
            "held_until": chance.choice([None, None, DUE + chance.randint(-30, 60) * ONE]),
            "hold_reason": "paused",
        }
        session.execute(update(Claim).where(Claim.id == claim).values(values))
        if chance.random() < 0.15:
            debtor = select(Claim.debtor_id).where(Claim.id == claim).scalar_subquery()
            session.execute(update(Person).where(Person.id == debtor).values(**chance.choice(TROUBLES)))


@pytest.mark.parametrize("seed", range(8))
def test_every_claim_is_taken_by_the_loops_own_statement_on_the_day_that_was_told(
    session: Session, ledger: OpenSession, seed: int
) -> None:
    made = organisation(session)
    for _ in range(30):
        member(session, made, joined_on=DAY)
    issued(ledger, on=DAY, slice_size=100)
    claims = list(session.scalars(select(Claim.id)))
    _spread(session, made, claims, seed=seed)
    begin = DUE - 5 * ONE
    told = {
        step.claim_id: step.on
        for debtor in session.scalars(select(Claim.debtor_id))
        for step in debtor_steps(session, person_id=debtor, at=ahead(session, today=begin))
    }
    taken = _first_taken(session, begin, days=140)
    assert {claim: day for claim, day in told.items() if day is not None} == taken
    assert len(taken) > 3 or set(told.values()) == {None} or seed


def _first_taken(session: Session, begin: dt.date, *, days: int) -> dict[int, dt.date]:
    """On which day the preview of a reminder run would first take each claim, if nothing else happened."""
    taken: dict[int, dt.date] = {}
    for number in range(days):
        day = begin + number * ONE
        run = start(session, kind=remind.KIND, params={"on": day.isoformat()}, on=day, by=AUTOMATIC)
        session.execute(statement("dues/collection/sql/candidates.sql"), {"run": run.id, "on": day})
        ready = select(ReminderItem.claim_id).where(
            ReminderItem.run_id == run.id, ReminderItem.state == ReminderItemState.READY
        )
        for claim in session.scalars(ready):
            taken.setdefault(claim, day)
    return taken


def test_the_renewal_comes_on_the_day_at_the_price_and_for_the_stretch_that_was_told(
    session: Session, ledger: OpenSession
) -> None:
    made = organisation(session, lead_days=20)
    # Until 17 in the stretch before, 18 in the new one.
    who = member(
        session, made, joined_on=dt.date(2024, 6, 1), paid_through=dt.date(2026, 5, 31), born=dt.date(2008, 6, 1)
    )
    add_price(session, component=made.local, amount=5000, currency="SEK", ages=(None, 17))
    step = step_of_membership(session, today=DAY)
    assert step == Step(
        What.INVOICE,
        on=dt.date(2026, 5, 12),
        since=dt.date(2026, 5, 12),
        amount=FEE,
        currency="SEK",
        period=(dt.date(2026, 6, 1), dt.date(2027, 5, 31)),
        membership_id=who.id,
        type_names={"en": "Member"},
    )
    assert issued(ledger, on=dt.date(2026, 5, 11)).result["candidates"] == 0
    assert issued(ledger, on=dt.date(2026, 5, 12)).result["issued"] == 1
    invoice = session.scalars(select(Invoice)).one()
    item = session.scalars(select(InvoiceItem)).one()
    assert (invoice.issued_on, invoice.amount, (item.period_from, item.period_to)) == (
        step.on,
        step.amount,
        step.period,
    )
    later = step_of_membership(session, today=dt.date(2026, 5, 12))
    assert later.on == dt.date(2027, 5, 12)


def lead(session: Session, **values: object) -> None:
    session.execute(update(MembershipType).values(values))


def _somebody_unreachable_pays(session: Session) -> None:
    payer = person(session, email="")
    payer.street, payer.postcode, payer.city = "", "", ""
    member_id = session.scalars(select(Membership.person_id)).one()
    session.add(Payer(person_id=member_id, payer_id=payer.id, from_on=DAY))
    session.flush()


def _free(session: Session) -> None:
    session.execute(text("UPDATE price_rule SET amount = 0"))


def _unpriced(session: Session) -> None:
    session.execute(text("UPDATE price_rule SET min_age = 100"))


def _unbanked(session: Session) -> None:
    session.execute(text("UPDATE bank_agreement SET preferred = false"))


def _unruled(session: Session) -> None:
    session.execute(text("UPDATE posting_rule SET debit_account_id = NULL WHERE event = 'issue'"))


@pytest.mark.parametrize(
    ("change", "why", "reason"),
    [
        (lambda s: s.execute(update(Membership).values(status=MembershipStatus.RESTING)), Why.RESTING, None),
        (lambda s: s.execute(update(Membership).values(ended_on=DAY)), Why.ENDED, None),
        (lambda s: lead(s, renews=False), Why.DOES_NOT_RENEW, None),
        (lambda s: s.execute(update(Membership).values(status="applied")), Why.FIRST_UNPAID, "first invoice unpaid"),
        (dead, Why.DECEASED, "deceased"),
        (unreachable, Why.NO_ADDRESS, "no address"),
        (_somebody_unreachable_pays, Why.NO_ADDRESS, "no address"),
        (_free, Why.NOTHING_TO_PAY, "free"),
        (_unpriced, Why.NO_PRICE, "incomplete price"),
        (_unbanked, Why.NO_AGREEMENT, "no bank agreement"),
        (_unruled, Why.NO_POSTING_RULE, "no posting rule"),
    ],
)
def test_what_leaves_a_membership_out_is_what_the_run_says(
    session: Session, change: Callable[[Session], object], why: Why, reason: str | None
) -> None:
    made = organisation(session)
    member(session, made, joined_on=dt.date(2024, 6, 1), paid_through=dt.date(2026, 5, 31))
    change(session)
    step = step_of_membership(session, today=DAY)
    assert (step.what, step.why, step.on) == (What.NOTHING, why, None)
    from tests.factories.runs import opener  # noqa: PLC0415 -- the books of these examples are broken on purpose

    run = issued(opener(session), on=dt.date(2026, 5, 31))
    assert run.result["excluded"] == ({reason: 1} if reason else {})


def test_once_an_invoice_is_credited_its_stretch_is_charged_again(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    member(session, made, joined_on=dt.date(2024, 6, 1), paid_through=dt.date(2026, 5, 31))
    on = dt.date(2026, 5, 10)
    issued(ledger, on=on)
    invoice = session.scalars(select(Invoice.id)).one()
    told = step_of_membership(session, today=on, credited=invoice)
    assert (told.what, told.on, told.period) == (What.INVOICE, on, (dt.date(2026, 6, 1), dt.date(2027, 5, 31)))
    with ledger() as opened, opened.begin():
        credit_invoice(opened, invoice_id=invoice, on=on, by=AUTOMATIC)
    assert step_of_membership(session, today=on) == told


def test_of_many_claims_those_that_are_reminded_of_first_are_told(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    payer = person(session)
    for _ in range(MOST + 5):
        member(session, made, joined_on=DAY, payer=payer)
    issued(ledger, on=DAY, slice_size=100)
    claims = list(session.scalars(select(Claim.id).order_by(Claim.id)))
    session.execute(update(Claim).where(Claim.id != claims[-1]).values(held_until=DUE + 50 * ONE))
    session.execute(update(Claim).where(Claim.id == claims[0]).values(dunning_level=1, dunned_on=DUE))
    steps = debtor_steps(session, person_id=payer.id, at=ahead(session, today=DAY))
    assert len(steps) == MOST
    first = first_of(steps)
    assert first is not None
    assert (first.claim_id, first.on) == (claims[-1], FIRST)
    assert claims[0] not in [step.claim_id for step in steps]


def test_of_several_steps_the_first_one_counts() -> None:
    later, sooner = Step(What.REMINDER, on=FIRST), Step(What.INVOICE, on=DUE)
    nothing = Step(What.NOTHING, why=Why.PAID)
    assert first_of([nothing, later, sooner]) is sooner
    assert first_of([nothing]) is nothing
    assert first_of([]) is None
