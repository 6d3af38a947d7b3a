"""A membership ends: what is not needed any more is credited, what was paid or has begun stays."""

import datetime as dt
import uuid
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.access.approvals import bind
from dues.access.models import Approval
from dues.actor import Actor
from dues.groups.limits import set_limits
from dues.groups.models import BankAgreement
from dues.invoicing.instalments import Plan
from dues.invoicing.models import Claim, ClaimEnd, FeePeriod, Invoice, InvoiceKind, PaymentReference
from dues.journal.verify import prove, verify
from dues.loop.end import Hand, end_membership, unneeded
from dues.loop.errors import EndDayError, EndMovedError, NoMembershipError
from dues.members.models import Membership, MembershipStatus, StatusChange
from dues.payments import credit_limit
from dues.payments.models import Credit
from dues.payments.refunds.models import Refund, RefundState
from dues.payments.reissue import Anew, reissue
from tests.factories.joint import joined
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import issued
from tests.factories.staff import employ
from tests.payments.test_allocate import received, use
from tests.together import together

JOINED = dt.date(2024, 6, 1)
THROUGH = dt.date(2026, 5, 31)
TODAY = dt.date(2026, 5, 10)
OFFICER = Actor("staff", "7")


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """A member of two years whose third has been invoiced, from 1 June on."""
    found = organisation(session)
    member(session, found, joined_on=JOINED, paid_through=THROUGH)
    issued(ledger, on=TODAY)
    return found


def the_membership(session: Session) -> Membership:
    return session.scalars(select(Membership).execution_options(populate_existing=True)).one()


def end(
    ledger: OpenSession,
    membership: int,
    *,
    on: dt.date = TODAY,
    today: dt.date = TODAY,
    seen: list[int] | None = None,
    paid: bool = False,
) -> list[int]:
    with ledger() as session, session.begin():
        return end_membership(
            session,
            membership_id=membership,
            status=MembershipStatus.LEFT,
            on=on,
            today=today,
            by=OFFICER,
            seen=seen,
            paid=paid,
        )


@pytest.mark.usefixtures("made")
def test_what_was_charged_for_later_is_credited(session: Session, ledger: OpenSession) -> None:
    (one,) = unneeded(session, membership_id=the_membership(session).id, on=TODAY)
    assert (one.number, one.open_amount, one.currency) == ("1", FEE, "SEK")
    (note,) = end(ledger, the_membership(session).id, seen=[one.invoice_id])
    assert session.get_one(Invoice, note).credits_id == one.invoice_id
    held = the_membership(session)
    assert (held.status, held.ended_on, held.charged_through, held.paid_through) == ("left", TODAY, THROUGH, THROUGH)
    last = session.scalars(select(StatusChange).order_by(StatusChange.id.desc()).limit(1)).one()
    assert (last.status, last.from_on, last.actor) == ("left", TODAY, "staff:7")
    assert issued(ledger, on=dt.date(2027, 1, 1)).result["candidates"] == 0


@pytest.mark.usefixtures("made")
def test_what_has_begun_stays_to_be_paid(session: Session, ledger: OpenSession) -> None:
    assert end(ledger, the_membership(session).id, on=dt.date(2026, 6, 1), today=dt.date(2026, 6, 2)) == []
    assert session.scalars(select(Claim.open_amount)).all() == [FEE]


def test_what_was_paid_in_part_stays_and_the_rest_is_credited(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    use(ledger, received(ledger, made, 100), owed(ledger)[0][0])
    (one,) = unneeded(session, membership_id=the_membership(session).id, on=TODAY)
    assert (one.amount, one.kept, one.whole) == (FEE - 100, 0, False)
    assert len(end(ledger, the_membership(session).id, seen=[one.invoice_id])) == 1
    claim = session.scalars(select(Claim)).one()
    assert (claim.ended, claim.open_amount, claim.credited_amount) == ("paid", 0, FEE - 100)
    assert session.scalars(select(Credit.balance)).all() == []
    assert prove(session).ok


def test_what_was_paid_for_later_becomes_credit_where_it_is_chosen(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=TODAY), on=TODAY)
    assert unneeded(session, membership_id=the_membership(session).id, on=TODAY) == []
    (one,) = unneeded(session, membership_id=the_membership(session).id, on=TODAY, paid=True)
    assert (one.amount, one.kept, one.whole) == (FEE, FEE, True)
    end(ledger, the_membership(session).id, seen=[one.invoice_id], paid=True)
    assert session.scalars(select(Credit.balance)).all() == [FEE]
    assert the_membership(session).paid_through == THROUGH
    assert prove(session).ok


def test_of_an_invoice_for_several_only_the_lines_of_the_one_that_ends_are_credited(
    session: Session, ledger: OpenSession
) -> None:
    made = organisation(session)
    parent = person(session)
    child = member(session, made, joined_on=JOINED, paid_through=THROUGH, payer=parent)
    other = member(session, made, joined_on=JOINED, paid_through=THROUGH, payer=parent)
    issued(ledger, on=TODAY)
    first, second = session.scalars(select(Invoice).order_by(Invoice.id))
    joint = joined(session, first, second, on=TODAY)
    (one,) = unneeded(session, membership_id=child.id, on=TODAY)
    assert (one.invoice_id, one.whole, one.amount) == (joint, False, FEE)
    end(ledger, child.id)
    assert session.scalars(select(Claim.open_amount).where(Claim.invoice_id == joint)).one() == FEE
    states = select(FeePeriod.membership_id).where(FeePeriod.state == "released")
    assert set(session.scalars(states)) == {child.id}
    assert other.ended_on is None
    assert prove(session).ok


def test_a_membership_that_never_began_owes_nothing(session: Session, ledger: OpenSession) -> None:
    member(session, organisation(session), joined_on=TODAY)
    issued(ledger, on=TODAY)
    assert len(end(ledger, the_membership(session).id)) == 1
    assert session.scalars(select(Claim.ended)).all() == [ClaimEnd.CREDITED]


def test_only_invoices_of_this_membership_are_credited(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    parent = person(session)
    child, sibling = (member(session, made, joined_on=TODAY, born=dt.date(2015, 1, 1), payer=parent) for _ in range(2))
    issued(ledger, on=TODAY)
    end(ledger, child.id)
    rows = session.execute(select(Claim.ended, Invoice.id).join(Invoice, Invoice.id == Claim.invoice_id)).all()
    assert sorted(str(row.ended) for row in rows) == ["None", "credited"]
    assert unneeded(session, membership_id=sibling.id, on=TODAY)[0].invoice_id in [r.id for r in rows if not r.ended]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("on", [JOINED - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)])
def test_it_ends_between_its_beginning_and_today(session: Session, ledger: OpenSession, on: dt.date) -> None:
    with pytest.raises(EndDayError):
        end(ledger, the_membership(session).id, on=on)


@pytest.mark.usefixtures("made")
def test_it_ends_once(session: Session, ledger: OpenSession) -> None:
    end(ledger, the_membership(session).id)
    with pytest.raises(NoMembershipError):
        end(ledger, the_membership(session).id)
    with pytest.raises(NoMembershipError):
        end(ledger, 999999)


@pytest.mark.usefixtures("made")
def test_nothing_ends_where_other_invoices_would_be_credited_than_were_seen(
    session: Session, ledger: OpenSession
) -> None:
    with pytest.raises(EndMovedError):
        end(ledger, the_membership(session).id, seen=[])
    assert the_membership(session).ended_on is None


def test_ended_twice_and_paid_at_one_moment_all_is_accounted_for(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        made = organisation(session)
        held = member(session, made, joined_on=JOINED, paid_through=THROUGH).id
        session.expunge_all()
    issued(opened, on=TODAY)
    reference = owed(opened)[0][1]
    file = camt(made.agreement, [paid(FEE, reference)], on=TODAY)
    found = together(partial(end, opened, held), partial(end, opened, held), partial(banked, opened, file, on=TODAY))
    ended = [one for one in found[:2] if not isinstance(one, Exception)]
    assert len(ended) <= 1
    with opened() as session:
        assert verify(session).ok
        notes = session.scalars(select(Invoice.id).where(Invoice.kind == InvoiceKind.CREDIT_NOTE)).all()
        assert len(notes) <= 1


@pytest.mark.usefixtures("made")
def test_of_an_invoice_in_parts_what_is_open_is_credited_whichever_part_was_paid(
    session: Session, ledger: OpenSession
) -> None:
    with ledger() as other, other.begin():
        wanted = Anew(other.scalars(select(Invoice.id)).one(), THROUGH, uuid.uuid4(), Plan(3, THROUGH))
        parted = reissue(other, anew=wanted, on=TODAY, by=OFFICER, seen=FEE).id
    of_it = select(Claim).where(Claim.invoice_id == parted).order_by(Claim.position)
    first, second, last = session.scalars(of_it.execution_options(populate_existing=True)).all()
    with ledger() as other, other.begin():
        reference = other.scalars(select(PaymentReference.value).where(PaymentReference.claim_id == last.id)).one()
    agreement = session.scalars(select(BankAgreement)).one()
    banked(ledger, camt(agreement, [paid(last.amount, reference)], on=TODAY), on=TODAY)
    (one,) = unneeded(session, membership_id=the_membership(session).id, on=TODAY)
    assert (one.amount, one.kept) == (first.amount + second.amount, 0)
    end(ledger, the_membership(session).id, seen=[parted])
    ended = session.scalars(of_it.execution_options(populate_existing=True)).all()
    assert [(claim.ended, claim.open_amount) for claim in ended] == [("credited", 0), ("credited", 0), ("paid", 0)]
    assert session.scalars(select(Credit.balance)).all() == []
    assert prove(session).ok


@pytest.mark.parametrize(("limit", "may_credit", "alone"), [(None, False, False), (FEE, True, True), (1, True, False)])
def test_what_was_paid_waits_for_somebody_who_may_credit_it(
    session: Session, ledger: OpenSession, made: Organisation, *, limit: int | None, may_credit: bool, alone: bool
) -> None:
    bind(credit_limit.KIND, credit_limit.credit_proposed)
    set_limits(session, creditor_id=made.creditor.id, refund=None, write_off=limit)
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=TODAY), on=TODAY)
    hand = Hand(employ(session, roles=["member-officer"]).id, may_credit=may_credit)
    membership = the_membership(session).id
    session.commit()
    with ledger() as opened, opened.begin():
        notes = end_membership(
            opened,
            membership_id=membership,
            status=MembershipStatus.LEFT,
            on=TODAY,
            today=TODAY,
            by=OFFICER,
            paid=True,
            hand=hand,
        )
    assert len(notes) == alone
    assert the_membership(session).ended_on == TODAY
    waiting = session.scalars(select(Approval).where(Approval.proposed_by == hand.staff_id)).all()
    assert [one.kind for one in waiting] == ([] if alone else ["credit"])


def test_what_was_paid_for_later_is_put_up_for_refund_where_that_is_chosen(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=TODAY), on=TODAY)
    held = the_membership(session)
    with ledger() as other, other.begin():
        end_membership(
            other,
            membership_id=held.id,
            status=MembershipStatus.LEFT,
            on=TODAY,
            today=TODAY,
            by=OFFICER,
            paid=True,
            refund=True,
        )
    refund = session.scalars(select(Refund)).one()
    assert (refund.person_id, refund.amount, refund.currency, refund.state) == (
        *(held.person_id, FEE, "SEK", RefundState.PROPOSED),
    )
