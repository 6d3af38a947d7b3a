"""A membership ends, or somebody dies, after a run has given numbers and before it writes: no invoice, and no gap."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.groups.models import NumberVoid
from dues.invoicing import issue
from dues.invoicing.models import FeePeriod, Invoice, InvoiceItem
from dues.journal.verify import prove
from dues.loop.death import record_death
from dues.loop.end import end_membership
from dues.members.models import Membership, MembershipStatus
from dues.runs.drive import Progress, drive
from tests.factories.members import member, person
from tests.factories.organisation import organisation
from tests.factories.runs import outcome, undone

DAY = dt.date(2026, 3, 10)
JOINED = dt.date(2025, 3, 15)
THROUGH = dt.date(2026, 3, 14)

Gone = Callable[[Session, Membership], object]


def _ends(session: Session, who: Membership) -> None:
    end_membership(
        session, membership_id=who.id, status=MembershipStatus.LEFT, on=DAY, today=DAY, by=COMMAND_LINE, seen=[]
    )


def _dies(session: Session, who: Membership) -> None:
    record_death(session, person_id=who.person_id, on=DAY, today=DAY, by=COMMAND_LINE, seen=[])


def _run(session: Session, ledger: OpenSession, gone: list[int], happens: Gone, *, size: int) -> int:
    """Drive a run of all that is due, and let it happen to some memberships between numbers and writing."""
    waiting = list(gone)

    def watch(progress: Progress) -> None:
        if progress.phase == "write":
            while waiting:
                with ledger() as other, other.begin():
                    happens(other, other.get_one(Membership, waiting.pop()))

    with ledger() as starting, starting.begin():
        run = issue.start_issue(starting, on=DAY, by=COMMAND_LINE, confirmed=True, slice_size=size)
        run_id = run.id
    drive(ledger, run_id, watch=watch)
    session.expire_all()
    return run_id


@pytest.mark.parametrize(("happens", "reason"), [(_ends, "no member any more"), (_dies, "deceased")])
def test_who_is_gone_before_it_is_written_gets_no_invoice(
    session: Session, ledger: OpenSession, happens: Gone, reason: str
) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session)
    held = [member(session, made, joined_on=JOINED, paid_through=THROUGH) for _ in range(5)]
    gone, stay = [held[0].id, held[3].id, held[4].id], [held[1].person_id, held[2].person_id]
    run_id = _run(session, ledger, gone, happens, size=3)
    assert outcome(ledger, run_id).result["excluded"] == {reason: 3}
    assert sorted(session.scalars(select(Invoice.payer_id))) == sorted(stay)
    assert session.scalars(select(Invoice.number).order_by(Invoice.number)).all() == [1, 2]
    void = session.execute(select(NumberVoid.series, NumberVoid.number, NumberVoid.reason)).all()
    assert sorted(tuple(one) for one in void) == [
        ("entry", 2, reason),
        ("invoice", 3, reason),
        ("invoice", 4, reason),
        ("invoice", 5, reason),
    ]
    through = select(Membership.charged_through, Membership.paid_through).where(Membership.id.in_(gone))
    assert {(row[0], row[1]) for row in session.execute(through)} == {(THROUGH, THROUGH)}
    assert set(session.scalars(select(FeePeriod.membership_id).where(FeePeriod.state == "released"))) == set(gone)
    assert prove(session).ok
    assert undone(ledger, run_id, on=DAY).result["credited"] == 2
    session.expire_all()
    assert prove(session).ok


def test_whose_payer_died_meanwhile_is_charged_the_next_time(session: Session, ledger: OpenSession) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session)
    payer = person(session)
    child = member(session, made, joined_on=JOINED, paid_through=THROUGH, payer=payer)
    payer_id = payer.id

    def dies(other: Session, _who: Membership) -> None:
        record_death(other, person_id=payer_id, on=DAY, today=DAY, by=COMMAND_LINE, seen=[])

    _run(session, ledger, [child.id], dies, size=3)
    assert session.execute(select(InvoiceItem.state, InvoiceItem.reason)).one() == ("void", "deceased")
    assert session.scalars(select(Invoice.id)).all() == []
    assert session.execute(select(Membership.status, Membership.charged_through)).one() == ("active", THROUGH)
    assert prove(session).ok
