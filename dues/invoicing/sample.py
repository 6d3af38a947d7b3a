"""Sets invoices of a preview as they would be printed, before they have numbers: for looking at, never for paying."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from documents import InvoiceDocument, Kind, Line, Party
from dues.invoicing.document import Sender, address_lines, component_words, creditor_party, line_words, senders_of
from dues.invoicing.models import FrozenText, InvoiceItem, ItemState
from dues.members.models import Person
from dues.pricing.models import PriceClassLine
from dues.runs.models import Run
from language import Language


def samples(session: Session, *, run: Run, seqs: Collection[int]) -> list[InvoiceDocument]:
    """Return some invoices of a preview as documents, which say that number, reference and codes follow."""
    member, payer = aliased(Person), aliased(Person)
    wanted = (
        select(InvoiceItem, member, payer)
        .join(member, member.id == InvoiceItem.person_id)
        .join(payer, payer.id == InvoiceItem.payer_id)
        .where(InvoiceItem.run_id == run.id, InvoiceItem.seq.in_(seqs), InvoiceItem.state == ItemState.READY)
        .order_by(InvoiceItem.seq)
    )
    rows = session.execute(wanted).all()
    senders = senders_of(session, {item.payee_id for item, _, _ in rows if item.payee_id is not None})
    lines = _class_lines(session, run.id, {item.class_number for item, _, _ in rows})
    return [_document(run, row, senders[row[0].payee_id or 0], lines[row[0].class_number]) for row in rows]


def _class_lines(session: Session, run_id: int, classes: Collection[int]) -> dict[int, list[tuple[int, Any]]]:
    wanted = (
        select(PriceClassLine.class_number, PriceClassLine.amount, FrozenText.content)
        .join(FrozenText, FrozenText.id == PriceClassLine.text_id)
        .where(PriceClassLine.run_id == run_id, PriceClassLine.class_number.in_(classes))
        .order_by(PriceClassLine.class_number, PriceClassLine.position)
    )
    found: defaultdict[int, list[tuple[int, Any]]] = defaultdict(list)
    for number, amount, content in session.execute(wanted):
        found[number].append((amount, content))
    return found


def _document(
    run: Run, row: Row[InvoiceItem, Person, Person], sender: Sender, lines: Collection[tuple[int, Any]]
) -> InvoiceDocument:
    item, member, payer = row
    named = "" if member.id == payer.id else called(member)
    printed = [
        Line(
            text=line_words(content, payer.language)[1],
            component=component_words(content, payer.language),
            amount=amount,
            member=named,
            period=(item.period_from, item.period_to),
        )
        for amount, content in lines
    ]
    return sample_document(
        sender, payer, printed, on=run.business_day, due_on=item.due_on, currency=item.currency or ""
    )


def sample_document(
    sender: Sender, payer: Person, lines: Collection[Line], *, on: dt.date, due_on: dt.date | None, currency: str
) -> InvoiceDocument:
    """Return an invoice that has not been issued as a document, which says what follows when it is."""
    language = Language(payer.language)
    return InvoiceDocument(
        kind=Kind.INVOICE,
        language=payer.language,
        number=language.gettext("(number follows)"),
        date=on,
        currency=currency,
        sender=creditor_party(sender.content),
        recipient=Party(called(payer), address_lines(payer.street, payer.postcode, payer.city), payer.country),
        lines=tuple(lines),
        due_date=due_on,
        look=sender.look,
        notes=(
            language.gettext(
                "This is a sample. Number, reference, account and payment codes follow when it is issued."
            ),
        ),
    )


def called(person: Person) -> str:
    """Return a person's name as documents bear it."""
    return f"{person.given_name} {person.family_name}".strip()
