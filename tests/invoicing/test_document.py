"""Issued invoices, credit notes and reminders read back as the documents that were frozen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from documents import AccountKind, Kind, ReferenceKind, payload
from dues.actor import COMMAND_LINE
from dues.collection.document import reminder_documents
from dues.collection.models import Reminder
from dues.groups.models import Group, Logo
from dues.invoicing.document import invoice_documents, issued
from dues.invoicing.models import ClaimEnd, Invoice
from dues.payments.credit_invoice import credit_invoice
from tests.delivery.loop import DUE, JOINED, LATE, invoice_all, pay, remind_all
from tests.factories.members import member, person
from tests.factories.organisation import FEE, LOCAL_FEE, NATIONAL_FEE, organisation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from documents import InvoiceDocument

PNG: Final = b"\x89PNG\r\n\x1a\n"


def only_document(session: Session) -> InvoiceDocument:
    """The document of the one invoice there is."""
    (found,) = invoice_documents(session, invoices=session.scalars(select(Invoice.id)).all()).values()
    return found


def test_a_document_is_what_was_issued(session: Session) -> None:
    org = organisation(session)
    member(session, org, joined_on=JOINED, who=person(session, given_name="Kim", family_name="Ek", language="en"))
    invoice_all(session)
    found = only_document(session)
    assert (found.kind, found.language, found.number, found.currency) == (Kind.INVOICE, "en", "1", "SEK")
    assert (found.date, found.due_date) == (JOINED, DUE)
    assert [(line.text, line.amount, line.member) for line in found.lines] == [
        ("National fee – Member", NATIONAL_FEE, ""),
        ("Local fee – Member", LOCAL_FEE, ""),
    ]
    assert {line.period for line in found.lines} == {(JOINED, dt.date(2027, 10, 31))}
    assert found.sender.name == "Riksförbundet"
    assert found.sender.address == ("Storgatan 1", "111 22 Stockholm")
    assert found.recipient.name == "Kim Ek"
    assert found.recipient.address == ("Ekvägen 1", "753 20 Uppsala")
    assert found.open_amount == FEE


WAYS: Final = {
    "SE": ("50501055", AccountKind.BANKGIRO, ReferenceKind.OCR, "C1231181189;500,00;"),
    "NO": ("86011117947", AccountKind.NORWEGIAN, ReferenceKind.KID, ""),
    "NL": ("NL91ABNA0417164300", AccountKind.IBAN, ReferenceKind.RF, "BCD\n002\n1\nSCT\n\nRiksförbundet\nNL91"),
    "DE": ("DE89370400440532013000", AccountKind.IBAN, ReferenceKind.RF, "BCD\n002\n1\nSCT\n\nRiksförbundet\nDE89"),
}
"""Country to account, its kind, the reference's kind, and how the QR code begins ("" for none)."""


@pytest.mark.parametrize("country", WAYS)
def test_the_way_to_pay_is_the_bank_agreements(session: Session, country: str) -> None:
    account, account_kind, reference_kind, code = WAYS[country]
    member(session, organisation(session, country=country), joined_on=JOINED)
    invoice_all(session)
    found = only_document(session)
    assert found.payment is not None
    assert "".join(filter(str.isalnum, found.payment.account)) == account
    assert (found.payment.account_kind, found.payment.reference_kind) == (account_kind, reference_kind)
    assert found.payment.reference
    scanned = payload(found)
    assert scanned is None if not code else scanned is not None and scanned.startswith(code)


def test_whoever_pays_for_somebody_sees_for_whom(session: Session) -> None:
    child = person(session, given_name="Mio", family_name="Lind", born=dt.date(2015, 3, 1))
    parent = person(session, given_name="Eli", family_name="Lind")
    member(session, organisation(session), joined_on=JOINED, who=child, payer=parent)
    invoice_all(session)
    found = only_document(session)
    assert found.recipient.name == "Eli Lind"
    assert {line.member for line in found.lines} == {"Mio Lind"}


def test_old_documents_keep_their_look_and_their_sender(session: Session) -> None:
    org = organisation(session)
    session.add(Logo(id=1, media_type="image/png", content=PNG, digest="first"))
    session.flush()
    root = session.get_one(Group, org.root.id)
    root.logo_id, root.colour = 1, "#112233"
    member(session, org, joined_on=JOINED)
    invoice_all(session)
    root.logo_id, root.colour, org.creditor.name = None, "#445566", "Another name"
    session.commit()
    found = only_document(session)
    assert found.sender.name == "Riksförbundet"
    assert found.look.colour == "#112233"
    assert found.look.logo is not None
    assert (found.look.logo.data, found.look.logo.version) == (PNG, "first")


def test_a_document_stays_as_issued_while_its_claim_moves(session: Session) -> None:
    org = organisation(session)
    member(session, org, joined_on=JOINED)
    invoice_all(session)
    before = only_document(session)
    pay(session, org, amount=FEE)
    (now,) = issued(session, invoices=session.scalars(select(Invoice.id)).all()).values()
    assert (now.open_amount, now.ended) == (0, ClaimEnd.PAID)
    assert now.document == before


def test_a_credit_note_names_what_it_takes_back(session: Session) -> None:
    member(session, organisation(session), joined_on=JOINED)
    invoice_all(session)
    note = credit_invoice(session, invoice_id=session.scalars(select(Invoice.id)).one(), on=DUE, by=COMMAND_LINE)
    found = invoice_documents(session, invoices=[note])[note]
    assert (found.kind, found.number, found.date) == (Kind.CREDIT_NOTE, "2", DUE)
    assert found.original is not None
    assert (found.original.number, found.original.date) == ("1", JOINED)
    assert (found.total, found.open_amount, found.payment) == (FEE, 0, None)


def test_a_reminder_asks_only_for_what_is_open_and_keeps_number_and_due_date(session: Session) -> None:
    member(session, organisation(session), joined_on=JOINED, who=person(session, language="en"))
    invoice_all(session)
    remind_all(session)
    (found,) = reminder_documents(session, reminders=session.scalars(select(Reminder.id)).all()).values()
    assert (found.kind, found.level, found.number) == (Kind.REMINDER, 1, "1-1")
    assert (found.date, found.due_date, found.pay_by) == (LATE, DUE, LATE + dt.timedelta(days=30))
    assert found.original is not None
    assert (found.original.number, found.original.date) == ("1", JOINED)
    assert [(line.text, line.amount) for line in found.lines] == [("Invoice 1 of 1 November 2026", FEE)]
    assert found.payment == only_document(session).payment


def test_what_does_not_exist_is_missing(session: Session) -> None:
    assert issued(session, invoices=[4711]) == {}
    assert reminder_documents(session, reminders=[4711]) == {}
