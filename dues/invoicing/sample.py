"""Sets invoices of a preview as they would be printed, before they have numbers: for looking at, never for paying."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session, aliased

from documents import Beside, InvoiceDocument, Kind, Line, Party
from dues.invoicing.document import Sender, address_lines, component_words, creditor_party, line_words, senders_of
from dues.invoicing.invite import names_of
from dues.invoicing.models import FrozenText, InvoiceItem, ItemState
from dues.members.models import Person
from dues.pricing.models import PriceClassLine
from dues.runs.models import Run
from language import Language, pick


def samples(session: Session, *, run: Run, seqs: Collection[int]) -> list[InvoiceDocument]:
    """Return some invoices of a preview as documents, which say that number, reference and codes follow."""
    member, payer = aliased(Person), aliased(Person)
    invoice = func.coalesce(InvoiceItem.joint_seq, InvoiceItem.seq)
    of_run = InvoiceItem.run_id == run.id
    meant = select(func.coalesce(InvoiceItem.slip_seq, invoice)).where(of_run, InvoiceItem.seq.in_(seqs))
    wanted = (
        select(InvoiceItem, member, payer)
        .join(member, member.id == InvoiceItem.person_id)
        .join(payer, payer.id == InvoiceItem.payer_id)
        .where(
            InvoiceItem.run_id == run.id,
            or_(InvoiceItem.seq.in_(meant), InvoiceItem.joint_seq.in_(meant), InvoiceItem.slip_seq.in_(meant)),
            InvoiceItem.state == ItemState.READY,
        )
        .order_by(InvoiceItem.seq)
    )
    rows = session.execute(wanted).all()
    senders = senders_of(session, {item.payee_id for item, _, _ in rows if item.payee_id is not None})
    lines = _class_lines(session, run.id, {item.class_number for item, _, _ in rows})
    together: defaultdict[int, list[Row[InvoiceItem, Person, Person]]] = defaultdict(list)
    for row in rows:
        together[row[0].joint_seq or row[0].seq].append(row)
    made = {
        seq: _document(run, charged, senders[charged[0][0].payee_id or 0], lines) for seq, charged in together.items()
    }
    return _on_slips(made, {seq: charged[0][0].slip_seq or seq for seq, charged in together.items()})


def _on_slips(made: Mapping[int, InvoiceDocument], slips: Mapping[int, int]) -> list[InvoiceDocument]:
    """Put documents on the slip of the one that collects; ``slips`` says which that is."""
    others: defaultdict[int, list[Beside]] = defaultdict(list)
    for seq, head in slips.items():
        if seq != head:
            others[head].append(Beside(made[seq].sender, made[seq].number, made[seq].lines))
    return [replace(made[seq], beside=tuple(others[seq])) for seq, head in slips.items() if seq == head]


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
    run: Run,
    charged: Sequence[Row[InvoiceItem, Person, Person]],
    sender: Sender,
    lines: Mapping[int, Collection[tuple[int, Any]]],
) -> InvoiceDocument:
    item, _, payer = charged[0]
    printed = [
        Line(
            text=line_words(content, payer.language)[1],
            component=component_words(content, payer.language),
            amount=amount,
            member="" if member.id == payer.id and len(charged) == 1 else called(member),
            period=(one.period_from, one.period_to),
        )
        for one, member, _ in charged
        for amount, content in lines[one.class_number]
    ]
    sample = sample_document(
        sender, payer, printed, on=run.business_day, due_on=item.due_on, currency=item.currency or ""
    )
    return replace(sample, fund=_fund(sender, payer.language))


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


def _fund(sender: Sender, language: str) -> str:
    """Return for which fund the invoices of a sender invite to pay more; a sample knows of no choice."""
    names = names_of(sender.content)
    return pick(names, language) if names else ""


def called(person: Person) -> str:
    """Return a person's name as documents bear it."""
    return f"{person.given_name} {person.family_name}".strip()
