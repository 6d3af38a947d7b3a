"""Memberships on an invoice that somebody writes: priced as a renewal, charged once, covered and released as any."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import select

from dues.actor import Actor
from dues.dates import set_clock
from dues.invoicing.document import issued as documents
from dues.invoicing.models import FeePeriod, FeePeriodState, Invoice, InvoiceLine
from dues.invoicing.one_off import Wanted, WantedLine, prepare
from dues.invoicing.one_off_errors import NotChargeableError, SomethingElseError
from dues.invoicing.one_off_write import issue_one_off
from dues.invoicing.preview import gather
from dues.loop.end import end_membership
from dues.members.models import CoveredBy, Membership, MembershipStatus, Proration
from dues.payments.credit_invoice import credit_invoice
from dues.pricing.set_up import add_price
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, LOCAL_FEE, NATIONAL_FEE, Organisation, organisation
from tests.factories.products import product
from tests.factories.runs import confirmed, finished, issued

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

DAY = dt.date(2026, 3, 10)
DUE = dt.date(2026, 4, 9)
JOINED, PAID = dt.date(2025, 1, 1), dt.date(2026, 12, 31)
OFFICER = Actor("staff", "7")


@pytest.fixture
def made(session: Session) -> Organisation:
    set_clock(session, to=DAY, real=DAY)
    return organisation(session)


def fee(membership: Membership) -> WantedLine:
    return WantedLine(Decimal(1), 0, membership_id=membership.id)


def written(ledger: OpenSession, made: Organisation, membership: Membership, *more: WantedLine, times: int = 1) -> int:
    wanted = Wanted(membership.person_id, made.north.id, DUE, [*[fee(membership)] * times, *more])
    with ledger() as opened, opened.begin():
        return issue_one_off(opened, wanted=wanted, key=uuid4(), on=DAY, by=OFFICER).id


def lines(session: Session, invoice_id: int) -> list[tuple[int | None, dt.date | None, dt.date | None, int]]:
    wanted = select(InvoiceLine).where(InvoiceLine.invoice_id == invoice_id).order_by(InvoiceLine.position)
    return [(one.component_id, one.period_from, one.period_to, one.amount) for one in session.scalars(wanted)]


def test_a_membership_and_a_book_are_one_invoice_and_renewals_charge_it_no_more(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    held = member(session, made, joined_on=JOINED, paid_through=PAID)
    book = product(session, made.root)
    invoice = written(ledger, made, held, WantedLine(Decimal(2), 12500, product_id=book.id))
    year = dt.date(2027, 1, 1), dt.date(2027, 12, 31)
    assert lines(session, invoice) == [
        (made.national.id, *year, NATIONAL_FEE),
        (made.local.id, *year, LOCAL_FEE),
        (None, None, None, 25000),
    ]
    assert session.get_one(Invoice, invoice).amount == FEE + 25000
    session.expire_all()
    assert held.charged_through == year[1]
    assert held.paid_through == PAID
    set_clock(session, to=dt.date(2026, 12, 20), real=dt.date(2026, 12, 20))
    assert gather(session, on=dt.date(2026, 12, 20), scope="", memberships=None) == 0
    document = documents(session, invoices=[invoice])[invoice].document
    assert [line.period for line in document.lines] == [year, year, None]


def test_paid_it_covers_and_credited_it_may_be_charged_again(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    held = member(session, made, joined_on=JOINED, paid_through=PAID)
    written(ledger, made, held)
    ((_, reference, left),) = owed(ledger)
    banked(ledger, camt(made.agreement, [paid(left, reference)], on=DUE), on=DUE)
    session.expire_all()
    assert held.paid_through == dt.date(2027, 12, 31)
    again = written(ledger, made, held)
    with ledger() as opened, opened.begin():
        credit_invoice(opened, invoice_id=again, on=DUE, by=OFFICER)
    session.expire_all()
    assert held.charged_through == dt.date(2027, 12, 31)
    released = select(FeePeriod.from_on).where(FeePeriod.state == FeePeriodState.RELEASED).distinct()
    assert session.scalars(released).all() == [dt.date(2028, 1, 1)]


def test_named_twice_it_is_the_next_two_periods(session: Session, ledger: OpenSession, made: Organisation) -> None:
    held = member(session, made, joined_on=JOINED, paid_through=PAID)
    invoice = written(ledger, made, held, times=2)
    assert {first for _, first, _, _ in lines(session, invoice)} == {dt.date(2027, 1, 1), dt.date(2028, 1, 1)}
    session.expire_all()
    assert held.charged_through == dt.date(2028, 12, 31)


@pytest.mark.parametrize(
    ("born", "joined"),
    [
        (dt.date(1980, 5, 17), dt.date(2026, 3, 10)),
        (dt.date(2008, 3, 10), dt.date(2026, 3, 10)),
        (dt.date(2008, 3, 11), dt.date(2026, 2, 1)),
        (None, dt.date(2025, 11, 30)),
        (dt.date(2016, 2, 29), dt.date(2026, 1, 1)),
    ],
)
def test_it_costs_what_a_renewal_would_charge(
    session: Session, ledger: OpenSession, made: Organisation, born: dt.date | None, joined: dt.date
) -> None:
    made.member_type.calendar, made.member_type.proration, made.member_type.late_months = True, Proration.DAY, 2
    add_price(session, component=made.local, amount=7000, currency="SEK", ages=(None, 17), group=made.north)
    by_run = member(session, made, joined_on=joined, born=born)
    by_hand = member(session, made, joined_on=joined, born=born)
    invoice = written(ledger, made, by_hand)
    issued(ledger, on=DAY)
    of_run = session.scalars(select(Invoice.id).where(Invoice.payer_id == by_run.person_id)).one()
    assert lines(session, invoice) == lines(session, of_run)


def test_what_is_covered_by_its_invoice_is_active_at_once(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    made.member_type.covered_by = CoveredBy.ISSUE
    held = member(session, made, joined_on=DAY)
    written(ledger, made, held)
    session.expire_all()
    assert (held.status, held.paid_through) == (MembershipStatus.ACTIVE, dt.date(2027, 3, 9))


def test_a_renewal_that_was_previewed_before_leaves_it_out(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    held = member(session, made, joined_on=DAY)
    run = issued(ledger, on=DAY, confirmed=False)
    written(ledger, made, held)
    confirmed(ledger, run.run_id)
    session.expire_all()
    assert finished(ledger, run.run_id).done == 0
    assert len(session.scalars(select(Invoice)).all()) == 1


def test_what_was_charged_meanwhile_is_not_charged_again(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    held = member(session, made, joined_on=DAY)
    wanted = Wanted(held.person_id, made.north.id, DUE, [fee(held)])
    seen = prepare(session, wanted=wanted, on=DAY).mark
    issued(ledger, on=DAY)
    with pytest.raises(NotChargeableError), ledger() as opened:  # its first invoice waits to be paid
        issue_one_off(opened, wanted=wanted, key=uuid4(), on=DAY, by=OFFICER, seen=seen)
    other = member(session, made, joined_on=JOINED, paid_through=PAID)
    wanted = Wanted(other.person_id, made.north.id, DUE, [fee(other)])
    seen = prepare(session, wanted=wanted, on=DAY).mark
    written(ledger, made, other)
    with pytest.raises(SomethingElseError), ledger() as opened:
        issue_one_off(opened, wanted=wanted, key=uuid4(), on=DAY, by=OFFICER, seen=seen)


def test_what_is_not_theirs_or_does_not_go_on_is_refused(session: Session, made: Organisation) -> None:
    held = member(session, made, joined_on=JOINED, paid_through=PAID)
    other = member(session, made, joined_on=JOINED, paid_through=PAID)
    for person_id, group in ((other.person_id, made.north), (held.person_id, made.south)):
        with pytest.raises(NotChargeableError) as refused:
            prepare(session, wanted=Wanted(person_id, group.id, DUE, [fee(held)]), on=DAY)
        assert refused.value.reason == "no member any more"
    end_membership(session, membership_id=held.id, status=MembershipStatus.LEFT, on=DAY, today=DAY, by=OFFICER)
    with pytest.raises(NotChargeableError):
        prepare(session, wanted=Wanted(held.person_id, made.north.id, DUE, [fee(held)]), on=DAY)
