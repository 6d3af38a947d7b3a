"""Invoices taken back whole: their claims, postings, fee periods, money and messages."""

import datetime as dt
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.actor import Actor
from dues.delivery.models import Message, MessageState
from dues.invoicing.errors import NotCreditableError, UnknownInvoiceError
from dues.invoicing.models import Claim, ClaimEnd, FeePeriod, FeePeriodState, Invoice, InvoiceKind, InvoiceLine
from dues.journal.models import Account, AccountRole, Posting
from dues.journal.verify import verify
from dues.members.models import Membership, Person
from dues.payments.credit_invoice import credit_invoice
from dues.payments.models import Credit
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import issued, reminded
from tests.payments.test_allocate import received, use
from tests.payments.test_matching import DAY, PAID
from tests.together import together

CREDITED = dt.date(2026, 4, 1)
OFFICER = Actor("staff", "7")


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation with one member who has been invoiced."""
    found = organisation(session)
    member(session, found, joined_on=DAY)
    issued(ledger, on=DAY)
    return found


def credit(ledger: OpenSession, invoice: int) -> int:
    with ledger() as session, session.begin():
        return credit_invoice(session, invoice_id=invoice, on=CREDITED, by=OFFICER)


def first_invoice(session: Session) -> int:
    return session.scalars(select(Invoice.id).order_by(Invoice.id).limit(1)).one()


def balance(session: Session, role: AccountRole) -> int:
    accounts = select(Account.id).where(Account.role == role)
    debit = session.scalar(select(func.sum(Posting.amount)).where(Posting.debit_account_id.in_(accounts))) or 0
    other = session.scalar(select(func.sum(Posting.amount)).where(Posting.credit_account_id.in_(accounts))) or 0
    return int(debit - other)


@pytest.mark.usefixtures("made")
def test_an_unpaid_invoice_is_taken_back_by_a_document_of_its_own(session: Session, ledger: OpenSession) -> None:
    invoice = first_invoice(session)
    note = session.get_one(Invoice, credit(ledger, invoice))
    assert (note.kind, note.number, note.credits_id, note.amount) == (InvoiceKind.CREDIT_NOTE, 2, invoice, FEE)
    assert note.issued_on == CREDITED
    lines = select(func.count()).select_from(InvoiceLine).where(InvoiceLine.invoice_id == note.id)
    assert session.scalar(lines) == 2
    claim = session.scalars(select(Claim)).one()
    assert (claim.ended, claim.ended_on, claim.open_amount) == (ClaimEnd.CREDITED, CREDITED, 0)
    assert session.scalars(select(FeePeriod.state)).all() == [FeePeriodState.RELEASED] * 2
    assert session.scalars(select(Membership.charged_through)).all() == [None]
    assert balance(session, AccountRole.RECEIVABLE) == balance(session, AccountRole.INCOME) == 0
    assert session.scalars(select(Credit.balance)).all() == []


def test_what_was_paid_in_part_becomes_credit(session: Session, ledger: OpenSession, made: Organisation) -> None:
    use(ledger, received(ledger, made, 12300), owed(ledger)[0][0])
    credit(ledger, first_invoice(session))
    assert session.scalars(select(Credit.balance)).all() == [12300]
    assert (balance(session, AccountRole.RECEIVABLE), balance(session, AccountRole.CREDIT)) == (0, -12300)


def test_a_paid_invoice_becomes_credit_and_uncovers(session: Session, ledger: OpenSession, made: Organisation) -> None:
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=PAID), on=PAID)
    credit(ledger, first_invoice(session))
    assert session.scalars(select(Credit.balance)).all() == [FEE]
    membership = session.scalars(select(Membership)).one()
    assert (membership.paid_through, membership.charged_through, membership.status) == (None, None, "active")


def test_a_renewal_that_is_credited_leaves_the_year_before_as_it_is(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    through = dt.date(2026, 3, 31)
    member(session, made, joined_on=dt.date(2025, 4, 1), paid_through=through)
    issued(ledger, on=DAY)
    credit(ledger, first_invoice(session))
    membership = session.scalars(select(Membership)).one()
    assert (membership.paid_through, membership.charged_through) == (through, through)
    assert issued(ledger, on=DAY).result["issued"] == 1
    assert session.scalars(select(FeePeriod.release).order_by(FeePeriod.release)).all() == [0, 0, 0, 0, 1, 1]
    credit(ledger, session.scalars(select(func.max(Invoice.id))).one())
    assert session.scalars(select(FeePeriod.release).order_by(FeePeriod.release)).all() == [0, 0, 1, 1, 2, 2]


@pytest.mark.usefixtures("made")
def test_an_invoice_is_credited_once(session: Session, ledger: OpenSession) -> None:
    invoice = first_invoice(session)
    note = credit(ledger, invoice)
    with pytest.raises(NotCreditableError, match="credited already"):
        credit(ledger, invoice)
    with pytest.raises(NotCreditableError, match="a credit note itself"):
        credit(ledger, note)
    with pytest.raises(UnknownInvoiceError, match="no invoice 999999"):
        credit(ledger, 999999)
    assert session.scalars(select(Invoice.number).order_by(Invoice.number)).all() == [1, 2]


@pytest.mark.usefixtures("made")
def test_what_waits_to_be_sent_is_held_back_and_the_note_goes_out(session: Session, ledger: OpenSession) -> None:
    reminded(ledger, on=dt.date(2026, 5, 1))
    note = credit(ledger, first_invoice(session))
    found = session.execute(select(Message.kind, Message.subject_id, Message.state).order_by(Message.id)).all()
    assert (found[0].kind, found[0].state) == ("invoice", MessageState.WITHHELD)
    assert found[1].kind == "reminder"  # sees when it is made that the claim has ended
    assert found[2] == ("invoice", note, MessageState.QUEUED)


@pytest.mark.usefixtures("made")
def test_what_was_sent_stays_sent(session: Session, ledger: OpenSession) -> None:
    session.scalars(select(Message)).one().state = MessageState.SENT
    credit(ledger, first_invoice(session))
    assert session.scalars(select(Message.state).order_by(Message.id)).all() == ["sent", "queued"]


@pytest.mark.usefixtures("made")
def test_the_dead_get_no_credit_note(session: Session, ledger: OpenSession) -> None:
    session.scalars(select(Person)).one().deceased_on = PAID
    credit(ledger, first_invoice(session))
    assert session.scalars(select(Message.state)).all() == [MessageState.WITHHELD]


def test_credited_and_paid_at_once_the_money_is_accounted_for(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        made = organisation(session)
        member(session, made, joined_on=DAY)
        session.expunge_all()
    issued(opened, on=DAY)
    with opened() as session:
        invoice = first_invoice(session)
    payment, claim = received(opened, made, FEE), owed(opened)[0][0]
    together(partial(credit, opened, invoice), partial(use, opened, payment, claim), partial(credit, opened, invoice))
    with opened() as session:
        assert verify(session).ok
        assert session.scalars(select(Claim.ended)).all() == [ClaimEnd.CREDITED]
