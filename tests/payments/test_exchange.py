"""A payment in another currency settles what is owed at the bank's rate; what the rate gains or loses is posted."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dues.actor import COMMAND_LINE
from dues.delivery.models import Message
from dues.invoicing.models import Claim, ClaimEnd
from dues.journal.models import Account, AccountRole, Posting
from dues.members.models import Membership, MembershipStatus
from dues.overview.timeline import Kind, Subject, Theme, timeline
from dues.payments.bank_rate import bank_rate, rate_of
from dues.payments.errors import ClaimEndedError, CreditUsedError
from dues.payments.exchange import (
    FarOffError,
    RateError,
    UnknownExchangeError,
    deal,
    exchange,
    take_exchange_back,
    worth_of,
)
from dues.payments.keep import keep
from dues.payments.mail import receipt_words
from dues.payments.models import Allocation, Credit, Payment, PaymentCase
from dues.payments.queries import open_cases
from dues.payments.receipt import received
from dues.payments.take_back import take_back
from language import Language
from tests.factories.money import banked, camt, exchanged_from, owed, paid
from tests.factories.organisation import FEE, Organisation
from tests.payments.test_matching import PAID, made

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

__all__ = ["made"]
RATE = Decimal("11.2345")


def balance(session: Session, role: AccountRole, currency: str) -> int:
    accounts = select(Account.id).where(Account.role == role, Account.currency == currency)
    debited = session.scalars(select(Posting.amount).where(Posting.debit_account_id.in_(accounts)))
    credited = session.scalars(select(Posting.amount).where(Posting.credit_account_id.in_(accounts)))
    return sum(debited) - sum(credited)


def test_an_invoice_in_kronor_is_paid_in_euro_and_taken_back(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    (claim, reference, _), (other, _, _) = owed(ledger)
    banked(ledger, camt(made.agreement, [paid(4447, reference)], on=PAID, currency="EUR"), on=PAID)
    payment = session.scalars(select(Payment.id)).one()
    swap = partial(exchange, session, payment_id=payment, on=PAID, by=COMMAND_LINE)
    with pytest.raises(FarOffError):
        swap(claim_id=claim, rate=Decimal(9), in_full=True)
    with pytest.raises(RateError):
        swap(claim_id=claim, rate=Decimal(0), in_full=True)
    done = swap(claim_id=claim, rate=RATE, in_full=True)
    assert (done.amount, done.worth, done.settled) == (4447, 49960, FEE)
    session.expire_all()
    assert session.get_one(Claim, claim).ended is ClaimEnd.PAID
    debtor = session.get_one(Claim, claim).debtor_id
    (message,) = session.scalars(select(Message).where(Message.kind == "receipt")).all()
    assert (message.subject_id, message.person_id) == (done.allocation_id, debtor)
    told = received(session, allocations=[message.subject_id])[message.subject_id]
    assert "44.47" in receipt_words(told, Language("en")).subject
    assert "The invoice is paid in full." in receipt_words(told, Language("en")).text
    membership = session.scalars(select(Membership).where(Membership.person_id == debtor)).one()
    assert membership.status is MembershipStatus.ACTIVE
    assert balance(session, AccountRole.EXCHANGE_DIFFERENCE, "SEK") == 40
    assert balance(session, AccountRole.EXCHANGE, "SEK") == 49960
    assert balance(session, AccountRole.EXCHANGE, "EUR") == -4447
    assert balance(session, AccountRole.UNIDENTIFIED, "EUR") == 0
    assert session.scalars(select(Credit.balance).where(Credit.currency == "EUR")).all() == [0]
    with pytest.raises(ClaimEndedError):
        swap(claim_id=claim, rate=RATE, in_full=True)
    with pytest.raises(CreditUsedError):
        take_back(session, allocation_id=done.allocation_id, on=PAID, by=COMMAND_LINE)
    take_exchange_back(session, exchange_id=done.id, on=PAID, by=COMMAND_LINE)
    with pytest.raises(UnknownExchangeError):
        take_exchange_back(session, exchange_id=done.id, on=PAID, by=COMMAND_LINE)
    session.expire_all()
    assert session.get_one(Claim, claim).open_amount == FEE
    invoice = session.get_one(Claim, claim).invoice_id
    page = timeline(session, of=Subject(invoice_id=invoice), zone=ZoneInfo("UTC"), themes=[Theme.MONEY])
    swaps = [(one.kind, one.amount, one.gave, one.gave_currency) for one in page.happenings]
    assert swaps[:2] == [(Kind.EXCHANGE_BACK, -FEE, 4447, "EUR"), (Kind.EXCHANGED, FEE, 4447, "EUR")]
    assert session.scalars(select(PaymentCase.unallocated)).all() == [4447]
    assert {balance(session, role, "SEK") for role in (AccountRole.EXCHANGE_DIFFERENCE, AccountRole.EXCHANGE)} == {0}
    # Worth more than is open, no more is used than is needed; the rest waits in its own currency.
    part = swap(claim_id=other, rate=Decimal(20), in_full=False)
    assert (part.amount, part.settled) == (2500, FEE)
    session.expire_all()
    assert session.scalars(select(PaymentCase.unallocated)).all() == [1947]
    assert len(session.scalars(select(Allocation.id)).all()) == 3


def test_other_credit_does_not_stand_in_for_what_was_exchanged(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    claim, reference, _ = owed(ledger)[0]
    came = [replace(paid(4447, reference), end_to_end_id="E1"), paid(5000)]
    banked(ledger, camt(made.agreement, came, on=PAID, currency="EUR"), on=PAID)
    payment, other = session.scalars(select(Payment.id).order_by(Payment.id)).all()
    debtor = session.get_one(Claim, claim).debtor_id
    keep(session, payment_id=other, person_id=debtor, amount=None, on=PAID, by=COMMAND_LINE)
    terms = {"rate": RATE, "in_full": True, "on": PAID, "by": COMMAND_LINE}
    done = exchange(session, payment_id=payment, claim_id=claim, **terms)  # type: ignore[arg-type]
    with pytest.raises(CreditUsedError):
        take_back(session, allocation_id=done.allocation_id, on=PAID, by=COMMAND_LINE)
    session.commit()
    back = replace(paid(-4447), end_to_end_id="E1", return_reason="MD06")
    banked(ledger, camt(made.agreement, [back], on=PAID, currency="EUR"), on=PAID)
    session.expire_all()
    assert [one.unallocated for one in open_cases(session, limit=9)] == [-4447]
    assert session.scalars(select(Credit.balance)).all() == [5000]
    assert session.get_one(Claim, claim).ended is ClaimEnd.PAID
    take_exchange_back(session, exchange_id=done.id, on=PAID, by=COMMAND_LINE)
    assert session.get_one(Claim, claim).open_amount == FEE


def test_the_rate_of_a_camt_file_is_kept_with_the_payment(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    file = camt(made.agreement, [paid(4447, owed(ledger)[0][1])], on=PAID, currency="EUR")
    banked(ledger, exchanged_from(file, "500.00", "SEK", rate="11.2345", unit="EUR"), on=PAID)
    payment = session.scalars(select(Payment)).one()
    # What was sent is just what was owed: it is exchanged by itself, with the difference posted, and told once.
    claim = session.scalars(select(Claim).order_by(Claim.id)).first()
    assert claim is not None
    assert (claim.ended, open_cases(session, limit=9)) == (ClaimEnd.PAID, [])
    assert balance(session, AccountRole.EXCHANGE_DIFFERENCE, "SEK") == 40
    assert len(session.scalars(select(Message.id).where(Message.kind == "receipt")).all()) == 1
    assert payment.exchanged == {"amount": FEE, "currency": "SEK", "rate": "11.2345", "unit": "EUR"}
    found = bank_rate(session, payment_id=payment.id, owed="SEK")
    assert found is not None
    assert (found.rate, found.sent, found.quoted) == (RATE, FEE, True)
    assert bank_rate(session, payment_id=payment.id, owed="NOK") is None


def test_a_rate_is_turned_round_or_follows_from_the_amounts() -> None:
    told = {"amount": 500_00, "currency": "SEK"}
    follows = rate_of(50_00, "EUR", told, owed="SEK")
    turned = rate_of(50_00, "EUR", {**told, "rate": "0.1", "unit": "SEK"}, owed="SEK")
    strange = rate_of(50_00, "EUR", {**told, "rate": "9", "unit": "EUR"}, owed="SEK")
    assert [(one.rate, one.quoted) for one in (follows, turned, strange) if one] == [
        (Decimal(10), False),
        (Decimal(10), True),
        (Decimal(10), False),
    ]
    yen = rate_of(500, "JPY", {"amount": 500, "currency": "EUR"}, owed="EUR")
    assert yen is not None
    assert yen.rate == Decimal("0.01")


@settings(max_examples=60)
@given(
    left=st.integers(1, 10**9),
    still_open=st.integers(1, 10**9),
    rate=st.decimals("0.01", "5000", places=4),
    pair=st.sampled_from([("EUR", "SEK"), ("NOK", "EUR"), ("JPY", "EUR"), ("EUR", "JPY")]),
)
def test_no_more_is_used_than_is_there_nor_settled_than_is_open(
    left: int, still_open: int, rate: Decimal, pair: tuple[str, str]
) -> None:
    paid_in, owed_in = pair
    if worth_of(left, rate=rate, paid=paid_in, owed=owed_in) <= 0:
        return
    found = deal(left, still_open, rate=rate, paid=paid_in, owed=owed_in, in_full=False)
    assert 0 < found.used <= left
    assert found.used + found.over == left
    assert 0 < found.settled <= still_open
    assert found.worth == worth_of(found.used, rate=rate, paid=paid_in, owed=owed_in)
    if found.over:
        assert found.settled == still_open
        assert found.difference >= 0
