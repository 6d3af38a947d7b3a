"""What costs nothing gets no invoice, and still the period counts: after it, members are charged again."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.dates import set_clock
from dues.invoicing.models import FeePeriod, Invoice, InvoiceItem
from dues.journal.verify import prove
from dues.members.models import Membership, MembershipStatus
from dues.pricing.discounts import Discounted, set_discount
from tests.factories.members import member
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import confirmed, issued, undone

JOINED = dt.date(2025, 3, 15)
THROUGH = dt.date(2026, 3, 14)
DAY = dt.date(2026, 3, 10)


@pytest.fixture
def made(session: Session) -> Organisation:
    """An organisation in which all that begins in 2026 is free."""
    set_clock(session, to=DAY, real=DAY)
    found = organisation(session)
    year = Discounted(
        group_id=found.root.id,
        names={"en": "Jubilee year"},
        share=10000,
        valid_from=dt.date(2026, 1, 1),
        valid_to=dt.date(2026, 12, 31),
    )
    set_discount(session, discounted=year)
    return found


def standing(session: Session) -> list[tuple[str, dt.date | None, dt.date | None]]:
    session.expire_all()
    wanted = select(Membership.status, Membership.charged_through, Membership.paid_through).order_by(Membership.id)
    return [(str(row[0]), row[1], row[2]) for row in session.execute(wanted)]


def test_after_a_free_year_a_member_is_charged_again(session: Session, ledger: OpenSession, made: Organisation) -> None:
    member(session, made, joined_on=JOINED, paid_through=THROUGH)
    run = issued(ledger, on=DAY)
    assert (run.result["issued"], run.result["excluded"]) == (0, {"free": 1})
    through = dt.date(2027, 3, 14)
    assert standing(session) == [("active", through, through)]
    assert issued(ledger, on=DAY).result["candidates"] == 0
    assert prove(session).ok
    later = dt.date(2027, 3, 10)
    set_clock(session, to=later, real=later)
    assert issued(ledger, on=later).result["issued"] == 1
    assert session.scalars(select(Invoice.amount)).all() == [FEE]


def test_whoever_joins_for_nothing_is_a_member(session: Session, ledger: OpenSession, made: Organisation) -> None:
    for _ in range(7):
        member(session, made, joined_on=DAY)
    assert issued(ledger, on=DAY).result["excluded"] == {"free": 7}
    through = dt.date(2027, 3, 9)
    assert standing(session) == [(MembershipStatus.ACTIVE.value, through, through)] * 7
    assert prove(session).ok


def test_the_preview_says_what_is_free_and_reserves_nothing(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    member(session, made, joined_on=DAY)
    run = issued(ledger, on=DAY, confirmed=False)
    assert session.scalars(select(InvoiceItem.reason)).all() == ["free"]
    assert standing(session) == [("applied", None, None)]
    assert confirmed(ledger, run.run_id).result["excluded"] == {"free": 1}
    assert standing(session)[0][0] == "active"


def test_undoing_a_run_gives_back_what_was_free(session: Session, ledger: OpenSession, made: Organisation) -> None:
    member(session, made, joined_on=JOINED, paid_through=THROUGH)
    paying = member(session, made, joined_on=dt.date(2025, 1, 1), paid_through=dt.date(2025, 12, 31))
    paying_id = paying.id
    run = issued(ledger, on=dt.date(2025, 12, 20))
    assert run.result["issued"] + run.result["excluded"].get("free", 0) == 1
    run = issued(ledger, on=DAY)
    undone(ledger, run.run_id, on=DAY)
    session.expire_all()
    others = select(Membership.charged_through, Membership.paid_through).where(Membership.id != paying_id)
    assert session.execute(others).all() == [(THROUGH, THROUGH)]
    released = select(func.count()).select_from(FeePeriod).where(FeePeriod.state == "released")
    assert session.scalar(released) == 2
    assert prove(session).ok
    assert issued(ledger, on=DAY).result["excluded"] == {"free": 1}
