"""Who has only a mobile telephone gets everything as a text message, and nobody gets a letter without an address."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select, update

from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.delivery.models import Channel, Message, MessageState
from dues.invoicing.models import Invoice
from dues.invoicing.one_off import Wanted, WantedLine
from dues.invoicing.one_off_write import issue_one_off
from dues.payments.credit_invoice import credit_invoice
from dues.payments.reissue import Anew, reissue
from dues.runs.models import Axis
from dues.runs.preview import sums
from tests.factories.members import member, person
from tests.factories.organisation import Organisation, organisation
from tests.factories.products import product
from tests.factories.runs import issued, undone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession
    from dues.members.models import Person

DAY = dt.date(2026, 3, 10)
MOBILE = "+46701740605"
TEXT = (Channel.SMS, MOBILE)


def by_phone(session: Session) -> tuple[Organisation, Person]:
    """Somebody with a mobile and nothing else."""
    made = organisation(session)
    made.creditor.sms = True
    who = person(session, email="")
    who.phone, who.street, who.postcode, who.city = MOBILE, "", "", ""
    member(session, made, joined_on=DAY, who=who)
    session.flush()
    return made, who


def sent_invoice(session: Session, ledger: OpenSession) -> tuple[int, Invoice]:
    run = issued(ledger, on=DAY)
    session.execute(update(Message).values(state=MessageState.SENT))
    session.flush()
    return run.run_id, session.scalars(select(Invoice)).one()


def newest(session: Session) -> tuple[Channel, str]:
    row = session.execute(select(Message.channel, Message.address).order_by(Message.id.desc()).limit(1)).one()
    return row.channel, row.address


def test_credit_notes_and_what_is_written_anew_go_where_the_invoice_went(session: Session, ledger: OpenSession) -> None:
    by_phone(session)
    _run, invoice = sent_invoice(session, ledger)
    new = reissue(session, anew=Anew(invoice.id, DAY + dt.timedelta(30), uuid4()), on=DAY, by=COMMAND_LINE)
    session.flush()
    ways = session.execute(select(Message.channel, Message.address).where(Message.subject_id != invoice.id)).all()
    assert [tuple(one) for one in ways] == [TEXT, TEXT]  # the credit note and the new invoice
    session.execute(update(Message).values(state=MessageState.SENT))
    credit_invoice(session, invoice_id=new.id, on=DAY, by=COMMAND_LINE)
    session.flush()
    assert newest(session) == TEXT


def test_nobody_gets_a_letter_without_an_address(session: Session, ledger: OpenSession) -> None:
    made, _who = by_phone(session)
    _run, invoice = sent_invoice(session, ledger)
    made.creditor.sms = False
    session.flush()
    note = credit_invoice(session, invoice_id=invoice.id, on=DAY, by=COMMAND_LINE)
    session.flush()
    assert session.scalar(select(Message.id).where(Message.subject_id == note)) is None


def test_an_undone_run_tells_by_text_too(session: Session, ledger: OpenSession) -> None:
    made, _who = by_phone(session)
    set_clock(session, to=DAY, real=DAY)
    made.creditor.write_off_limit = None
    session.flush()
    run_id, _invoice = sent_invoice(session, ledger)
    undoing = undone(ledger, run_id, on=DAY)
    assert [one.key for one in sums(session, run_id=undoing.run_id, axes=[Axis.CHANNEL])] == ["sms"]
    assert newest(session) == TEXT


def test_an_invoice_written_line_by_line_goes_by_text(session: Session) -> None:
    made, who = by_phone(session)
    line = WantedLine(Decimal(1), 12500, product_id=product(session, made.root).id)
    wanted = Wanted(who.id, made.north.id, DAY + dt.timedelta(30), lines=[line])
    issue_one_off(session, wanted=wanted, key=uuid4(), on=DAY, by=COMMAND_LINE)
    assert newest(session) == TEXT
