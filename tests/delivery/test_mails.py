"""What recipients read: invoices, reminders, receipts and credit notes, each in their own language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pytest

from dues.actor import COMMAND_LINE
from dues.delivery.models import Channel, MessageState
from dues.delivery.send import Sent, send
from dues.delivery.smtp import SmtpCarrier
from dues.payments.credit_invoice import credit_invoice
from language import SUPPORTED
from tests.delivery.catcher import html_of, pdf_of, text_of
from tests.delivery.loop import DUE, JOINED, LATE, invoice_all, messages, pay, remind_all
from tests.factories.members import member, person
from tests.factories.organisation import FEE, organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from database.connect import OpenSession
    from dues.delivery.bind import Renderers
    from tests.delivery.catcher import Catcher

SPACE: Final = "\N{NO-BREAK SPACE}"


@pytest.fixture
def deliver(open_session: OpenSession, renderers: Renderers, catcher: Catcher) -> Callable[[], Sent]:
    """Send what waits to the catcher."""
    carrier = SmtpCarrier(catcher.server, name="mail.example.org")
    return lambda: send(open_session, post={Channel.EMAIL: carrier}, renderers=renderers)


WORDS: Final = {
    "sv": ("Riksförbundet: faktura 1, 500 kr att betala senast den 1 december 2026", "Så betalar du"),
    "nb": ("Riksförbundet: faktura 1, 500,00 SEK å betale innen 1. desember 2026", "Slik betaler du"),
    "nl": ("Riksförbundet: factuur 1, SEK 500,00 te betalen uiterlijk 1 december 2026", "Zo betaalt u"),
    "de": ("Riksförbundet: Rechnung 1, 500,00 SEK zu zahlen bis zum 1. Dezember 2026", "So bezahlen Sie"),
    "en": ("Riksförbundet: invoice 1, SEK 500.00 to pay by 1 December 2026", "How to pay"),
}


@pytest.mark.parametrize("language", SUPPORTED)
def test_an_invoice_comes_in_its_recipients_language(
    session: Session, deliver: Callable[[], Sent], catcher: Catcher, language: str
) -> None:
    subject, how_to_pay = WORDS[language]
    member(session, organisation(session), joined_on=JOINED, who=person(session, language=language, email="k@x.org"))
    invoice_all(session)
    assert deliver() == Sent(sent=1, failed=0, queued=0)
    mail = catcher.to("k@x.org")
    assert str(mail["Subject"]).replace(SPACE, " ") == subject
    assert mail["Content-Language"] == language
    assert f'<html lang="{language}">' in html_of(mail)
    for words in (text_of(mail), html_of(mail)):
        assert how_to_pay in words
        assert "5050-1055" in words
        assert "office@example.org" in words
    assert text_of(mail).replace(SPACE, " ").splitlines()[0] == subject.split(" 1, ")[1]
    assert "500,00" in pdf_of(mail).replace(".", ",")


def test_an_invoice_says_amount_and_date_first_then_how_to_pay_then_whom_to_ask(
    session: Session, deliver: Callable[[], Sent], catcher: Catcher
) -> None:
    member(session, organisation(session), joined_on=JOINED, who=person(session, language="en", email="k@x.org"))
    invoice_all(session)
    deliver()
    mail = catcher.to("k@x.org")
    assert text_of(mail).replace(SPACE, " ").splitlines() == [
        "SEK 500.00 to pay by 1 December 2026",
        "",
        "This is invoice 1 from Riksförbundet. It is attached as a PDF.",
        "",
        "It is for Member, from 1 November 2026 to 31 October 2027.",
        "",
        "How to pay",
        "  Bankgiro: 5050-1055",
        "  Payee: Riksförbundet",
        "  Swish: 1231181189",
        "  OCR number: 100000000123",
        "",
        "The PDF has a code to scan with Swish.",
        "",
        "Questions? Reply to this e-mail or write to office@example.org.",
    ]
    assert str(mail["From"]) == "Riksförbundet <dues@mail.example.org>"
    assert str(mail["Reply-To"]) == "Riksförbundet <office@example.org>"
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "Invoice 1.pdf"
    assert "100000000123" in pdf_of(mail)


def test_a_parent_reads_whose_fee_it_is(session: Session, deliver: Callable[[], Sent], catcher: Catcher) -> None:
    child = person(session, given_name="Mio", family_name="Lind", email="", born=dt.date(2015, 3, 1))
    parent = person(session, language="en", email="parent@x.org")
    member(session, organisation(session), joined_on=JOINED, who=child, payer=parent)
    invoice_all(session)
    deliver()
    assert "It is for Mio Lind: Member, from" in text_of(catcher.to("parent@x.org"))


def test_the_way_to_pay_is_that_of_the_creditors_country(
    session: Session, deliver: Callable[[], Sent], catcher: Catcher
) -> None:
    member(session, organisation(session, country="DE"), joined_on=JOINED, email="k@x.org")
    invoice_all(session)
    deliver()
    words = text_of(catcher.to("k@x.org"))
    assert "IBAN: DE89 3704 0044 0532 0130 00" in words
    assert "RF" in words
    assert "500,00\N{NO-BREAK SPACE}€" in words
    assert "mit der App Ihrer Bank" in words


def test_a_receipt_says_what_came_and_how_far_it_covers(
    session: Session, deliver: Callable[[], Sent], catcher: Catcher
) -> None:
    org = organisation(session)
    member(session, org, joined_on=JOINED, who=person(session, language="en", email="k@x.org"))
    invoice_all(session)
    deliver()
    pay(session, org, amount=FEE)
    catcher.mails.clear()
    assert deliver().sent == 1
    words = text_of(catcher.to("k@x.org")).replace(SPACE, " ")
    assert words.startswith(
        "SEK 500.00 received\n\nRiksförbundet received your payment for invoice 1 on 1 November 2026."
    )
    assert "The fee is paid through 31 October 2027." in words


def test_who_paid_is_told_that_the_bank_took_it_back_and_what_to_pay(
    session: Session, deliver: Callable[[], Sent], catcher: Catcher
) -> None:
    org = organisation(session)
    member(session, org, joined_on=JOINED, who=person(session, language="en", email="k@x.org"))
    invoice_all(session)
    pay(session, org, amount=FEE)
    deliver()
    pay(session, org, amount=-FEE, on=LATE, reason="AM04")
    catcher.mails.clear()
    assert deliver().sent == 1
    mail = catcher.to("k@x.org")
    assert "your payment of SEK 500.00 was returned" in mail["Subject"].replace(SPACE, " ")
    words = text_of(mail).replace(SPACE, " ")
    assert "On 20 December 2026 the bank took back the payment of SEK 500.00 for invoice 1." in words
    assert "Please pay SEK 500.00 again" in words
    assert "How to pay" in words


def test_a_reminder_has_its_own_date_and_the_original_due_date(
    session: Session, deliver: Callable[[], Sent], catcher: Catcher
) -> None:
    member(session, organisation(session), joined_on=JOINED, who=person(session, language="en", email="k@x.org"))
    invoice_all(session)
    deliver()
    catcher.mails.clear()
    remind_all(session)
    assert deliver().sent == 1
    mail = catcher.to("k@x.org")
    assert "reminder of invoice 1" in str(mail["Subject"])
    assert "It was due on 1 December 2026." in text_of(mail)
    assert "500.00 still to pay, by 19 January 2027" in text_of(mail)
    pdf = pdf_of(mail)
    for words in ("Reminder", "20 Dec 2026", "1 Dec 2026", "Invoice 1 of 1 November 2026", "500.00", "100000000123"):
        assert words in pdf


def test_a_reminder_is_not_sent_once_the_money_is_there(
    session: Session, deliver: Callable[[], Sent], catcher: Catcher
) -> None:
    org = organisation(session)
    member(session, org, joined_on=JOINED, email="k@x.org")
    invoice_all(session)
    deliver()
    remind_all(session)
    pay(session, org, amount=FEE)
    catcher.mails.clear()
    deliver()
    assert [str(mail["Subject"]).split(": ")[1].split()[-1] for mail in catcher.mails] == ["mottaget"]
    assert [m.state for m in messages(session) if m.kind == "reminder"] == [MessageState.WITHHELD]


def test_an_invoice_paid_before_it_left_asks_for_nothing(
    session: Session, deliver: Callable[[], Sent], catcher: Catcher
) -> None:
    org = organisation(session)
    member(session, org, joined_on=JOINED, who=person(session, language="en", email="k@x.org"))
    invoice_all(session)
    pay(session, org, amount=FEE)
    deliver()
    mail = next(mail for mail in catcher.mails if "invoice" in str(mail["Subject"]))
    assert str(mail["Subject"]) == "Riksförbundet: invoice 1, paid"
    assert "5050-1055" not in text_of(mail)


def test_a_credited_invoice_brings_its_credit_note_instead(
    session: Session, deliver: Callable[[], Sent], catcher: Catcher
) -> None:
    org = organisation(session)
    member(session, org, joined_on=JOINED, who=person(session, language="en", email="k@x.org"))
    invoice_all(session)
    credit_invoice(session, invoice_id=messages(session)[0].subject_id, on=DUE, by=COMMAND_LINE)
    session.commit()
    assert deliver().sent == 1
    mail = catcher.to("k@x.org")
    assert str(mail["Subject"]).startswith("Riksförbundet: credit note 2")
    assert "It takes back invoice 1" in text_of(mail)
    assert "Credit note" in pdf_of(mail)


def test_names_cannot_write_headers(session: Session, deliver: Callable[[], Sent], catcher: Catcher) -> None:
    org = organisation(session)
    org.creditor.name = "Evil\r\nBcc: everybody@x.org\r\n\r\n<b>Body</b>"
    kim = person(session, given_name='Kim "K,\n', family_name="Ek; <x@y.org>", email="k@x.org", language="en")
    member(session, org, joined_on=JOINED, who=kim)
    invoice_all(session)
    assert deliver().sent == 1
    (mail,) = catcher.mails
    assert mail["Bcc"] is None
    assert str(mail["Subject"]).startswith("Evil Bcc: everybody@x.org <b>Body</b>: invoice 1")
    assert [address.addr_spec for address in mail["To"].addresses] == ["k@x.org"]
    assert "<b>Body</b>" not in html_of(mail)


def test_nobody_who_has_died_gets_mail(session: Session, deliver: Callable[[], Sent], catcher: Catcher) -> None:
    kim = person(session, email="k@x.org")
    member(session, organisation(session), joined_on=JOINED, who=kim)
    invoice_all(session)
    kim.deceased_on = JOINED
    session.commit()
    assert deliver() == Sent(sent=0, failed=0, queued=0)
    assert catcher.mails == []
    assert messages(session)[0].state is MessageState.WITHHELD
