"""What the organisation says in its own words, in mails and on the documents they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.collection.document import reminder_documents
from dues.collection.models import Reminder
from dues.delivery.models import Channel
from dues.delivery.send import send
from dues.delivery.smtp import SmtpCarrier
from dues.groups.models import Medium, Occasion
from dues.groups.texts import Saying, add_text, change_text
from dues.invoicing.document import invoice_documents
from dues.payments.credit_invoice import credit_invoice
from tests.delivery.catcher import html_of, pdf_of, text_of
from tests.delivery.loop import DUE, JOINED, invoice_all, messages, pay, remind_all
from tests.factories.members import member, person
from tests.factories.organisation import FEE, Organisation, organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from database.connect import Database, OpenSession
    from dues.delivery.bind import Renderers
    from tests.delivery.catcher import Catcher

SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture
def deliver(open_session: OpenSession, renderers: Renderers, catcher: Catcher) -> Callable[[], None]:
    """Send what waits to the catcher, and forget what came before."""

    def sent() -> None:
        catcher.mails.clear()
        carrier = SmtpCarrier(catcher.server, name="mail.example.org")
        send(open_session, post={Channel.EMAIL: carrier}, renderers=renderers)

    return sent


def kim(session: Session, made: Organisation) -> None:
    who = person(session, language="en", email="k@x.org", given_name="Kim", family_name="<Ek>")
    member(session, made, joined_on=JOINED, who=who)


def say(session: Session, made: Organisation, words: str, **more: object) -> None:
    occasion = more.pop("occasion", Occasion.INVOICE)
    saying = Saying(made.root.id, occasion, "en", **more)  # type: ignore[arg-type]  # the fields of a saying
    add_text(session, saying=saying, words=words, by=COMMAND_LINE)


def test_own_words_stand_in_mail_and_document_between_what_it_is_and_how_to_pay(
    session: Session, deliver: Callable[[], None], catcher: Catcher
) -> None:
    made = organisation(session)
    kim(session, made)
    say(session, made, "Hi {name} & all in {group},\n\n{membership}: {amount} by {due date} ({number}, {creditor}).")
    invoice_all(session)
    deliver()
    mail = catcher.to("k@x.org")
    said = "Hi Kim <Ek> & all in Norr,\n\nMember: SEK 500.00 by 1 December 2026 (1, Riksförbundet)."
    text = text_of(mail).replace(SPACE, " ")
    assert f"31 October 2027.\n\n{said}\n\nHow to pay\n" in text
    assert "<p>Hi Kim &lt;Ek&gt; &amp; all in Norr,<br>\n<br>\nMember: SEK" in html_of(mail).replace("\r\n", "\n")
    pdf = " ".join(pdf_of(mail).replace(SPACE, " ").split())
    assert "Hi Kim <Ek> & all in Norr," in pdf
    assert pdf.index("Member: SEK 500.00 by 1 December 2026") < pdf.index("Description")


def test_mails_and_documents_may_say_different_things(
    session: Session, deliver: Callable[[], None], catcher: Catcher
) -> None:
    made = organisation(session)
    kim(session, made)
    say(session, made, "In the mail.", medium=Medium.EMAIL)
    say(session, made, "On the document.", medium=Medium.DOCUMENT)
    invoice_all(session)
    deliver()
    mail = catcher.to("k@x.org")
    assert ("In the mail." in text_of(mail), "On the document." in text_of(mail)) == (True, False)
    assert ("In the mail." in pdf_of(mail), "On the document." in pdf_of(mail)) == (False, True)


def test_reminders_receipts_and_credit_notes_have_words_of_their_own(
    session: Session, deliver: Callable[[], None], catcher: Catcher
) -> None:
    made = organisation(session)
    kim(session, made)
    say(
        session,
        made,
        "First time, {name}: {amount} of {invoice number} by {pay by}.",
        occasion=Occasion.REMINDER,
        level=1,
    )
    say(session, made, "Second time.", occasion=Occasion.REMINDER, level=2)
    say(session, made, "Thank you, {name}: {amount} on {payment date}.", occasion=Occasion.RECEIPT)
    say(session, made, "Back: {amount} of {invoice number} by {number}.", occasion=Occasion.CREDIT_NOTE)
    invoice_all(session)
    deliver()
    remind_all(session)
    deliver()
    reminder = catcher.to("k@x.org")
    words = "First time, Kim <Ek>: SEK 500.00 of 1 by 19 January 2027."
    assert words in text_of(reminder).replace(SPACE, " ")
    assert "Second" not in text_of(reminder)
    assert words in " ".join(pdf_of(reminder).replace(SPACE, " ").split())
    assert "This amount is still open." in pdf_of(reminder)
    pay(session, made, amount=FEE - 100)
    invoice = next(message.subject_id for message in messages(session) if message.kind == "invoice")
    deliver()
    pay_more = text_of(catcher.mails[0]).replace(SPACE, " ") if catcher.mails else ""
    assert not pay_more or "Thank you, Kim <Ek>" in pay_more
    credit_invoice(session, invoice_id=invoice, on=DUE, by=COMMAND_LINE)
    session.commit()
    deliver()
    note = catcher.to("k@x.org")
    assert "Back: SEK 500.00 of 1 by 2." in text_of(note).replace(SPACE, " ")
    assert "Back: SEK 500.00 of 1 by 2." in pdf_of(note).replace(SPACE, " ")


def test_a_receipt_thanks_in_own_words(session: Session, deliver: Callable[[], None], catcher: Catcher) -> None:
    made = organisation(session)
    kim(session, made)
    say(session, made, "Thank you, {name}: {amount} on {payment date}, says {group}.", occasion=Occasion.RECEIPT)
    invoice_all(session)
    deliver()
    pay(session, made, amount=FEE)
    deliver()
    words = text_of(catcher.to("k@x.org")).replace(SPACE, " ")
    assert "31 October 2027.\n\nThank you, Kim <Ek>: SEK 500.00 on 1 November 2026, says Norr.\n\nQuestions?" in words


def test_a_renewal_is_told_from_a_first_invoice(
    session: Session, deliver: Callable[[], None], catcher: Catcher
) -> None:
    made = organisation(session)
    kim(session, made)
    before = person(session, language="en", email="old@x.org")
    member(session, made, joined_on=JOINED.replace(year=2025), paid_through=JOINED, who=before)
    say(session, made, "Welcome.")
    say(session, made, "Welcome back.", occasion=Occasion.RENEWAL)
    invoice_all(session)
    deliver()
    assert "Welcome." in text_of(catcher.to("k@x.org"))
    assert "Welcome back." in text_of(catcher.to("old@x.org"))


def test_sensitive_creditors_say_nothing_openly(
    session: Session, deliver: Callable[[], None], catcher: Catcher
) -> None:
    made = organisation(session, sensitive=True)
    kim(session, made)
    say(session, made, "Dear comrade {name},")
    invoice_all(session)
    deliver()
    assert "comrade" not in text_of(catcher.to("k@x.org"))
    invoice = messages(session)[0].subject_id
    assert invoice_documents(session, invoices=[invoice])[invoice].intro == ("Dear comrade Kim <Ek>,",)


def test_a_document_keeps_the_words_it_was_written_with(committing: Database) -> None:
    with committing.unit_of_work(Role.JOBS) as session:
        made = organisation(session)
        kim(session, made)
        text = add_text(
            session, saying=Saying(made.root.id, Occasion.INVOICE, "en"), words="Before", by=COMMAND_LINE
        ).id
        add_text(session, saying=Saying(made.root.id, Occasion.REMINDER, "en", 1), words="Soon", by=COMMAND_LINE)
    with committing.unit_of_work(Role.JOBS) as session:
        invoice_all(session)
    with committing.unit_of_work(Role.JOBS) as session:
        remind_all(session)
    with committing.unit_of_work(Role.JOBS) as session:
        change_text(session, text_id=text, words="After", by=COMMAND_LINE)
    with committing.unit_of_work(Role.JOBS) as session:
        invoice = messages(session)[0].subject_id
        assert invoice_documents(session, invoices=[invoice])[invoice].intro == ("Before",)
        reminder = session.scalars(select(Reminder.id)).one()
        assert reminder_documents(session, reminders=[reminder])[reminder].intro[0] == "Soon"
