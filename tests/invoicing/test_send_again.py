"""An invoice sent once more: another copy, once for each press, to whom it was said."""

import datetime as dt
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.actor import Actor
from dues.delivery.models import Channel, Message
from dues.groups.models import Creditor
from dues.invoicing.errors import NotSendableError, UnknownInvoiceError
from dues.invoicing.models import Invoice
from dues.invoicing.send_again import next_copy, send_again
from dues.members.models import Person
from dues.payments.credit_invoice import credit_invoice
from tests.factories.members import member
from tests.factories.organisation import organisation
from tests.factories.runs import issued
from tests.together import together

DAY = dt.date(2026, 3, 10)
OFFICER = Actor("staff", "7")


@pytest.fixture
def invoice(session: Session, ledger: OpenSession) -> int:
    """The invoice of a member who changed their language since."""
    member(session, organisation(session), joined_on=DAY, email="kim@example.org")
    issued(ledger, on=DAY)
    session.scalars(select(Person)).one().language = "de"
    return session.scalars(select(Invoice.id)).one()


def send(session: Session, invoice: int, *, channel: Channel = Channel.EMAIL, copy: int = 1) -> bool:
    address = "other@example.org"
    return send_again(session, invoice_id=invoice, channel=channel, address=address, copy=copy, by=OFFICER)


def test_another_copy_goes_where_it_was_said_in_the_language_of_the_document(session: Session, invoice: int) -> None:
    assert next_copy(session, invoice_id=invoice) == 1
    assert send(session, invoice)
    first, again = session.scalars(select(Message).order_by(Message.id)).all()
    assert (again.kind, again.subject_id, again.copy, again.person_id) == ("invoice", invoice, 1, first.person_id)
    assert (again.address, again.channel, again.language) == ("other@example.org", Channel.EMAIL, "sv")
    assert (again.actor, again.urgent, first.actor) == ("staff:7", True, None)
    assert next_copy(session, invoice_id=invoice) == 2


def test_a_letter_bears_no_mail_address(session: Session, invoice: int) -> None:
    assert send(session, invoice, channel=Channel.PRINT)
    again = session.scalars(select(Message).where(Message.copy == 1)).one()
    assert (again.channel, again.address) == (Channel.PRINT, "")


def test_the_same_copy_is_sent_once(session: Session, invoice: int) -> None:
    assert [send(session, invoice), send(session, invoice)] == [True, False]
    assert session.scalar(select(func.count()).select_from(Message)) == 2


def test_what_is_credited_or_for_the_dead_is_not_sent(session: Session, ledger: OpenSession, invoice: int) -> None:
    session.scalars(select(Person)).one().deceased_on = DAY
    session.flush()
    with pytest.raises(NotSendableError, match="has died"):
        send(session, invoice)
    session.scalars(select(Person)).one().deceased_on = None
    with ledger() as opened, opened.begin():
        note = credit_invoice(opened, invoice_id=invoice, on=DAY, by=OFFICER)
    with pytest.raises(NotSendableError, match="has been credited"):
        send(session, invoice)
    assert send(session, note)
    with pytest.raises(UnknownInvoiceError):
        send(session, 999999)


def test_two_presses_at_one_moment_send_once(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        member(session, organisation(session), joined_on=DAY)
    issued(opened, on=DAY)
    with opened() as session:
        invoice = session.scalars(select(Invoice.id)).one()

    def press() -> bool:
        with opened() as session, session.begin():
            return send(session, invoice)

    assert sorted(together(*[partial(press)] * 4), key=str) == [False, False, False, True]
    with opened() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 2


def test_a_text_goes_to_the_payers_mobile_where_the_creditor_sends_texts(session: Session, invoice: int) -> None:
    session.scalars(select(Person)).one().phone = "+46701740605"
    session.flush()
    with pytest.raises(NotSendableError, match="text messages"):
        send(session, invoice, channel=Channel.SMS)
    session.scalars(select(Creditor)).one().sms = True
    session.flush()
    assert send(session, invoice, channel=Channel.SMS)
    assert session.scalar(select(Message.address).where(Message.channel == Channel.SMS)) == "+46701740605"
