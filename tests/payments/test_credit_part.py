"""Invoices taken back in part, line by line, and several times."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.invoicing.errors import NotCreditableError
from dues.invoicing.models import Claim, ClaimEnd, FeePeriod, FeePeriodState, Invoice, InvoiceLine
from dues.journal.models import AccountRole, Posting
from dues.journal.verify import prove
from dues.members.models import Membership
from dues.payments.credit_books import LineLeft, taken_of
from dues.payments.credit_invoice import chosen, credit_part
from dues.payments.errors import (
    ClaimEndedError,
    MovedError,
    NothingCreditedError,
    PaymentError,
    TooMuchCreditedError,
)
from dues.payments.models import Allocation, Credit
from dues.payments.take_back import take_back
from dues.settling.owed import owed_by
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import issued
from tests.payments.test_allocate import received, use
from tests.payments.test_credit_invoice import CREDITED, OFFICER, balance, credit, first_invoice, made
from tests.payments.test_matching import DAY, PAID
from tests.together import together

__all__ = ["made"]


def part(
    ledger: OpenSession, invoice: int, amounts: dict[int, int], *, key: uuid.UUID | None = None, seen: int | None = None
) -> int:
    with ledger() as session, session.begin():
        return credit_part(
            session,
            invoice_id=invoice,
            amounts=amounts,
            key=key or uuid.uuid4(),
            on=CREDITED,
            by=OFFICER,
            seen=seen,
        )


def lines(session: Session, invoice: int) -> dict[int, int]:
    found = select(InvoiceLine.position, InvoiceLine.amount).where(InvoiceLine.invoice_id == invoice)
    return dict(session.execute(found).all())


def proven(session: Session) -> bool:
    found = prove(session)
    assert found.ok, found.checks
    return True


@pytest.mark.usefixtures("made")
def test_a_part_of_a_line_lowers_what_is_owed(session: Session, ledger: OpenSession) -> None:
    invoice = first_invoice(session)
    note = session.get_one(Invoice, part(ledger, invoice, {1: 1000}))
    assert (note.amount, note.credits_id, lines(session, note.id)) == (1000, invoice, {1: 1000})
    claim = session.scalars(select(Claim)).one()
    assert (claim.open_amount, claim.credited_amount, claim.ended) == (FEE - 1000, 1000, None)
    assert session.scalars(select(FeePeriod.state)).all() == [FeePeriodState.CHARGED] * 2
    assert balance(session, AccountRole.RECEIVABLE) == FEE - 1000
    assert proven(session)


@pytest.mark.usefixtures("made")
def test_several_notes_take_an_invoice_back_line_by_line(session: Session, ledger: OpenSession) -> None:
    invoice = first_invoice(session)
    whole = lines(session, invoice)
    part(ledger, invoice, {1: 1000})
    part(ledger, invoice, {1: whole[1] - 1000})
    assert sorted(session.scalars(select(FeePeriod.state))) == ["charged", "released"]
    assert proven(session)
    credit(ledger, invoice)
    assert session.scalars(select(FeePeriod.state)).all() == [FeePeriodState.RELEASED] * 2
    assert session.scalars(select(Membership.charged_through)).all() == [None]
    claim = session.scalars(select(Claim)).one()
    assert (claim.ended, claim.credited_amount, claim.open_amount) == (ClaimEnd.CREDITED, FEE, 0)
    assert balance(session, AccountRole.RECEIVABLE) == balance(session, AccountRole.INCOME) == 0
    with pytest.raises(NotCreditableError, match="credited already"):
        part(ledger, invoice, {2: 1})
    assert proven(session)


def test_what_was_paid_beyond_what_is_left_becomes_credit(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=PAID), on=PAID)
    part(ledger, first_invoice(session), {1: 1000})
    claim = session.scalars(select(Claim)).one()
    assert (claim.ended, claim.open_amount) == (ClaimEnd.PAID, 0)
    assert session.scalars(select(Credit.balance)).all() == [1000]
    assert session.scalars(select(FeePeriod.state)).all() == [FeePeriodState.COVERED] * 2
    assert proven(session)
    used = session.scalars(select(Allocation.id)).one()
    with pytest.raises(ClaimEndedError), ledger() as other, other.begin():
        take_back(other, allocation_id=used, on=CREDITED, by=OFFICER)


def test_where_only_what_was_paid_is_left_it_is_paid_and_covers(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    use(ledger, received(ledger, made, FEE - 1000), owed(ledger)[0][0])
    part(ledger, first_invoice(session), {1: 1000})
    claim = session.scalars(select(Claim)).one()
    assert (claim.ended, claim.open_amount) == (ClaimEnd.PAID, 0)
    assert session.scalars(select(FeePeriod.state)).all() == [FeePeriodState.COVERED] * 2
    assert session.scalars(select(Membership.paid_through)).one() is not None
    assert session.scalars(select(Credit.balance)).all() == []
    assert proven(session)


def test_what_is_left_is_matched_by_the_bank_and_covers_only_it(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    invoice = first_invoice(session)
    whole = lines(session, invoice)
    part(ledger, invoice, {1: whole[1]})
    banked(ledger, camt(made.agreement, [paid(whole[2], owed(ledger)[0][1])], on=PAID), on=PAID)
    assert sorted(session.scalars(select(FeePeriod.state))) == ["covered", "released"]
    assert session.scalars(select(Claim.ended)).one() is ClaimEnd.PAID
    assert proven(session)


def test_a_beneficiary_keeps_no_share_of_what_was_credited(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=PAID), on=PAID)
    invoice = first_invoice(session)
    local = session.execute(
        select(InvoiceLine.position, InvoiceLine.amount, InvoiceLine.beneficiary_id).where(
            InvoiceLine.invoice_id == invoice, InvoiceLine.beneficiary_id != made.creditor.group_id
        )
    ).first()
    assert local is not None
    part(ledger, invoice, {local.position: 1000})
    shares = owed_by(session, creditor_id=made.creditor.id, through=CREDITED)
    assert [one.collected for one in shares] == [local.amount - 1000]


@pytest.mark.usefixtures("made")
def test_more_than_is_left_of_a_line_is_refused(session: Session, ledger: OpenSession) -> None:
    invoice = first_invoice(session)
    whole = lines(session, invoice)
    part(ledger, invoice, {1: 1000})
    for amounts in ({1: whole[1] - 999}, {1: -1}):
        with pytest.raises(TooMuchCreditedError):
            part(ledger, invoice, amounts)
    for amounts in ({}, {1: 0}, {77: 100}):
        with pytest.raises(NothingCreditedError):
            part(ledger, invoice, amounts)
    with pytest.raises(MovedError):
        part(ledger, invoice, {1: 1}, seen=FEE)
    assert session.scalar(select(func.count()).select_from(Invoice)) == 2


@pytest.mark.usefixtures("made")
def test_a_key_credits_once(session: Session, ledger: OpenSession) -> None:
    invoice, key = first_invoice(session), uuid.uuid4()
    first = part(ledger, invoice, {1: 1000}, key=key, seen=FEE)
    assert part(ledger, invoice, {1: 1000}, key=key, seen=FEE) == first
    assert session.scalars(select(Claim.open_amount)).one() == FEE - 1000


def test_a_stretch_charged_anew_is_left_alone_by_a_later_note(session: Session, ledger: OpenSession) -> None:
    found = organisation(session)
    member(session, found, joined_on=DAY)
    issued(ledger, on=DAY)
    invoice = first_invoice(session)
    whole = lines(session, invoice)
    part(ledger, invoice, {1: whole[1], 2: whole[2] - 500})
    part(ledger, invoice, {2: 500})
    assert issued(ledger, on=DAY).result["issued"] == 1
    assert sorted(session.scalars(select(FeePeriod.release))) == [0, 0, 1, 1]
    assert proven(session)


def test_two_who_credit_at_once_never_give_back_more_than_there_is(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        member(session, organisation(session), joined_on=DAY)
        session.expunge_all()
    issued(opened, on=DAY)
    with opened() as session:
        invoice = first_invoice(session)
        most = lines(session, invoice)[1]
    done = together(*(partial(part, opened, invoice, {1: most - 100}) for _ in range(3)))
    assert sum(isinstance(one, int) for one in done) == 1
    assert sum(isinstance(one, PaymentError) for one in done) == 2
    with opened() as session:
        assert proven(session)
        assert session.scalar(select(func.count()).select_from(Posting)) == 3


def _line(position: int, amount: int, still: int) -> LineLeft:
    return LineLeft(position, None, None, 1, None, amount, still, touched=still != amount)


@given(
    st.lists(st.tuples(st.integers(-5000, 20000), st.integers(0, 100), st.integers(-25000, 25000)), max_size=6),
)
def test_never_more_than_is_left_whatever_is_asked(rows: list[tuple[int, int, int]]) -> None:
    left = [
        _line(place, amount, amount * share // 100 if amount > 0 else amount)
        for place, (amount, share, _) in enumerate(rows)
    ]
    try:
        found = chosen(left, {place: wanted for place, (_, _, wanted) in enumerate(rows)})
    except (NothingCreditedError, TooMuchCreditedError):
        return
    assert 0 < sum(found.values()) <= sum(line.still for line in left)
    for line, amount in found.items():
        assert min(0, line.still) <= amount <= max(0, line.still)


@given(
    st.lists(st.tuples(st.integers(1, 9000), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12),
    st.floats(0, 1),
)
def test_what_is_taken_of_claims_adds_up_and_takes_what_is_open_first(
    rows: list[tuple[int, float, float]], share: float
) -> None:
    claims = [
        Claim(id=place, amount=amount, open_amount=int(amount * a), credited_amount=int((amount - int(amount * a)) * b))
        for place, (amount, a, b) in enumerate(rows)
    ]
    there = sum(claim.amount - claim.credited_amount for claim in claims)
    wanted = int(there * share)
    taken = taken_of(claims, wanted)
    assert sum(one.amount for one in taken) == wanted
    assert sum(one.of_open for one in taken) == min(wanted, sum(claim.open_amount for claim in claims))
    assert all(one.of_open <= one.claim.open_amount and one.of_paid >= 0 for one in taken)
