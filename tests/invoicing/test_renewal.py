"""Who is charged on a day, for which stretch and at which price."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.actor import COMMAND_LINE
from dues.dates import add_months, age_on
from dues.invoicing.models import FeePeriod, Invoice, InvoiceLine
from dues.members.models import CoveredBy, Membership, MembershipStatus
from dues.payments.credit_invoice import credit_invoice
from dues.pricing.set_up import add_price
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, organisation
from tests.factories.runs import issued

DAY = dt.date(2026, 3, 10)


def stretches(session: Session) -> list[tuple[dt.date, dt.date]]:
    """The stretches that have been charged, in their order, released ones left out."""
    found = select(FeePeriod.from_on, FeePeriod.to_on).where(FeePeriod.release == 0).distinct()
    return [(first, last) for first, last in session.execute(found.order_by(FeePeriod.from_on))]


def amounts(session: Session) -> list[int]:
    return list(session.scalars(select(Invoice.amount).order_by(Invoice.number)))


def pay_all(ledger: OpenSession, made: Any, on: dt.date) -> None:
    banked(
        ledger,
        camt(made.agreement, [paid(left, reference) for _, reference, left in owed(ledger) if left], on=on),
        on=on,
    )


def test_one_member_and_many_are_charged_by_the_same_path(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    first, *others = [member(session, made, joined_on=DAY) for _ in range(4)]
    alone = issued(ledger, on=DAY, memberships=[first.id])
    assert (alone.result["candidates"], alone.result["issued"]) == (1, 1)
    rest = issued(ledger, on=DAY)
    assert (rest.result["candidates"], rest.result["issued"]) == (3, len(others))
    assert amounts(session) == [FEE] * 4
    kinds = select(func.count(func.distinct(Invoice.due_on)), func.count(func.distinct(Invoice.currency)))
    assert session.execute(kinds).one() == (1, 1)


def test_a_group_and_what_is_below_it_is_charged_alone(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    north = member(session, made, joined_on=DAY)
    south = member(session, made, joined_on=DAY, group=made.south)
    assert issued(ledger, on=DAY, group=made.north.slug).result["issued"] == 1
    assert session.get_one(Membership, south.id).charged_through is None
    assert session.get_one(Membership, north.id).charged_through == dt.date(2027, 3, 9)


def test_the_first_charge_begins_on_the_day_of_joining(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    joined = member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    assert stretches(session) == [(DAY, dt.date(2027, 3, 9))]
    line = session.execute(select(InvoiceLine.period_from, InvoiceLine.period_to).distinct()).one()
    assert line == (DAY, dt.date(2027, 3, 9))
    found = session.get_one(Membership, joined.id)
    assert (found.status, found.paid_through) == (MembershipStatus.APPLIED, None)


def test_a_type_covered_by_being_invoiced_is_active_at_once(session: Session, ledger: OpenSession) -> None:
    made = organisation(session, covered_by=CoveredBy.ISSUE)
    joined = member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    found = session.get_one(Membership, joined.id)
    assert (found.status, found.paid_through) == (MembershipStatus.ACTIVE, dt.date(2027, 3, 9))


def test_renewal_comes_when_the_lead_time_has_come_and_not_before(session: Session, ledger: OpenSession) -> None:
    made = organisation(session, lead_days=30)
    member(session, made, joined_on=dt.date(2025, 1, 1), paid_through=dt.date(2026, 4, 9))
    assert issued(ledger, on=dt.date(2026, 3, 10)).result["candidates"] == 0
    assert issued(ledger, on=dt.date(2026, 3, 11)).result["issued"] == 1
    assert session.scalar(select(InvoiceLine.period_from).distinct()) == dt.date(2026, 4, 10)


def test_run_twice_nobody_is_charged_twice(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    for _ in range(3):
        member(session, made, joined_on=DAY)
    assert issued(ledger, on=DAY).result["issued"] == 3
    assert issued(ledger, on=DAY).result == {"candidates": 0, "issued": 0, "excluded": {}}


def test_renewal_is_at_the_price_of_the_new_period(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    last, first = dt.date(2026, 12, 31), dt.date(2027, 1, 1)
    add_price(session, component=made.national, amount=35000, currency="SEK", valid=(first, None))
    for through in (last - dt.timedelta(days=1), last):
        member(session, made, joined_on=dt.date(2024, 1, 1), paid_through=through)
    issued(ledger, on=dt.date(2026, 12, 20))
    assert amounts(session) == [FEE, FEE + 5000]


def test_renewal_is_at_the_new_age(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    for component in (made.national, made.local):
        add_price(session, component=component, amount=1000, currency="SEK", ages=(None, 25))
    starts = dt.date(2026, 4, 1)
    for born in (dt.date(2000, 4, 1), dt.date(2000, 4, 2), None):
        member(session, made, born=born, joined_on=dt.date(2020, 4, 1), paid_through=starts - dt.timedelta(days=1))
    issued(ledger, on=DAY)
    assert amounts(session) == [FEE, 2000, FEE]


@pytest.mark.parametrize(("first_day", "fee"), [(dt.date(2026, 2, 28), 2000), (dt.date(2026, 3, 1), FEE)])
def test_who_was_born_on_leap_day_is_a_year_older_on_the_first_of_march(
    session: Session, ledger: OpenSession, first_day: dt.date, fee: int
) -> None:
    made = organisation(session)
    for component in (made.national, made.local):
        add_price(session, component=component, amount=1000, currency="SEK", ages=(None, 17))
    member(session, made, born=dt.date(2008, 2, 29), joined_on=first_day)
    issued(ledger, on=first_day)
    assert amounts(session) == [fee]


def test_the_database_and_the_house_count_years_of_age_alike(session: Session) -> None:
    days = st.dates(dt.date(1904, 1, 1), dt.date(2060, 12, 31))
    counted = text("SELECT extract(year FROM age(cast(:on AS date), cast(:born AS date)))::int")

    @given(born=days, later=st.integers(0, 40000))
    def check(born: dt.date, later: int) -> None:
        on = born + dt.timedelta(days=later)
        assert session.scalar(counted, {"on": on, "born": born}) == age_on(born, on)

    check()


@pytest.mark.parametrize(
    ("months", "ends"),
    [(1, dt.date(2026, 5, 31)), (3, dt.date(2026, 6, 30)), (6, dt.date(2026, 6, 30)), (12, dt.date(2026, 12, 31))],
)
def test_calendar_terms_end_with_the_calendars_period(
    session: Session, ledger: OpenSession, months: int, ends: dt.date
) -> None:
    made = organisation(session, calendar=True, term_months=months)
    joined = dt.date(2026, 5, 17)
    member(session, made, joined_on=joined)
    issued(ledger, on=joined)
    pay_all(ledger, made, joined)
    issued(ledger, on=ends)
    following = add_months(ends + dt.timedelta(days=1), months) - dt.timedelta(days=1)
    assert stretches(session) == [(joined, ends), (ends + dt.timedelta(days=1), following)]


def test_who_joined_on_the_31st_comes_back_to_the_31st(session: Session, ledger: OpenSession) -> None:
    made = organisation(session, term_months=1, lead_days=0)
    member(session, made, joined_on=dt.date(2026, 1, 31))
    for _ in range(4):
        through = session.scalar(select(Membership.charged_through))
        issued(ledger, on=through + dt.timedelta(days=1) if through else dt.date(2026, 1, 31))
        pay_all(ledger, made, dt.date(2026, 6, 1))
    assert [first.isoformat() for first, _ in stretches(session)] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
    ]


def test_terms_from_the_joining_day_never_drift(session: Session) -> None:
    ends = text("SELECT period_end(:first, :joined, false, :months)")

    @given(
        joined=st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31)),
        months=st.sampled_from([1, 2, 3, 6, 12, 24]),
        periods=st.integers(0, 14),
    )
    def check(joined: dt.date, months: int, periods: int) -> None:
        first = add_months(joined, months * periods)
        found = session.scalar(ends, {"first": first, "joined": joined, "months": months})
        assert found == add_months(joined, months * (periods + 1)) - dt.timedelta(days=1)

    check()


def test_calendar_terms_tile_the_year(session: Session) -> None:
    ends = text("SELECT period_end(:first, :first, true, :months)")

    @given(first=st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31)), months=st.sampled_from([1, 3, 6, 12]))
    def check(first: dt.date, months: int) -> None:
        last = session.scalar(ends, {"first": first, "months": months})
        assert first <= last < add_months(first, months)
        begins = last + dt.timedelta(days=1)
        assert (begins.day, (begins.month - 1) % months) == (1, 0)

    check()


def test_what_does_not_renew_is_charged_once(session: Session, ledger: OpenSession) -> None:
    made = organisation(session, renews=False)
    member(session, made, joined_on=DAY)
    assert issued(ledger, on=DAY).result["issued"] == 1
    pay_all(ledger, made, DAY)
    assert issued(ledger, on=dt.date(2027, 3, 10)).result["candidates"] == 0


def test_who_left_is_not_charged(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    gone = member(session, made, joined_on=dt.date(2024, 1, 1), paid_through=DAY)
    gone.ended_on = DAY
    assert issued(ledger, on=DAY).result["candidates"] == 0


def test_what_was_credited_is_charged_again(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    joined = member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    with ledger() as other, other.begin():
        credit_invoice(other, invoice_id=other.scalars(select(Invoice.id)).one(), on=DAY, by=COMMAND_LINE)
    assert session.get_one(Membership, joined.id).charged_through is None
    assert issued(ledger, on=DAY).result["issued"] == 1
    assert stretches(session) == [(DAY, dt.date(2027, 3, 9))]
