"""Segments, discounts, incomes and first periods on the way from a preview to an invoice."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dues.dates import set_clock
from dues.invoicing.document import invoice_documents
from dues.invoicing.models import Invoice, InvoiceItem, InvoiceLine
from dues.journal.models import Posting
from dues.journal.verify import prove
from dues.loop.offers import offers, place
from dues.members.incomes import set_income
from dues.members.models import Proration
from dues.members.segments import put_into, set_up_segment
from dues.overview.steps import ahead, membership_steps
from dues.pricing.discounts import Discounted, set_discount
from dues.pricing.models import PriceRule
from dues.pricing.resolve import prorated
from tests.factories.members import member
from tests.factories.organisation import LOCAL_FEE, NATIONAL_FEE, Organisation, organisation
from tests.factories.runs import confirmed, issued
from tests.invoicing.test_ground import confirmed_as_seen

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

DAY = dt.date(2026, 10, 15)


def subscribers(session: Session, made: Organisation) -> int:
    """A segment, and 15 per cent off everything for it."""
    segment = set_up_segment(session, group_id=made.root.id, names={"en": "Subscriber"})
    set_discount(
        session,
        discounted=Discounted(
            group_id=made.root.id, names={"en": "Subscriber"}, share=1500, segment_id=segment.id, position=1
        ),
    )
    return segment.id


def test_a_subscriber_pays_less_and_the_line_says_why(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    segment = subscribers(session, made)
    first, second = (member(session, made, joined_on=DAY) for _ in range(2))
    put_into(session, person_id=first.person_id, segment_id=segment, from_on=DAY, to_on=None)
    assert issued(ledger, on=DAY).result["issued"] == 2
    amounts = dict(session.execute(select(Invoice.payer_id, Invoice.amount)).all())
    assert amounts == {first.person_id: 42_500, second.person_id: 50_000}
    number = session.scalars(select(Invoice.id).where(Invoice.payer_id == first.person_id)).one()
    lines = invoice_documents(session, invoices=[number])[number].lines
    assert [line.amount for line in lines] == [25_500, 17_000]
    assert "(Subscriber −15" in lines[0].text


def test_who_is_of_the_segment_later_pays_the_whole_until_then(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    segment = subscribers(session, made)
    one = member(session, made, joined_on=DAY)
    put_into(session, person_id=one.person_id, segment_id=segment, from_on=DAY + dt.timedelta(days=1), to_on=None)
    issued(ledger, on=DAY)
    assert session.scalars(select(Invoice.amount)).all() == [50_000]


def share_of_income(session: Session, made: Organisation) -> None:
    rule = session.scalars(select(PriceRule).where(PriceRule.component_id == made.national.id)).one()
    rule.income_share, rule.least, rule.most = 100, 10_000, 90_000
    session.flush()


def test_each_pays_a_share_of_what_they_earn(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    segment = subscribers(session, made)
    share_of_income(session, made)
    people = [member(session, made, joined_on=DAY) for _ in range(5)]
    for one, income in zip(people, (4_000_000, 1, 10**9, 4_000_000), strict=False):
        set_income(session, person_id=one.person_id, amount=income, currency="SEK", from_on=DAY)
    put_into(session, person_id=people[3].person_id, segment_id=segment, from_on=DAY, to_on=None)
    asked = [one.id for one in people]
    steps = membership_steps(session, memberships=asked, at=ahead(session, today=DAY))
    run = issued(ledger, on=DAY, confirmed=False)
    previewed = dict(session.execute(select(InvoiceItem.person_id, InvoiceItem.amount)).all())
    confirmed(ledger, run.run_id)
    amounts = dict(session.execute(select(Invoice.payer_id, Invoice.amount)).all())
    assert [amounts[one.person_id] for one in people] == [60_000, 30_000, 110_000, 51_000, 50_000]
    assert amounts == previewed == {one.person_id: steps[one.id].amount for one in people}
    lines = dict(
        session.execute(
            select(InvoiceLine.person_id, InvoiceLine.amount).where(InvoiceLine.component_id == made.national.id)
        ).all()
    )
    posted = dict(
        session.execute(select(Posting.person_id, Posting.amount).where(Posting.component_id == made.national.id)).all()
    )
    assert lines == posted
    assert prove(session).ok


def test_an_income_that_changes_after_the_preview_is_shown_before_anything_is_issued(
    session: Session, ledger: OpenSession
) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session)
    share_of_income(session, made)
    one = member(session, made, joined_on=DAY)
    set_income(session, person_id=one.person_id, amount=4_000_000, currency="SEK", from_on=DAY)
    run = issued(ledger, on=DAY, confirmed=False)
    set_income(session, person_id=one.person_id, amount=5_000_000, currency="SEK", from_on=DAY)
    session.commit()
    confirmed_as_seen(ledger, run.run_id)
    assert session.scalars(select(Invoice.id)).all() == []
    assert session.scalars(select(InvoiceItem.amount)).all() == [70_000]


@pytest.mark.parametrize(
    ("proration", "late", "until", "national", "local"),
    [
        (Proration.NONE, 0, dt.date(2026, 12, 31), NATIONAL_FEE, LOCAL_FEE),
        (Proration.MONTH, 0, dt.date(2026, 12, 31), 7_500, 5_000),
        (Proration.DAY, 0, dt.date(2026, 12, 31), 6_411, 4_274),
        (Proration.NONE, 3, dt.date(2027, 12, 31), NATIONAL_FEE, LOCAL_FEE),
        (Proration.NONE, 2, dt.date(2026, 12, 31), NATIONAL_FEE, LOCAL_FEE),
        (Proration.MONTH, 3, dt.date(2027, 12, 31), 37_500, 25_000),
    ],
)
def test_what_the_join_page_says_is_what_the_run_invoices(  # noqa: PLR0917 -- one case a line
    session: Session,
    ledger: OpenSession,
    proration: Proration,
    late: int,
    until: dt.date,
    national: int,
    local: int,
) -> None:
    made = organisation(session, calendar=True, proration=proration, late_months=late)
    at = place(session, group=made.north.slug)
    (offer,) = offers(session, at=at, on=DAY, born=dt.date(1980, 5, 17))
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    found = session.execute(select(InvoiceLine.amount, InvoiceLine.period_to).order_by(InvoiceLine.position)).all()
    assert found == [(national, until), (local, until)]
    assert offer.price is not None
    assert (offer.price.minor, offer.until) == (national + local, until)


def test_an_age_is_judged_on_the_day_that_the_type_names(session: Session, ledger: OpenSession) -> None:
    made = organisation(session, calendar=True, age_month=12, age_day=31)
    young = PriceRule(component_id=made.national.id, max_age=17, amount=100, currency="SEK")
    session.add(young)
    born = dt.date(2008, 12, 30)
    (offer,) = offers(session, at=place(session, group=made.north.slug), on=DAY, born=born)
    member(session, made, joined_on=DAY, born=born)
    member(session, made, joined_on=DAY, born=dt.date(2009, 1, 1))
    issued(ledger, on=DAY)
    amounts = session.scalars(select(Invoice.amount).order_by(Invoice.amount)).all()
    assert amounts == [100 + LOCAL_FEE, NATIONAL_FEE + LOCAL_FEE]
    assert offer.age == 18
    assert offer.price is not None
    assert offer.price.minor == NATIONAL_FEE + LOCAL_FEE


def test_a_type_that_goes_over_to_the_calendar_charges_the_stretch_up_to_it_by_its_part(
    session: Session, ledger: OpenSession
) -> None:
    made = organisation(session)
    member(session, made, joined_on=dt.date(2025, 3, 15), paid_through=dt.date(2026, 3, 14))
    made.member_type.calendar, made.member_type.proration = True, Proration.DAY
    session.flush()
    issued(ledger, on=dt.date(2026, 3, 10))
    (first,) = session.scalars(select(Invoice.amount)).all()
    days = (dt.date(2026, 12, 31) - dt.date(2026, 3, 14)).days
    assert first == prorated(NATIONAL_FEE, days, 365) + prorated(LOCAL_FEE, days, 365)
    issued(ledger, on=dt.date(2026, 12, 31))
    assert session.scalars(select(Invoice.amount).order_by(Invoice.id)).all() == [first, NATIONAL_FEE + LOCAL_FEE]
