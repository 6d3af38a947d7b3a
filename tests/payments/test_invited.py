"""Invoices that invite to pay more: what they say, what comes beyond them, and what becomes of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from documents import payload, words
from dues.actor import VISITOR
from dues.delivery.models import Message
from dues.groups.models import Overpaid
from dues.invoicing.document import invoice_documents, issued
from dues.invoicing.invite import NotOfferedError, choose_fund, offer_of
from dues.invoicing.mail import invoice_words
from dues.invoicing.models import Claim, ClaimEnd, Invoice
from dues.journal.fund_models import Fund
from dues.journal.models import AccountRole
from dues.payments.allocate import allocate
from dues.payments.gifts.funds import FundInUseError, add_fund, change_fund
from dues.payments.gifts.models import Gift
from dues.payments.mail import receipt_words
from dues.payments.models import CaseReason
from dues.payments.overpaid import NoFundError, NoLimitError, set_overpaid
from dues.payments.queries import open_cases
from dues.payments.receipt import received
from language import Language
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import issued as run_issued
from tests.payments.test_matching import DAY, PAID
from tests.payments.test_refunds import balance

LIMIT = 1000_00


@pytest.fixture
def invited(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation whose invoices invite to give to its hall; three members, and what they owe."""
    found = organisation(session)
    hall = add_fund(session, creditor_id=found.creditor.id, names={"en": "the hall", "sv": "huset"})
    add_fund(session, creditor_id=found.creditor.id, names={"en": "Youth", "sv": "ungdomen"})
    add_fund(session, creditor_id=found.creditor.id, names={"en": "Reserve"}, offered=False)
    _set(session, found, fund_id=hall.id)
    for _ in range(3):
        member(session, found, joined_on=DAY, email="kim@example.org")
    run_issued(ledger, on=DAY)
    session.rollback()  # what is chosen afterwards is chosen later
    return found


def _set(session: Session, found: Organisation, *, fund_id: int | None, **values: object) -> None:
    given = {"invites": True, "overpaid": Overpaid.ASK, "tolerance": 0, "gift_limit": LIMIT, **values}
    set_overpaid(session, creditor_id=found.creditor.id, fund_id=fund_id, **given)  # type: ignore[arg-type]
    session.commit()


def test_an_invoice_says_for_what_more_may_be_paid(session: Session, invited: Organisation) -> None:
    first = session.scalars(select(Invoice).order_by(Invoice.id)).first()
    assert first is not None
    found = issued(session, invoices=[first.id])[first.id]
    said = words.invitation(found.document, Language("en"))
    assert said.startswith("You may pay more. What exceeds ")
    assert said.endswith(" is a gift to huset.")
    mail = invoice_words(found.as_it_stands, found, Language(found.document.language))
    assert found.document.fund in mail.text
    assert found.document.fund in mail.html
    code = payload(found.document)
    assert code is not None
    assert code.endswith(";2")
    with pytest.raises(NoFundError):
        _set(session, invited, fund_id=None)
    with pytest.raises(NoLimitError):
        _set(session, invited, fund_id=invited.creditor.gift_fund_id, gift_limit=0)
    hall = session.scalars(select(Fund).order_by(Fund.id)).first()
    assert hall is not None
    with pytest.raises(FundInUseError):
        change_fund(session, fund_id=hall.id, names=hall.names, closed=True)


def test_what_exceeds_the_fee_is_a_gift_that_the_receipt_thanks_for(
    session: Session, ledger: OpenSession, invited: Organisation
) -> None:
    (claim, reference, left), (second, other, _), (third, large, _) = owed(ledger)
    invoice_id = session.get_one(Claim, second).invoice_id
    offer = offer_of(session, invoice_id=invoice_id)
    assert offer is not None
    assert ([one.names["en"] for one in offer.others], offer.fund.names["en"]) == (["Youth"], "the hall")
    youth, reserve = offer.others[0], session.scalars(select(Fund).where(~Fund.offered)).one()
    choose_fund(session, invoice_id=invoice_id, fund_id=youth.uuid, by=VISITOR)
    with pytest.raises(NotOfferedError):
        choose_fund(session, invoice_id=invoice_id, fund_id=reserve.uuid, by=VISITOR)
    # What was printed stays; what is not invited any more still is for those who were.
    assert invoice_documents(session, invoices=[invoice_id])[invoice_id].fund == "huset"
    _set(session, invited, fund_id=offer.fund.id, invites=False)
    payments = [paid(left + 150_00, reference), paid(left + 1_00, other), paid(left + LIMIT + 1, large)]
    banked(ledger, camt(invited.agreement, payments, on=PAID), on=PAID)

    given = session.execute(
        select(Gift.fund_id, Gift.person_id, Gift.amount, Gift.on_date).order_by(Gift.amount.desc())
    ).all()
    debtors = [session.get_one(Claim, one).debtor_id for one in (claim, second)]
    assert given == [(offer.fund.id, debtors[0], 150_00, PAID), (youth.id, debtors[1], 1_00, PAID)]
    assert session.get_one(Claim, claim).ended is ClaimEnd.PAID
    assert balance(session, AccountRole.GIFT) == 151_00
    (case,) = open_cases(session, limit=9)
    assert (case.reason, session.get_one(Claim, third).ended) == (CaseReason.TOO_MUCH, None)

    found = {one.person_id: one for one in session.scalars(select(Message).where(Message.kind == "receipt"))}
    messages = [found.pop(debtor) for debtor in debtors]
    assert found == {}
    told = received(session, allocations=[one.subject_id for one in messages])
    mail = receipt_words(told[messages[0].subject_id], Language("en"))
    for text in (mail.text, mail.html):
        assert "150" in text
        assert "is a gift to the hall. Thank you!" in text
    assert str((left + 150_00) // 100) in mail.subject.replace(",", "").replace("\N{NO-BREAK SPACE}", "")


def test_who_pays_what_is_printed_after_a_part_gives_nothing(
    session: Session, ledger: OpenSession, invited: Organisation
) -> None:
    (claim, reference, left), *_ = owed(ledger)
    banked(ledger, camt(invited.agreement, [paid(left - 100_00, reference)], on=PAID), on=PAID)
    (case,) = open_cases(session, limit=9)
    allocate(session, payment_id=case.payment_id, claim_id=claim, amount=None, on=PAID, by=VISITOR)
    session.commit()
    banked(ledger, camt(invited.agreement, [paid(left, reference)], on=PAID), on=PAID)
    assert session.scalars(select(Gift.amount)).all() == []
    assert [(one.reason, one.unallocated) for one in open_cases(session, limit=9)] == [(CaseReason.TOO_MUCH, left)]
