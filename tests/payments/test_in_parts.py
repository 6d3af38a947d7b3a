"""Invoices paid in parts: what each payment settles and covers, what is credited, taken back and reminded of."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.invoicing.errors import NotCreditableError
from dues.invoicing.instalment_errors import PartsError
from dues.invoicing.instalments import Plan
from dues.invoicing.models import Claim, ClaimEnd, FeePeriod, Invoice, PaymentReference
from dues.invoicing.one_off_errors import DueTooEarlyError
from dues.members.models import CoveredBy, Membership, MembershipType
from dues.payments.models import Allocation, Credit
from dues.payments.reissue import Anew, reissue
from dues.payments.take_back import take_back
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation
from tests.factories.runs import reminded
from tests.payments.test_credit_invoice import CREDITED, OFFICER, credit, first_invoice, made
from tests.payments.test_credit_part import part, proven
from tests.payments.test_matching import PAID

__all__ = ["made"]

FIRST = dt.date(2026, 5, 31)
THIRDS = [16667, 16667, 16666]


def split(ledger: OpenSession, invoice: int, *, parts: int = 3, first_on: dt.date = FIRST) -> int:
    """Let an invoice be paid in monthly parts; return the invoice that took its place."""
    with ledger() as session, session.begin():
        wanted = Anew(invoice, first_on, uuid.uuid4(), Plan(parts, first_on))
        return reissue(session, anew=wanted, on=CREDITED, by=OFFICER, seen=FEE).id


@pytest.fixture
def parted(session: Session, ledger: OpenSession, made: Organisation) -> int:
    """An invoice over 500 in three parts."""
    return split(ledger, session.scalars(select(Invoice.id).where(Invoice.creditor_id == made.creditor.id)).one())


def claims(session: Session, invoice: int) -> list[Claim]:
    session.expire_all()
    return list(session.scalars(select(Claim).where(Claim.invoice_id == invoice).order_by(Claim.position)))


def references(session: Session, invoice: int) -> dict[str | int, str]:
    """The references of an invoice by part, and that of all under ``whole``."""
    wanted = select(PaymentReference, Claim.position).join(Claim, Claim.id == PaymentReference.claim_id)
    rows = session.execute(wanted.where(Claim.invoice_id == invoice))
    return {"whole" if one.whole else position: one.value for one, position in rows}


def pay(ledger: OpenSession, made: Organisation, *payments: tuple[int, str]) -> dict[str, int]:
    file = camt(made.agreement, [paid(amount, reference) for amount, reference in payments], on=PAID)
    return dict(banked(ledger, file, on=PAID).result)


def test_an_open_invoice_is_paid_in_parts_instead(session: Session, parted: int) -> None:
    invoice = session.get_one(Invoice, parted)
    found = claims(session, parted)
    assert [claim.amount for claim in found] == THIRDS
    assert [claim.due_on for claim in found] == [FIRST, dt.date(2026, 6, 30), dt.date(2026, 7, 31)]
    assert (invoice.amount, invoice.due_on) == (FEE, FIRST)
    assert len(set(references(session, parted).values())) == 4
    assert [claim.ended for claim in claims(session, first_invoice(session))] == [ClaimEnd.CREDITED]
    assert session.scalars(select(FeePeriod.state)).all() == ["charged", "charged"]
    assert proven(session)


@pytest.mark.usefixtures("made")
def test_what_cannot_be_paid_in_parts_is_refused_whole(session: Session, ledger: OpenSession) -> None:
    invoice = first_invoice(session)
    with pytest.raises(DueTooEarlyError):
        split(ledger, invoice, first_on=CREDITED - dt.timedelta(days=1))
    part(ledger, invoice, {1: 29_999})
    part(ledger, invoice, {2: 19_999})
    with ledger() as work, work.begin(), pytest.raises(PartsError):
        reissue(work, anew=Anew(invoice, FIRST, uuid.uuid4(), Plan(3, FIRST)), on=CREDITED, by=OFFICER)
    assert len(session.scalars(select(Claim.id)).all()) == 1


def test_a_part_that_was_paid_is_not_parted_anew(
    session: Session, ledger: OpenSession, made: Organisation, parted: int
) -> None:
    pay(ledger, made, (THIRDS[0], references(session, parted)[1]))
    with pytest.raises(NotCreditableError, match="money has come"):
        split(ledger, parted)


def test_parts_are_parted_anew_and_put_together_again(session: Session, ledger: OpenSession, parted: int) -> None:
    fifths = split(ledger, parted, parts=5)
    assert [claim.amount for claim in claims(session, fifths)] == [FEE // 5] * 5
    assert proven(session)
    with ledger() as own, own.begin():
        whole = reissue(own, anew=Anew(fifths, FIRST, uuid.uuid4()), on=CREDITED, by=OFFICER).id
    assert [claim.amount for claim in claims(session, whole)] == [FEE]
    assert proven(session)


def test_each_part_is_paid_by_its_own_reference_and_the_last_one_covers(
    session: Session, ledger: OpenSession, made: Organisation, parted: int
) -> None:
    own = references(session, parted)
    for position, (amount, ended) in enumerate(zip(THIRDS, [False, False, True], strict=True), start=1):
        assert pay(ledger, made, (amount, own[position])) == {"matched": 1, "unmatched": 0}
        assert [claim.ended for claim in claims(session, parted)][position - 1] is ClaimEnd.PAID
        covered = set(session.scalars(select(FeePeriod.state))) == {"covered"}
        membership = session.scalars(select(Membership)).one()
        assert (covered, membership.paid_through is not None, membership.status == "active") == (ended,) * 3
        assert proven(session)


def test_the_parts_may_come_in_any_order_and_in_one_file(
    session: Session, ledger: OpenSession, made: Organisation, parted: int
) -> None:
    own = references(session, parted)
    assert pay(ledger, made, (THIRDS[2], own[3]), (THIRDS[0], own[1]), (THIRDS[1], own[2]))["matched"] == 3
    assert session.scalars(select(FeePeriod.state)).all() == ["covered", "covered"]
    assert proven(session)


def test_where_the_type_says_so_the_first_part_covers(
    session: Session, ledger: OpenSession, made: Organisation, parted: int
) -> None:
    session.get_one(MembershipType, made.member_type.id).covered_by = CoveredBy.FIRST_PART
    session.flush()
    own = references(session, parted)
    pay(ledger, made, (THIRDS[1], own[2]))
    assert session.scalars(select(FeePeriod.state)).all() == ["charged", "charged"]
    pay(ledger, made, (THIRDS[0], own[1]))
    assert session.scalars(select(FeePeriod.state)).all() == ["covered", "covered"]
    assert proven(session)
    first, second = session.scalars(select(Allocation.id).order_by(Allocation.claim_id)).all()
    for allocation, state in ((second, "covered"), (first, "charged")):
        with ledger() as work, work.begin():
            take_back(work, allocation_id=allocation, on=CREDITED, by=OFFICER)
        session.expire_all()
        assert session.scalars(select(FeePeriod.state)).all() == [state, state]
        assert proven(session)


def test_taking_the_last_part_back_uncovers(
    session: Session, ledger: OpenSession, made: Organisation, parted: int
) -> None:
    own = references(session, parted)
    pay(ledger, made, *((amount, own[place]) for place, amount in enumerate(THIRDS, start=1)))
    allocation = session.scalars(select(Allocation.id).limit(1)).one()
    with ledger() as work, work.begin():
        take_back(work, allocation_id=allocation, on=CREDITED, by=OFFICER)
    session.expire_all()
    assert session.scalars(select(FeePeriod.state)).all() == ["charged", "charged"]
    assert proven(session)


def test_the_reference_of_the_whole_pays_all_that_is_open(
    session: Session, ledger: OpenSession, made: Organisation, parted: int
) -> None:
    own = references(session, parted)
    pay(ledger, made, (THIRDS[1], own[2]))
    assert pay(ledger, made, (FEE - THIRDS[1], own["whole"])) == {"matched": 1, "unmatched": 0}
    assert [claim.ended for claim in claims(session, parted)] == [ClaimEnd.PAID] * 3
    assert session.scalars(select(FeePeriod.state)).all() == ["covered", "covered"]
    assert len(session.scalars(select(Allocation.id)).all()) == 3
    assert proven(session)


def test_less_than_the_whole_falls_on_the_oldest_part_and_then_the_next(
    session: Session, ledger: OpenSession, made: Organisation, parted: int
) -> None:
    own = references(session, parted)
    assert pay(ledger, made, (10_000, own["whole"]), (10_000, own["whole"]))["matched"] == 2
    assert [claim.open_amount for claim in claims(session, parted)] == [0, FEE - THIRDS[2] - 20_000, THIRDS[2]]
    assert proven(session)


@pytest.mark.parametrize("amount", [FEE + 1, -5])
def test_what_does_not_fit_the_whole_waits_for_somebody(
    session: Session, ledger: OpenSession, made: Organisation, parted: int, amount: int
) -> None:
    own = references(session, parted)
    assert pay(ledger, made, (amount, own["whole"])) == {"matched": 0, "unmatched": 1}
    assert [claim.open_amount for claim in claims(session, parted)] == THIRDS
    assert proven(session)


def test_of_two_who_pay_the_whole_the_second_waits_for_somebody(
    session: Session, ledger: OpenSession, made: Organisation, parted: int
) -> None:
    own = references(session, parted)
    assert pay(ledger, made, (FEE, own["whole"]), (FEE, own["whole"])) == {"matched": 1, "unmatched": 1}
    assert pay(ledger, made, (FEE, own["whole"]), (THIRDS[0], own[1])) == {"matched": 0, "unmatched": 2}
    assert proven(session)


def test_credit_takes_the_last_part_first_and_what_is_left_covers(
    session: Session, ledger: OpenSession, made: Organisation, parted: int
) -> None:
    own = references(session, parted)
    part(ledger, parted, {2: 20_000})
    assert [claim.open_amount for claim in claims(session, parted)] == [THIRDS[0], FEE - 20_000 - THIRDS[0], 0]
    assert claims(session, parted)[2].ended is ClaimEnd.CREDITED
    assert proven(session)
    pay(ledger, made, (THIRDS[0], own[1]), (FEE - 20_000 - THIRDS[0], own[2]))
    assert sorted(session.scalars(select(FeePeriod.state))) == ["covered", "released"]
    assert proven(session)


def test_credited_whole_what_was_paid_of_parts_becomes_credit(
    session: Session, ledger: OpenSession, made: Organisation, parted: int
) -> None:
    pay(ledger, made, (THIRDS[0], references(session, parted)[1]))
    credit(ledger, parted)
    assert [claim.ended for claim in claims(session, parted)] == [ClaimEnd.CREDITED] * 3
    assert session.scalars(select(Credit.balance)).all() == [THIRDS[0]]
    assert session.scalars(select(FeePeriod.state)).all() == ["released", "released"]
    assert proven(session)


def test_each_part_is_reminded_of_by_itself(session: Session, ledger: OpenSession, parted: int) -> None:
    reminded(ledger, on=dt.date(2026, 6, 20))
    assert [claim.dunning_level for claim in claims(session, parted)] == [1, 0, 0]
    reminded(ledger, on=dt.date(2026, 7, 20))
    assert [claim.dunning_level for claim in claims(session, parted)][1:] == [1, 0]
    assert owed(ledger)
