"""Closing the books: what is on the day or before stays as it is, also when a posting races the close."""

import datetime as dt
import time
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.actor import COMMAND_LINE
from dues.invoicing.models import Invoice
from dues.journal.close import close
from dues.journal.errors import CloseAheadError, CloseBackwardsError
from dues.journal.models import Account, AccountRole, Books, BooksClosed, Entry, Posting
from dues.journal.post import open_entry
from dues.journal.verify import verify
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import issued
from tests.together import together

DAY = dt.date(2026, 3, 10)
CLOSED = dt.date(2026, 3, 31)
TODAY = dt.date(2026, 4, 2)
FIRST_OPEN = dt.date(2026, 4, 1)


def shut(open_session: OpenSession, through: dt.date = CLOSED, today: dt.date = TODAY) -> dt.date:
    with open_session() as session, session.begin():
        return close(session, through=through, today=today, by=COMMAND_LINE)


def invoiced(session: Session, ledger: OpenSession) -> Organisation:
    made = organisation(session)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    return made


def test_closing_counts_what_the_books_hold(session: Session, ledger: OpenSession) -> None:
    made = invoiced(session, ledger)
    organisation(session, country="NL", prefix="nl")
    assert shut(ledger) == CLOSED
    found = session.execute(
        select(BooksClosed.creditor_id, BooksClosed.entries, BooksClosed.postings, BooksClosed.amount)
    ).all()
    assert (made.creditor.id, 1, 2, FEE) in found
    assert sorted(row.entries for row in found) == [0, 1]
    assert session.scalars(select(Books.closed_through)).all() == [CLOSED, CLOSED]


def test_a_late_payment_takes_the_first_open_day_and_keeps_its_value_date(
    session: Session, ledger: OpenSession
) -> None:
    made = invoiced(session, ledger)
    shut(ledger)
    came = dt.date(2026, 3, 20)
    run = banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=came), on=TODAY)
    assert run.result["matched"] == 1
    posting = session.scalars(select(Posting).where(Posting.payment_id.is_not(None))).one()
    assert (posting.on_date, posting.value_date) == (FIRST_OPEN, came)


def test_invoices_of_a_closed_day_are_booked_on_the_first_open_one(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    member(session, made, joined_on=DAY)
    shut(ledger)
    assert issued(ledger, on=DAY).result["issued"] == 1
    assert session.scalars(select(Entry.on_date)).all() == [FIRST_OPEN]
    assert session.scalars(select(Invoice.issued_on)).all() == [DAY]


@pytest.mark.usefixtures("ledger")
def test_a_day_that_has_not_ended_is_not_closed(session: Session) -> None:
    for through in (TODAY, TODAY + dt.timedelta(days=1)):
        with pytest.raises(CloseAheadError, match=f"Only days before {TODAY}"):
            close(session, through=through, today=TODAY, by=COMMAND_LINE)


def test_books_are_never_opened_again(session: Session, ledger: OpenSession) -> None:
    invoiced(session, ledger)
    shut(ledger)
    assert shut(ledger) == CLOSED
    with pytest.raises(CloseBackwardsError, match=f"already closed through {CLOSED}"):
        shut(ledger, CLOSED - dt.timedelta(days=1))
    assert shut(ledger, CLOSED + dt.timedelta(days=1)) == FIRST_OPEN
    assert session.scalars(select(BooksClosed.through).order_by(BooksClosed.through)).all() == [CLOSED, FIRST_OPEN]


def test_one_creditor_that_is_closed_further_stops_the_close_of_all(session: Session, ledger: OpenSession) -> None:
    both = invoiced(session, ledger), organisation(session, country="NL", prefix="nl")
    session.get_one(Books, both[1].creditor.id).closed_through = TODAY
    with pytest.raises(CloseBackwardsError):
        shut(ledger)
    assert session.get_one(Books, both[0].creditor.id).closed_through is None


Poster = Callable[[OpenSession, list[int], dt.date, str], dt.date | None]


def by_the_verb(opened: OpenSession, accounts: list[int], day: dt.date, key: str) -> dt.date:
    """Post as the house does: on the first open day."""
    with opened() as session, session.begin():
        entry = open_entry(session, creditor_id=accounts[0], event="test", key=key, on=day, by=COMMAND_LINE)
        time.sleep(0.002)
        _post(session, entry.id, accounts, entry.on_date)
        return entry.on_date


def by_hand(opened: OpenSession, accounts: list[int], day: dt.date, key: str) -> dt.date | None:
    """Post on a day without asking; None where the database refuses it."""
    wanted = text(
        "INSERT INTO entry (creditor_id, number, event, key, on_date, actor) SELECT :creditor, next_number, 'test', "
        ":key, :day, 'x' FROM number_series WHERE series = 'entry' AND creditor_id = :creditor RETURNING id"
    )
    taken = text("UPDATE number_series SET next_number = next_number + 1 WHERE series = 'entry'")
    try:
        with opened() as session, session.begin():
            entry = session.scalars(wanted, {"creditor": accounts[0], "key": key, "day": day}).one()
            session.execute(taken)
            time.sleep(0.002)
            _post(session, entry, accounts, day)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != "KG002":
            raise
        return None
    return day


def _post(session: Session, entry: int, accounts: list[int], day: dt.date) -> None:
    session.execute(
        insert(Posting).values(
            entry_id=entry,
            debit_account_id=accounts[1],
            credit_account_id=accounts[2],
            amount=100,
            currency="SEK",
            on_date=day,
            value_date=day,
        )
    )


@pytest.mark.parametrize("poster", [by_the_verb, by_hand])
def test_a_posting_that_races_the_close_is_before_it_or_after_its_day(committing: Database, poster: Poster) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        own = organisation(session).creditor.id
        accounts = [own] + [
            session.scalars(select(Account.id).where(Account.role == role)).one()
            for role in (AccountRole.BANK, AccountRole.UNIDENTIFIED)
        ]
    by_the_verb(opened, accounts, DAY, "first")
    outcomes: set[bool] = set()
    for turn in range(400):
        if turn >= 40 and outcomes == {True, False}:
            break
        day = DAY + dt.timedelta(days=turn + 1)
        first, second = 0.0, 0.001 * (turn // 2 % 8)  # in turn the one and the other begins a little later
        waits = (first, second) if turn % 2 else (second, first)
        found = together(
            partial(_after, waits[0], partial(poster, opened, accounts, day, f"{turn}")),
            partial(_after, waits[1], partial(shut, opened, day, day + dt.timedelta(days=1))),
        )
        assert not [one for one in found if isinstance(one, Exception)], found
        outcomes.add(found[0] == day)
        with opened() as session:
            on_closed_days = select(Entry.id).where(Entry.on_date <= day)
            held = session.scalars(select(BooksClosed.entries).where(BooksClosed.through == day)).one()
            assert len(session.scalars(on_closed_days).all()) == held
    assert outcomes == {True, False}, "both must win sometimes, or nothing was raced"
    with opened() as session:
        checks = dict(verify(session).checks)
    assert checks["closed_days_unchanged"] == 0
    assert checks["entry_numbers"] == 0


def _after(seconds: float, work: Callable[[], dt.date | None]) -> dt.date | None:
    time.sleep(seconds)
    return work()
