"""The day at a glance: what was done by itself, money by week in each currency, and the first steps of a new house."""

import datetime as dt

from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.actor import AUTOMATIC
from dues.collection.remind import start_reminders
from dues.invoicing.issue import start_issue
from dues.overview.day import Begun, Weeks, begun, money_in, night
from tests.factories.members import member
from tests.factories.money import banked, camt, paid
from tests.factories.organisation import organisation
from tests.factories.runs import finished, issued

DAY = dt.date(2026, 3, 10)


def before(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def nightly(session: Session, ledger: OpenSession, on: dt.date) -> None:
    runs = [start(session, on=on, by=AUTOMATIC, confirmed=True).id for start in (start_issue, start_reminders)]
    session.commit()
    for run in runs:
        finished(ledger, run)


def test_the_night_is_what_was_done_by_itself_on_its_newest_day(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    nightly(session, ledger, before(1))
    member(session, made, joined_on=DAY)
    nightly(session, ledger, DAY)
    issued(ledger, on=DAY)
    start_issue(session, on=DAY, by=AUTOMATIC, confirmed=True, memberships=[1])
    done = night(session, on=DAY)
    assert [(one.run.kind, one.run.business_day, one.run.result["issued"]) for one in done] == [
        ("reminders", DAY, 0),
        ("invoices", DAY, 1),
    ]
    assert [one.run.business_day for one in night(session, on=DAY + dt.timedelta(days=1))] == [DAY, DAY]
    assert night(session, on=DAY + dt.timedelta(days=2)) == []


def test_money_is_summed_by_week_back_from_the_day_in_each_currency(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    for days, amounts in (
        (0, (100, 20)),
        (6, (3,)),
        (7, (4000,)),
        (55, (50000,)),
        (56, (7,)),
        (111, (9,)),
        (112, (1,)),
    ):
        banked(ledger, camt(made.agreement, [paid(a) for a in amounts], on=before(days)), on=DAY, name=f"{days}.xml")
    banked(ledger, camt(made.agreement, [paid(5), paid(-3)], on=DAY, currency="EUR"), on=DAY, name="eur.xml")
    assert money_in(session, on=DAY) == [
        Weeks("SEK", 7, (50000, 0, 0, 0, 0, 0, 4000, 123), (9, 0, 0, 0, 0, 0, 0, 7)),
        Weeks("EUR", 1, (0, 0, 0, 0, 0, 0, 0, 5), (0,) * 8),
    ]


def test_money_booked_on_a_later_day_is_not_here_yet(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    banked(ledger, camt(made.agreement, [paid(100)], on=DAY), on=DAY)
    assert money_in(session, on=before(1)) == []


def test_the_first_steps_are_taken_one_by_one(session: Session, ledger: OpenSession) -> None:
    assert begun(session) == Begun(groups=False, account=False, prices=False, members=False, bank_file=False)
    made = organisation(session)
    assert begun(session) == Begun(groups=True, account=True, prices=True, members=False, bank_file=False)
    member(session, made, joined_on=DAY)
    banked(ledger, camt(made.agreement, [], on=DAY), on=DAY)
    assert begun(session).all
