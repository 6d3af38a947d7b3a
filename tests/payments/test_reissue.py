"""Invoices cancelled before they were sent, and invoices written anew."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.delivery.models import Message, MessageState
from dues.invoicing.document import invoice_documents
from dues.invoicing.errors import NotCreditableError
from dues.invoicing.models import Claim, ClaimEnd, FeePeriod, Invoice, InvoiceLine, PaymentReference
from dues.invoicing.one_off_errors import DueTooEarlyError, NoPayerError
from dues.members.models import Membership, Payer, Person
from dues.payments.cancel_unsent import cancel_unsent
from dues.payments.errors import MovedError
from dues.payments.reissue import Anew, reissue
from tests.factories.members import person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation
from tests.payments.test_credit_invoice import CREDITED, OFFICER, credit, first_invoice, made
from tests.payments.test_credit_part import part, proven
from tests.payments.test_matching import PAID

__all__ = ["made"]

DUE = dt.date(2026, 5, 20)


def anew(
    ledger: OpenSession, invoice: int, *, due_on: dt.date = DUE, key: uuid.UUID | None = None, seen: int | None = None
) -> int:
    with ledger() as session, session.begin():
        wanted = Anew(invoice, due_on, key or uuid.uuid4())
        return reissue(session, anew=wanted, on=CREDITED, by=OFFICER, seen=seen).id


def cancelled(ledger: OpenSession, invoice: int) -> int:
    with ledger() as session, session.begin():
        return cancel_unsent(session, invoice_id=invoice, on=CREDITED, by=OFFICER)


def sent(session: Session) -> None:
    session.scalars(select(Message)).one().state = MessageState.SENT


@pytest.mark.usefixtures("made")
def test_of_what_was_cancelled_unsent_the_payer_never_hears(session: Session, ledger: OpenSession) -> None:
    invoice = first_invoice(session)
    note = session.get_one(Invoice, cancelled(ledger, invoice))
    assert (note.withdraws, note.credits_id, note.amount) == (True, invoice, FEE)
    assert session.execute(select(Message.subject_id, Message.state)).all() == [(invoice, MessageState.WITHHELD)]
    assert session.scalars(select(Membership.charged_through)).all() == [None]
    assert proven(session)


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.SENDING])
@pytest.mark.usefixtures("made")
def test_what_left_the_house_is_not_cancelled(session: Session, ledger: OpenSession, state: MessageState) -> None:
    message = session.scalars(select(Message)).one()
    message.state = state
    session.flush()
    with pytest.raises(NotCreditableError, match="somebody knows of it"):
        cancelled(ledger, first_invoice(session))


@pytest.mark.usefixtures("made")
def test_what_was_paid_or_credited_in_part_is_not_cancelled(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    part(ledger, first_invoice(session), {1: 100})
    with pytest.raises(NotCreditableError):
        cancelled(ledger, first_invoice(session))
    banked(ledger, camt(made.agreement, [paid(FEE - 100, owed(ledger)[0][1])], on=PAID), on=PAID)
    with pytest.raises(NotCreditableError):
        cancelled(ledger, first_invoice(session))


@pytest.mark.usefixtures("made")
def test_written_anew_it_asks_for_the_same_under_a_new_number(session: Session, ledger: OpenSession) -> None:
    sent(session)
    old = session.get_one(Invoice, first_invoice(session))
    payer = session.get_one(Person, old.payer_id)
    payer.street, payer.family_name = "Nygatan 7", "Nyström"
    session.flush()
    new = session.get_one(Invoice, anew(ledger, old.id, seen=FEE))
    assert (new.number, new.replaces_id, new.amount, new.due_on) == (3, old.id, FEE, DUE)
    assert (new.payer_street, "Nyström" in new.payer_name, old.payer_street) == ("Nygatan 7", True, old.payer_street)
    shown = (InvoiceLine.position, InvoiceLine.membership_id, InvoiceLine.component_id, InvoiceLine.amount)
    of = {one: session.execute(select(*shown).where(InvoiceLine.invoice_id == one)).all() for one in (old.id, new.id)}
    assert of[old.id] == of[new.id]
    claims = session.scalars(select(Claim).order_by(Claim.id)).all()
    assert [(claim.ended, claim.open_amount) for claim in claims] == [(ClaimEnd.CREDITED, 0), (None, FEE)]
    assert len(set(session.scalars(select(PaymentReference.value)))) == 2
    told = session.execute(select(Message.subject_id, Message.state).order_by(Message.id)).all()
    assert [state for _, state in told] == ["sent", "queued", "queued"]
    assert told[2].subject_id == new.id
    assert any(str(old.number) in one for one in invoice_documents(session, invoices=[new.id])[new.id].notes)
    assert proven(session)


def test_what_was_written_anew_is_paid_covers_and_is_credited(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    before = session.scalars(select(Membership.charged_through)).one()
    new = anew(ledger, first_invoice(session))
    assert session.scalars(select(FeePeriod.state)).all() == ["charged", "charged"]
    assert session.scalars(select(Membership.charged_through)).one() == before
    reference = session.scalars(
        select(PaymentReference.value).join(Claim, Claim.id == PaymentReference.claim_id).where(Claim.invoice_id == new)
    ).one()
    banked(ledger, camt(made.agreement, [paid(FEE, reference)], on=PAID), on=PAID)
    assert session.scalars(select(FeePeriod.state)).all() == ["covered", "covered"]
    assert proven(session)
    credit(ledger, new)
    assert session.scalars(select(FeePeriod.state)).all() == ["released", "released"]
    assert proven(session)


@pytest.mark.usefixtures("made")
def test_an_unsent_invoice_is_written_anew_without_a_word_of_the_old_one(session: Session, ledger: OpenSession) -> None:
    old = first_invoice(session)
    new = anew(ledger, old)
    told = session.execute(select(Message.subject_id, Message.state).order_by(Message.id)).all()
    assert told == [(old, MessageState.WITHHELD), (new, MessageState.QUEUED)]


@pytest.mark.usefixtures("made")
def test_it_goes_to_whoever_pays_now(session: Session, ledger: OpenSession) -> None:
    old = session.get_one(Invoice, first_invoice(session))
    parent = person(session, email="parent@example.org")
    session.flush()
    session.add(Payer(person_id=old.payer_id, payer_id=parent.id, from_on=CREDITED))
    session.flush()
    new = session.get_one(Invoice, anew(ledger, old.id))
    assert new.payer_id == parent.id
    assert session.scalars(select(Claim.debtor_id).where(Claim.invoice_id == new.id)).one() == parent.id
    assert all(session.scalars(select(InvoiceLine.member_name).where(InvoiceLine.invoice_id == new.id)))
    assert proven(session)


@pytest.mark.usefixtures("made")
def test_what_is_left_after_a_part_was_credited_is_written_anew(session: Session, ledger: OpenSession) -> None:
    part(ledger, first_invoice(session), {1: 1000})
    new = session.get_one(Invoice, anew(ledger, first_invoice(session)))
    assert new.amount == FEE - 1000
    assert proven(session)


@pytest.mark.usefixtures("made")
def test_a_key_writes_anew_once(session: Session, ledger: OpenSession) -> None:
    key = uuid.uuid4()
    first = anew(ledger, first_invoice(session), key=key, seen=FEE)
    assert anew(ledger, first_invoice(session), key=key, seen=FEE) == first
    assert len(session.scalars(select(Invoice.id)).all()) == 3


@pytest.mark.usefixtures("made")
def test_what_cannot_be_written_anew_is_refused_whole(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    old = first_invoice(session)
    with pytest.raises(DueTooEarlyError):
        anew(ledger, old, due_on=PAID - dt.timedelta(days=60))
    with pytest.raises(MovedError):
        anew(ledger, old, seen=1)
    payer = session.scalars(select(Person)).one()
    payer.deceased_on = PAID
    session.flush()
    with pytest.raises(NoPayerError):
        anew(ledger, old)
    payer.deceased_on = None
    session.flush()
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=PAID), on=PAID)
    with pytest.raises(NotCreditableError, match="money has come for it"):
        anew(ledger, old)
    assert len(session.scalars(select(Invoice.id)).all()) == 1
