"""A run of invoices taken back in one step: what is credited, what is left alone and why, and what follows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text, update

from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.delivery.models import Message, MessageState
from dues.groups.models import Creditor, NumberVoid
from dues.invoicing.errors import NotUndoableError
from dues.invoicing.models import Claim, ClaimEnd, FeePeriod, FeePeriodState, Invoice, InvoiceKind
from dues.invoicing.undo import start_undo
from dues.invoicing.undo_models import UndoItem
from dues.journal.close import close
from dues.journal.models import Entry, Posting
from dues.members.models import CoveredBy, Membership, Person
from dues.payments.credit_invoice import credit_invoice
from dues.runs.models import Axis, Run, RunPreview, RunState
from dues.runs.preview import sums
from dues.runs.start import confirm, pause, preview_again, resume
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import Outcome, finished, issued, undone
from tests.invoicing.test_faulty import mend
from tests.invoicing.test_renewal import DAY
from tests.payments.test_allocate import received, use

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

LATER = DAY + dt.timedelta(days=3)

VARIES = [
    *("id", "uuid", "number", "payer_id", "payer_name", "credits_id", "recorded_at", "run_id", "item_seq"),
    *("person_id", "debtor_id", "address", "subject_id", "invoice_id"),
]
"""What differs between any two invoices, their claims and their messages."""


def charged(session: Session, ledger: OpenSession, many: int = 5) -> tuple[Organisation, Outcome, list[Membership]]:
    """A run that has invoiced so many members."""
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session)
    who = [member(session, made, joined_on=DAY) for _ in range(many)]
    return made, issued(ledger, on=DAY), who


def pay(ledger: OpenSession, made: Organisation) -> None:
    """Let the first one pay."""
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=DAY), on=DAY)


def notes(session: Session) -> list[tuple[int, int]]:
    """Numbers of credit notes, and of what they credit."""
    session.expire_all()
    credited = Invoice.__table__.alias()
    found = select(Invoice.number, credited.c.number).join(credited, credited.c.id == Invoice.credits_id)
    return [(note, number) for note, number in session.execute(found.order_by(Invoice.number))]


def sent(session: Session) -> None:
    session.execute(update(Message).values(state=MessageState.SENT))


def test_everything_unpaid_is_credited_with_numbers_of_its_own(session: Session, ledger: OpenSession) -> None:
    _, run, who = charged(session, ledger)
    done = undone(ledger, run.run_id, on=LATER)
    assert (done.state, done.result["credited"], done.result["excluded"]) == (RunState.DONE, 5, {})
    assert notes(session) == [(6, 1), (7, 2), (8, 3), (9, 4), (10, 5)]
    assert session.scalars(select(Claim.ended).distinct()).all() == [ClaimEnd.CREDITED]
    assert session.scalar(select(func.sum(Claim.open_amount))) == 0
    assert set(session.scalars(select(FeePeriod.state))) == {FeePeriodState.RELEASED}
    for one in who:
        held = session.get_one(Membership, one.id, populate_existing=True)
        assert (held.charged_through, held.paid_through) == (None, None)
    event = select(Entry.event, func.count()).join(Posting, Posting.entry_id == Entry.id).group_by(Entry.event)
    assert dict(session.execute(event).all()) == {"issue": 10, "credit note": 10}


def test_a_run_undone_is_the_same_as_each_of_its_invoices_credited(session: Session, ledger: OpenSession) -> None:
    _, run, _ = charged(session, ledger, 4)
    sent(session)
    last = session.scalars(select(Invoice.id).order_by(Invoice.number.desc()).limit(1)).one()
    credit_invoice(session, invoice_id=last, on=LATER, by=COMMAND_LINE)
    undone(ledger, run.run_id, on=LATER)
    session.expire_all()
    for table, key, named in (
        ("invoice", "id", "n.id"),
        ("claim", "invoice_id", "i.id"),
        ("message", "subject_id", "n.id"),
    ):
        rows = session.scalars(
            text(
                f"SELECT to_jsonb(t) - cast(:varies AS text[]) FROM invoice n JOIN invoice i ON i.id = n.credits_id "
                f"JOIN {table} t ON t.{key} = {named} ORDER BY n.number"
            ),
            {"varies": VARIES},
        ).all()
        assert len(rows) == 4
        assert all(row == rows[0] for row in rows), table


def test_the_next_run_charges_the_same_periods_again(session: Session, ledger: OpenSession) -> None:
    _, run, _ = charged(session, ledger)
    before = session.execute(select(FeePeriod.membership_id, FeePeriod.from_on, FeePeriod.to_on).distinct()).all()
    undone(ledger, run.run_id, on=DAY)
    again = issued(ledger, on=DAY)
    assert again.result["issued"] == 5
    now = select(FeePeriod.membership_id, FeePeriod.from_on, FeePeriod.to_on).where(FeePeriod.release == 0).distinct()
    assert set(session.execute(now).all()) == set(before)
    twice = undone(ledger, again.run_id, on=DAY)
    assert twice.result["credited"] == 5


def test_what_was_paid_or_credited_is_left_alone_and_says_why(session: Session, ledger: OpenSession) -> None:
    made, run, _ = charged(session, ledger)
    pay(ledger, made)
    use(ledger, received(ledger, made, FEE - 100), owed(ledger)[1][0])
    another = session.scalars(select(Invoice.id).where(Invoice.number == 3)).one()
    credit_invoice(session, invoice_id=another, on=DAY, by=COMMAND_LINE)
    done = undone(ledger, run.run_id, on=LATER)
    assert done.result["credited"] == 2
    assert done.result["excluded"] == {"paid": 1, "part-paid": 1, "credited already": 1}
    assert [credited for _, credited in notes(session)] == [3, 4, 5]


def test_who_was_charged_for_a_later_period_since_is_left_alone(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    who = member(session, made, joined_on=DAY - dt.timedelta(days=360), paid_through=DAY - dt.timedelta(days=1))
    set_clock(session, to=DAY, real=DAY)
    run = issued(ledger, on=DAY)
    later = issued(ledger, on=DAY + dt.timedelta(days=365))
    assert (run.result["issued"], later.result["issued"]) == (1, 1)
    first = undone(ledger, run.run_id, on=DAY)
    assert (first.result["credited"], first.result["excluded"]) == (0, {"charged on since": 1})
    assert undone(ledger, later.run_id, on=DAY).result["credited"] == 1
    assert undone(ledger, run.run_id, on=DAY).result["credited"] == 1
    held = session.get_one(Membership, who.id, populate_existing=True)
    assert held.charged_through == held.paid_through == DAY - dt.timedelta(days=1)


def test_what_one_person_may_not_credit_alone_is_left_for_two(session: Session, ledger: OpenSession) -> None:
    made, run, _ = charged(session, ledger, 2)
    session.get_one(Creditor, made.creditor.id).write_off_limit = FEE - 1
    session.commit()
    done = undone(ledger, run.run_id, on=DAY)
    assert done.result["excluded"] == {"needs two persons": 2}
    assert session.get_one(Run, done.run_id, populate_existing=True).to_mend == 2
    assert notes(session) == []


def test_a_type_that_invoicing_covers_is_uncovered(session: Session, ledger: OpenSession) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session, covered_by=CoveredBy.ISSUE)
    who = member(session, made, joined_on=DAY)
    run = issued(ledger, on=DAY)
    assert session.get_one(Membership, who.id, populate_existing=True).paid_through is not None
    undone(ledger, run.run_id, on=DAY)
    assert session.get_one(Membership, who.id, populate_existing=True).paid_through is None


def test_what_was_not_sent_is_kept_back_and_what_was_is_followed_by_its_note(
    session: Session, ledger: OpenSession
) -> None:
    _, run, who = charged(session, ledger, 3)
    states = {1: MessageState.SENT, 2: MessageState.SENDING, 3: MessageState.QUEUED}
    for number, state in states.items():
        invoice = select(Invoice.id).where(Invoice.number == number).scalar_subquery()
        session.execute(update(Message).where(Message.subject_id == invoice).values(state=state))
    assert len(who) == 3
    undone(ledger, run.run_id, on=DAY)
    said = session.execute(
        select(Invoice.kind, Message.state).join(Message, Message.subject_id == Invoice.id).order_by(Invoice.number)
    ).all()
    assert said == [
        (InvoiceKind.INVOICE, MessageState.SENT),
        (InvoiceKind.INVOICE, MessageState.SENDING),
        (InvoiceKind.INVOICE, MessageState.WITHHELD),
        (InvoiceKind.CREDIT_NOTE, MessageState.QUEUED),
        (InvoiceKind.CREDIT_NOTE, MessageState.QUEUED),
    ]


def test_the_dead_are_not_told(session: Session, ledger: OpenSession) -> None:
    _, run, who = charged(session, ledger, 2)
    sent(session)
    session.get_one(Person, who[0].person_id).deceased_on = DAY
    session.commit()
    done = undone(ledger, run.run_id, on=DAY)
    assert done.result["credited"] == 2
    told = session.scalars(select(Message.person_id).where(Message.state == MessageState.QUEUED)).all()
    assert told == [who[1].person_id]


def test_a_closed_day_takes_the_first_open_one(session: Session, ledger: OpenSession) -> None:
    _, run, _ = charged(session, ledger, 2)
    close(session, through=LATER, today=LATER + dt.timedelta(days=1), by=COMMAND_LINE)
    session.commit()
    undone(ledger, run.run_id, on=DAY)
    days = session.execute(select(Entry.on_date).where(Entry.event == "credit note")).scalars().all()
    assert days == [LATER + dt.timedelta(days=1)]


def test_the_preview_tells_what_would_happen_and_does_nothing(session: Session, ledger: OpenSession) -> None:
    made, run, _ = charged(session, ledger)
    sent(session)
    pay(ledger, made)
    shown = undone(ledger, run.run_id, on=DAY, confirmed=False)
    assert (shown.state, shown.total) == (RunState.READY, 4)
    assert notes(session) == []
    axes = [Axis.TOTAL, Axis.CHANNEL, Axis.REASON]
    told = {(one.axis, one.key): (one.items, one.amount) for one in sums(session, run_id=shown.run_id, axes=axes)}
    assert told == {
        (Axis.TOTAL, ""): (4, 4 * FEE),
        (Axis.CHANNEL, "email"): (4, 4 * FEE),
        (Axis.REASON, "paid"): (1, 0),
    }


def confirmed_as_seen(ledger: OpenSession, run_id: int) -> Outcome:
    with ledger() as session, session.begin():
        confirm(session, run_id=run_id, seen=session.get_one(RunPreview, run_id).fingerprint)
    return finished(ledger, run_id)


def test_what_was_seen_is_credited_or_nothing_is(session: Session, ledger: OpenSession) -> None:
    made, run, _ = charged(session, ledger)
    shown = undone(ledger, run.run_id, on=DAY, confirmed=False)
    pay(ledger, made)
    moved = confirmed_as_seen(ledger, shown.run_id)
    assert (moved.state, moved.total) == (RunState.READY, 4)
    assert notes(session) == []
    kept = session.get_one(RunPreview, shown.run_id, populate_existing=True).moved or {}
    assert (kept["confirmed"], kept["gone"], kept["new"], kept["before"]) == (True, 1, 0, {"SEK": [5, 5 * FEE]})
    done = confirmed_as_seen(ledger, shown.run_id)
    assert (done.state, done.result["credited"]) == (RunState.DONE, 4)


def test_a_preview_is_made_again_on_demand(session: Session, ledger: OpenSession) -> None:
    made, run, _ = charged(session, ledger)
    shown = undone(ledger, run.run_id, on=DAY, confirmed=False)
    pay(ledger, made)
    with ledger() as own, own.begin():
        preview_again(own, run_id=shown.run_id)
    again = finished(ledger, shown.run_id)
    assert (again.state, again.total) == (RunState.READY, 4)


def test_one_undoing_is_under_way_at_a_time(session: Session, ledger: OpenSession) -> None:
    _, run, _ = charged(session, ledger, 2)
    first = undone(ledger, run.run_id, on=DAY, confirmed=False)
    second = undone(ledger, run.run_id, on=DAY)
    assert second.run_id == first.run_id
    confirmed_as_seen(ledger, first.run_id)
    again = undone(ledger, run.run_id, on=DAY)
    assert (again.result["credited"], again.result["excluded"]) == (0, {"credited already": 2})
    assert len(notes(session)) == 2


def test_it_can_be_paused_and_goes_on(session: Session, ledger: OpenSession) -> None:
    _, run, _ = charged(session, ledger)
    with ledger() as own, own.begin():
        started = start_undo(own, run_id=run.run_id, on=DAY, by=COMMAND_LINE, confirmed=True, slice_size=2).id
    session.execute(update(Run).where(Run.id == started).values(state=RunState.WORKING))
    with ledger() as own, own.begin():
        pause(own, run_id=started)
    assert finished(ledger, started).state is RunState.PAUSED
    assert notes(session) == []
    with ledger() as own, own.begin():
        resume(own, run_id=started)
    assert finished(ledger, started).result["credited"] == 5


@pytest.mark.parametrize("table", ["invoice_line", "posting"])
def test_a_faulty_row_is_left_alone_and_taken_up_by_the_next_undoing(
    session: Session, ledger: OpenSession, table: str
) -> None:
    _, run, who = charged(session, ledger, 8)
    column = {"invoice_line": "membership_id", "posting": "person_id"}[table]
    victim = who[4].id if column == "membership_id" else who[4].person_id
    refuse(session, table=table, column=column, value=victim)
    done = undone(ledger, run.run_id, on=DAY)
    assert (done.state, done.result["credited"]) == (RunState.DONE, 7)
    assert done.result["excluded"] == {"this row is broken": 1}
    assert session.get_one(Run, done.run_id, populate_existing=True).to_mend == 1
    assert [note for note, _ in notes(session)] == list(range(9, 16))
    assert session.scalars(select(NumberVoid.series).distinct()).all() == ["entry"]
    mend(session, table=table)
    rest = undone(ledger, run.run_id, on=DAY)
    assert (rest.result["credited"], rest.result["excluded"]) == (1, {"credited already": 7})


def refuse(session: Session, *, table: str, column: str, value: int) -> None:
    """Let the database refuse rows of somebody, as broken ones would be."""
    session.execute(
        text(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF new.{column} = {value} THEN RAISE EXCEPTION 'this row is broken'; END IF; "
            "RETURN new; END $$"
        )
    )
    session.execute(text("RESET ROLE"))
    session.execute(
        text(f"CREATE TRIGGER broken BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse()")
    )
    session.execute(text("SET ROLE kontingent_jobs"))


def test_only_finished_runs_of_invoices_can_be_undone(session: Session, ledger: OpenSession) -> None:
    _, run, _ = charged(session, ledger, 1)
    waiting = issued(ledger, on=DAY, confirmed=False)
    for wrong in (waiting.run_id, undone(ledger, run.run_id, on=DAY).run_id):
        with ledger() as own, pytest.raises(NotUndoableError):
            start_undo(own, run_id=wrong, on=DAY, by=COMMAND_LINE)


def test_only_what_is_credited_has_the_id_of_a_note(session: Session, ledger: OpenSession) -> None:
    made, run, _ = charged(session, ledger, 2)
    pay(ledger, made)
    undone(ledger, run.run_id, on=DAY, confirmed=False)
    held = select(UndoItem.state, UndoItem.note_id.is_(None)).order_by(UndoItem.seq)
    assert session.execute(held).all() == [("ready", False), ("excluded", True)]
