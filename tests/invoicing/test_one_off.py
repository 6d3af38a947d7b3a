"""Invoices written line by line: what they say and book, and that all that happens to an invoice happens to them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from database.connect import Database, OpenSession, Role
from dues.actor import Actor
from dues.dates import add_months
from dues.delivery.models import Message, MessageState
from dues.editing import StillUsedError
from dues.groups.models import Occasion
from dues.groups.texts import Saying, add_text
from dues.invoicing.document import issued as documents
from dues.invoicing.instalment_errors import PartsError
from dues.invoicing.mail import invoice_words
from dues.invoicing.models import Claim, ClaimEnd, Invoice, InvoiceLine
from dues.invoicing.one_off import Wanted, WantedLine, document_of, prepare
from dues.invoicing.one_off_errors import (
    DueTooEarlyError,
    DueTooLateError,
    NoBooksHereError,
    NoEarningsError,
    NoLinesError,
    NoPayerError,
    NothingToPayError,
    NotSoldHereError,
    NoWayError,
    OneOffError,
    SomethingElseError,
    TooMuchError,
)
from dues.invoicing.one_off_write import issue_one_off
from dues.journal.earnings import income_accounts
from dues.journal.models import Account, Posting
from dues.journal.rules import product_accounts
from dues.journal.verify import prove, verify
from dues.loop.end import unneeded
from dues.members.models import Payer, Person
from dues.money import times
from dues.overview.timeline import Kind, Subject, timeline
from dues.payments.credit_invoice import credit_invoice
from dues.payments.models import Credit
from dues.pricing.products import ProductTerms, change_product, remove_product
from language import Language
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import Organisation, organisation
from tests.factories.products import product
from tests.factories.runs import issued, reminded
from tests.together import together

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from dues.pricing.models import Product

DAY = dt.date(2026, 3, 10)
DUE = dt.date(2026, 4, 9)
OFFICER = Actor("staff", "7")


@pytest.fixture
def made(session: Session) -> Organisation:
    return organisation(session)


@pytest.fixture
def book(session: Session, made: Organisation) -> Product:
    """A songbook at 125 kr, 25 % VAT included."""
    return product(session, made.root, vat_rate=2500)


@pytest.fixture
def kim(session: Session) -> Person:
    return person(session, family_name="Ek", email="kim@example.org", language="en")


def account(session: Session, made: Organisation) -> int:
    return income_accounts(session, creditor=made.creditor)[0].id


def one(line: WantedLine, made: Organisation, kim: Person) -> Wanted:
    return Wanted(person_id=kim.id, group_id=made.north.id, due_on=DUE, lines=[line])


def sold(book: Product, quantity: str = "2", price: int = 12500) -> WantedLine:
    return WantedLine(quantity=Decimal(quantity), unit_price=price, product_id=book.id)


def free(account_id: int, quantity: str = "1", price: int = 5000, text: str = "Help with the hall") -> WantedLine:
    return WantedLine(quantity=Decimal(quantity), unit_price=price, text=text, account_id=account_id)


def written(ledger: OpenSession, wanted: Wanted, key: UUID | None = None) -> int:
    with ledger() as session, session.begin():
        return issue_one_off(session, wanted=wanted, key=key or uuid4(), on=DAY, by=OFFICER).id


def test_an_invoice_has_number_reference_claim_postings_and_message(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    hall = account(session, made)
    wanted = Wanted(kim.id, made.north.id, DUE, [sold(book), free(hall, "1.5", 9999)])
    invoice = session.get_one(Invoice, written(ledger, wanted))
    assert (invoice.number, invoice.amount, invoice.currency, invoice.due_on) == (1, 39999, "SEK", DUE)
    assert (invoice.group_id, invoice.creditor_id, invoice.payer_name) == (made.north.id, made.creditor.id, "Kim Ek")
    lines = session.scalars(select(InvoiceLine).order_by(InvoiceLine.position)).all()
    assert [(line.product_id, line.amount, line.vat_rate) for line in lines] == [
        (book.id, 25000, 2500),
        (None, 14999, 0),
    ]
    claim = session.scalars(select(Claim)).one()
    assert (claim.open_amount, claim.debtor_id, claim.due_on) == (39999, kim.id, DUE)
    assert owed(ledger)[0][1]
    earned = dict(session.execute(select(Posting.credit_account_id, Posting.amount)).all())
    _, own = product_accounts(session, creditor_id=made.creditor.id, products=[book.id])[book.id]
    assert earned == {own: 25000, hall: 14999}
    message = session.scalars(select(Message)).one()
    assert (message.kind, message.subject_id, message.address) == ("invoice", invoice.id, "kim@example.org")
    assert message.state is MessageState.QUEUED


def test_the_document_is_the_one_that_was_shown_and_says_vat(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    wanted = Wanted(kim.id, made.north.id, DUE, [sold(book), free(account(session, made), price=-1000, text="Rebate")])
    shown = document_of(session, ready=prepare(session, wanted=wanted, on=DAY), on=DAY)
    invoice_id = written(ledger, wanted)
    told = documents(session, invoices=[invoice_id])[invoice_id]
    assert (told.document.lines, told.document.total) == (shown.lines, 24000)
    assert (told.document.sender, told.document.recipient) == (shown.sender, shown.recipient)
    first, second = told.document.lines
    assert (first.text, first.quantity, first.unit, first.unit_price) == ("Songbook", 2, "piece", 12500)
    assert (second.text, second.amount) == ("Rebate", -1000)
    words = invoice_words(told.document, told, Language("en"))
    assert "It is for Songbook and Rebate." in words.text


def test_what_an_organisation_says_of_fees_is_not_said_of_what_it_sells(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    saying = Saying(group_id=made.root.id, occasion=Occasion.INVOICE, language="en")
    add_text(session, saying=saying, words="Welcome as a member!", by=OFFICER)
    invoice_id = written(ledger, one(sold(book), made, kim))
    told = documents(session, invoices=[invoice_id])[invoice_id]
    assert (told.said, told.document.intro) == ("", ())


def test_what_it_sells_has_words_of_its_own_that_name_the_reference(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    saying = Saying(group_id=made.root.id, occasion=Occasion.ONE_OFF, language="en")
    add_text(session, saying=saying, words="Thank you, {name}: {amount} with {reference}.", by=OFFICER)
    invoice_id = written(ledger, one(sold(book), made, kim))
    told = documents(session, invoices=[invoice_id])[invoice_id]
    assert told.document.payment is not None
    name, reference = told.document.recipient.name, told.document.payment.reference
    assert told.said == f"Thank you, {name}: SEK\N{NO-BREAK SPACE}250.00 with {reference}."


def test_a_key_writes_one_invoice_whatever_is_asked_with_it_again(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    key = uuid4()
    first = written(ledger, one(sold(book), made, kim), key)
    assert written(ledger, one(sold(book, "9"), made, kim), key) == first
    assert written(ledger, one(sold(book, "9"), made, kim)) != first
    assert session.scalar(select(func.count()).select_from(Invoice)) == 2


def test_pressed_twice_at_once_it_is_written_once(committing: Database) -> None:
    with committing.unit_of_work(Role.JOBS) as session:
        made = organisation(session)
        wanted = one(sold(product(session, made.root)), made, person(session))
        session.expunge_all()
    press = partial(written, committing.opener(Role.JOBS), wanted, uuid4())
    together(press, press, press)
    with committing.opener(Role.JOBS)() as session:
        assert verify(session).ok
        assert session.scalars(select(Invoice.number)).all() == [1]


def test_it_is_matched_by_a_bank_file(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    written(ledger, one(sold(book), made, kim))
    ((_, reference, left),) = owed(ledger)
    banked(ledger, camt(made.agreement, [paid(left, reference)], on=DUE), on=DUE)
    assert session.scalars(select(Claim.ended)).all() == [ClaimEnd.PAID]


def test_it_is_reminded_and_credited(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    rebate = free(account(session, made), price=-500, text="Rebate")
    invoice_id = written(ledger, Wanted(kim.id, made.north.id, DUE, [sold(book), rebate]))
    assert reminded(ledger, on=DUE + dt.timedelta(days=30)).done == 1
    with ledger() as opened, opened.begin():
        note_id = credit_invoice(opened, invoice_id=invoice_id, on=DUE, by=OFFICER)
    note = documents(session, invoices=[note_id])[note_id].document
    assert (note.total, note.lines[0].vat_rate) == (24500, 2500)
    debit, other = (
        dict(session.execute(select(column, func.sum(Posting.amount)).group_by(column)).all())
        for column in (Posting.debit_account_id, Posting.credit_account_id)
    )
    assert debit == other


def test_credited_after_it_was_paid_the_money_is_the_payers(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    invoice_id = written(ledger, one(sold(book), made, kim))
    ((_, reference, left),) = owed(ledger)
    banked(ledger, camt(made.agreement, [paid(left, reference)], on=DUE), on=DUE)
    with ledger() as opened, opened.begin():
        credit_invoice(opened, invoice_id=invoice_id, on=DUE, by=OFFICER)
    assert session.scalars(select(Credit.balance)).all() == [25000]


def test_it_stands_beside_the_invoices_of_a_membership(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    held = member(session, made, joined_on=DAY, who=kim)
    issued(ledger, on=DAY)
    written(ledger, one(sold(book), made, kim))
    told = timeline(session, of=Subject(person_id=kim.id), zone=ZoneInfo("Europe/Stockholm")).happenings
    assert "staff:7" in {one.actor for one in told if one.kind is Kind.ISSUED}
    assert [one.number for one in unneeded(session, membership_id=held.id, on=DAY)] == ["1"]


def test_whoever_pays_for_somebody_gets_it(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    child = person(session, given_name="Lo", family_name="Ek", email="")
    session.add(Payer(person_id=child.id, payer_id=kim.id, from_on=DAY))
    session.flush()
    invoice_id = written(ledger, one(sold(book), made, child))
    told = documents(session, invoices=[invoice_id])[invoice_id].document
    assert (told.recipient.name, told.lines[0].member) == ("Kim Ek", "Lo Ek")


def refused(session: Session, wanted: Wanted) -> type[Exception]:
    with pytest.raises(OneOffError) as caught:
        prepare(session, wanted=wanted, on=DAY)
    return caught.type


def test_what_cannot_be_written_is_refused_before_anything_is(
    session: Session, made: Organisation, book: Product, kim: Person
) -> None:
    hall = account(session, made)
    good = one(sold(book), made, kim)
    assert refused(session, replace(good, lines=[])) is NoLinesError
    assert refused(session, replace(good, lines=[sold(book, price=0)])) is NothingToPayError
    assert refused(session, replace(good, lines=[sold(book), free(hall, price=-25000)])) is NothingToPayError
    assert refused(session, replace(good, lines=[free(hall, price=-1)])) is NothingToPayError
    assert refused(session, replace(good, lines=[free(hall, "999999", 10**8)])) is TooMuchError
    assert refused(session, replace(good, lines=[free(made.agreement.bank_account_id)])) is NoEarningsError
    assert refused(session, replace(good, due_on=DAY - dt.timedelta(days=1))) is DueTooEarlyError
    assert refused(session, replace(good, due_on=dt.date(9999, 12, 31))) is DueTooLateError
    assert refused(session, replace(good, due_on=add_months(DAY, 60) + dt.timedelta(days=1))) is DueTooLateError
    south = product(session, made.south, number="7")
    assert refused(session, replace(good, lines=[sold(south)])) is NotSoldHereError
    made.agreement.preferred = False
    session.flush()
    assert refused(session, good) is NoBooksHereError


def test_nobody_is_sent_what_cannot_reach_them(session: Session, made: Organisation, book: Product) -> None:
    lost = person(session, email="")
    lost.city = ""
    dead = person(session)
    dead.deceased_on = DAY
    session.flush()
    assert refused(session, one(sold(book), made, lost)) is NoWayError
    assert refused(session, one(sold(book), made, dead)) is NoPayerError


def test_what_moved_since_it_was_shown_issues_nothing(
    session: Session, made: Organisation, book: Product, kim: Person
) -> None:
    wanted = one(sold(book), made, kim)
    seen = prepare(session, wanted=wanted, on=DAY).mark
    terms = ProductTerms(names={"en": "Hymnbook"}, prices={"SEK": 12500}, unit={}, vat_rate=2500)
    change_product(session, product_id=book.id, number=book.number, terms=terms)
    with pytest.raises(SomethingElseError):
        issue_one_off(session, wanted=wanted, key=uuid4(), on=DAY, by=OFFICER, seen=seen)
    assert session.scalars(select(Invoice)).all() == []


def test_a_product_that_was_sold_stays_and_its_lines_keep_what_they_said(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    invoice_id = written(ledger, one(sold(book), made, kim))
    with pytest.raises(StillUsedError):
        remove_product(session, product_id=book.id)
    terms = ProductTerms(names={"en": "Hymnbook"}, prices={"SEK": 1}, unit={}, vat_rate=0, active=False)
    change_product(session, product_id=book.id, number="99", terms=terms)
    line = documents(session, invoices=[invoice_id])[invoice_id].document.lines[0]
    assert (line.text, line.amount, line.vat_rate) == ("Songbook", 25000, 2500)


def put(session: Session, **line: object) -> None:
    with session.begin_nested():
        session.execute(insert(InvoiceLine).values(**line))


def test_a_line_that_is_neither_fee_nor_sold_cannot_be_written(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    invoice_id = written(ledger, one(sold(book), made, kim))
    line = {"invoice_id": invoice_id, "position": 9, "person_id": kim.id, "beneficiary_id": made.root.id, "text_id": 1}
    for more in (
        {"amount": 5},
        {"amount": 5, "component_id": made.local.id, "product_id": book.id},
        {"amount": 5, "quantity": 1, "unit_price": 6, "vat_rate": 0, "account_id": account(session, made)},
    ):
        with pytest.raises(IntegrityError, match="fee_or_sold"):
            put(session, **line, **more)


QUANTITIES = st.decimals("0.001", "9999.999", places=3)
WRITTEN = st.lists(st.tuples(QUANTITIES, st.integers(-(10**5), 10**6), st.booleans()), min_size=1, max_size=5)


@pytest.fixture
def lined(session: Session, made: Organisation, book: Product, kim: Person) -> Callable[..., Wanted]:
    """Makes invoices of quantities, prices, and whether it is the book that is sold."""
    hall = account(session, made)

    def make(drawn: Sequence[tuple[Decimal, int, bool]]) -> Wanted:
        lines = [
            WantedLine(quantity, price, **({"product_id": book.id} if is_book else {"text": "x", "account_id": hall}))
            for quantity, price, is_book in drawn
        ]
        return Wanted(kim.id, made.north.id, DUE, lines)

    return make


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(drawn=WRITTEN)
def test_lines_claim_and_postings_add_up_to_what_the_document_asks_for(
    session: Session, ledger: OpenSession, lined: Callable[..., Wanted], drawn: list[tuple[Decimal, int, bool]]
) -> None:
    wanted, expected = lined(drawn), sum(times(quantity, price) for quantity, price, _ in drawn)
    if expected <= 0:
        assert refused(session, wanted) is NothingToPayError
        return
    invoice_id = written(ledger, wanted)
    document = documents(session, invoices=[invoice_id])[invoice_id].document
    claim = session.scalars(select(Claim).where(Claim.invoice_id == invoice_id)).one()
    owing = session.scalars(select(Account.id).where(Account.role == "receivable")).one()
    postings = session.scalars(select(Posting).where(Posting.claim_id == claim.id)).all()
    booked = sum(one.amount if one.debit_account_id == owing else -one.amount for one in postings)
    assert document.total == claim.amount == booked == expected


def test_it_is_issued_in_parts_from_the_start(
    session: Session, ledger: OpenSession, made: Organisation, book: Product, kim: Person
) -> None:
    rebate = free(account(session, made), price=-1000, text="Rebate")
    wanted = Wanted(kim.id, made.north.id, DUE, [sold(book), rebate], parts=4)
    assert [part.amount for part in prepare(session, wanted=wanted, on=DAY).parts] == [6000] * 4
    invoice_id = written(ledger, wanted)
    claims = session.scalars(select(Claim).order_by(Claim.position)).all()
    assert [(claim.amount, claim.due_on.month) for claim in claims] == [(6000, month) for month in range(4, 8)]
    told = documents(session, invoices=[invoice_id])[invoice_id]
    assert len(told.document.instalments) == 4
    words = invoice_words(told.document, told, Language("en")).text
    assert "60.00" in words.replace("\xa0", " ")
    assert "It is paid in instalments:" in words
    whole = told.document.payment.reference if told.document.payment else ""
    banked(ledger, camt(made.agreement, [paid(24000, whole)], on=DUE), on=DUE)
    assert {claim.ended for claim in session.scalars(select(Claim))} == {ClaimEnd.PAID}
    assert not [name for name, bad in prove(session).checks.items() if bad]


def test_too_little_for_so_many_parts_is_refused(session: Session, made: Organisation, kim: Person) -> None:
    wanted = Wanted(kim.id, made.north.id, DUE, [free(account(session, made), price=3)], parts=4)
    with pytest.raises(PartsError):
        prepare(session, wanted=wanted, on=DAY)
