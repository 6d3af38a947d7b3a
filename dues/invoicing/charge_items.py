"""Reads the rows of a run that charges lines, for people: who gets an invoice for what; who not, and why."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from documents import InvoiceDocument, Line
from dues.folding import folded
from dues.groups.models import Group
from dues.invoicing.charge_models import ChargeItem, ChargeLine
from dues.invoicing.document import line_words, senders_of, unit_words
from dues.invoicing.items import NAMESAKES, Wanted, as_number
from dues.invoicing.models import FrozenText, Invoice, ItemState
from dues.invoicing.quoted import key_of
from dues.invoicing.sample import called, sample_document
from dues.members.models import Person
from dues.runs.models import Run


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a run; ``amount`` is in minor units of ``currency``, ``payer`` empty where persons pay themselves."""

    seq: int
    reason: str | None
    amount: int
    currency: str | None
    channel: str | None
    member_id: int
    member_uuid: UUID
    member: str
    payer_uuid: UUID
    payer: str
    group: str
    invoice_uuid: UUID | None
    number: str | None
    since: bool = False
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A line of an invoice: its names by language, and minor units of the invoice's currency."""

    names: dict[str, str]
    amount: int


def rows(session: Session, *, run_id: int, wanted: Wanted, after: int, limit: int) -> list[Row]:
    """Return the rows behind the row ``after``, in their order."""
    member, payer = aliased(Person), aliased(Person)
    found = (
        select(ChargeItem, member, payer, Group.name, Invoice.uuid, Invoice.called)
        .join(member, member.id == ChargeItem.person_id)
        .join(payer, payer.id == ChargeItem.payer_id)
        .join(Group, Group.id == ChargeItem.group_id)
        .outerjoin(
            Invoice,
            (Invoice.payer_id == ChargeItem.payer_id)
            & (Invoice.run_id == ChargeItem.run_id)
            & (Invoice.item_seq == ChargeItem.seq),
        )
        .where(ChargeItem.run_id == run_id, ChargeItem.seq > after)
        .where((ChargeItem.state != ItemState.READY) if wanted.left_out else (ChargeItem.state == ItemState.READY))
    )
    if wanted.reason:
        found = found.where(ChargeItem.reason == wanted.reason)
    if wanted.group_id is not None:
        found = found.where(ChargeItem.group_id == wanted.group_id)
    if wanted.text:
        people = _people(session, wanted.text)
        theirs = func.normalised_reference(ChargeItem.printed) == key_of(wanted.text)
        found = found.where(or_(ChargeItem.person_id.in_(people), ChargeItem.payer_id.in_(people), theirs))
    return [_row(*one) for one in session.execute(found.order_by(ChargeItem.seq).limit(limit))]


def parts(session: Session, *, run_id: int, seqs: Collection[int]) -> dict[int, list[Part]]:
    """Return the lines of some rows, in their order."""
    wanted = (
        select(ChargeLine.seq, FrozenText.content["component"], ChargeLine.amount)
        .join(FrozenText, FrozenText.id == ChargeLine.text_id)
        .where(ChargeLine.run_id == run_id, ChargeLine.seq.in_(seqs))
        .order_by(ChargeLine.seq, ChargeLine.position)
    )
    found: defaultdict[int, list[Part]] = defaultdict(list)
    for seq, names, amount in session.execute(wanted):
        found[seq].append(Part(names, amount))
    return dict(found)


def samples(session: Session, *, run: Run, seqs: Collection[int]) -> list[InvoiceDocument]:
    """Return some invoices of a preview as documents, which say that number, reference and codes follow."""
    member, payer = aliased(Person), aliased(Person)
    wanted = (
        select(ChargeItem, member, payer)
        .join(member, member.id == ChargeItem.person_id)
        .join(payer, payer.id == ChargeItem.payer_id)
        .where(ChargeItem.run_id == run.id, ChargeItem.seq.in_(seqs), ChargeItem.state == ItemState.READY)
        .order_by(ChargeItem.seq)
    )
    found = session.execute(wanted).all()
    senders = senders_of(session, {item.payee_id for item, _, _ in found if item.payee_id is not None})
    lines = _lines(session, run.id, seqs)
    return [
        sample_document(
            senders[item.payee_id or 0],
            pays,
            [_printed(line, content, pays, whose) for line, content in lines[item.seq]],
            on=run.business_day,
            due_on=item.due_on,
            currency=item.currency or "",
        )
        for item, whose, pays in found
    ]


def _lines(session: Session, run_id: int, seqs: Collection[int]) -> dict[int, list[tuple[ChargeLine, Any]]]:
    wanted = (
        select(ChargeLine, FrozenText.content)
        .join(FrozenText, FrozenText.id == ChargeLine.text_id)
        .where(ChargeLine.run_id == run_id, ChargeLine.seq.in_(seqs))
        .order_by(ChargeLine.seq, ChargeLine.position)
    )
    found: defaultdict[int, list[tuple[ChargeLine, Any]]] = defaultdict(list)
    for line, content in session.execute(wanted):
        found[line.seq].append((line, content))
    return found


def _printed(line: ChargeLine, content: Any, payer: Person, member: Person) -> Line:
    return Line(
        text=line_words(content, payer.language)[1],
        amount=line.amount,
        quantity=line.quantity.normalize(),
        member="" if member.id == payer.id else called(member),
        unit=unit_words(content, payer.language),
        unit_price=line.unit_price,
        vat_rate=line.vat_rate,
    )


def _people(session: Session, text: str) -> list[int]:
    key, number = folded(text), as_number(text)
    by_key = func.starts_with(Person.name_key, key) | func.starts_with(Person.email_key, key)
    found = by_key if number is None else Person.id == number
    return list(session.scalars(select(Person.id).where(found).limit(NAMESAKES)))


def _row(  # noqa: PLR0917 -- the columns of a row, in their order
    item: ChargeItem, member: Person, payer: Person, group: str, invoice: UUID | None, number: str | None
) -> Row:
    return Row(
        seq=item.seq,
        reason=item.reason,
        amount=item.amount,
        currency=item.currency,
        channel=item.channel,
        member_id=member.id,
        member_uuid=member.uuid,
        member=called(member),
        payer_uuid=payer.uuid,
        payer="" if payer.id == member.id else called(payer),
        group=group,
        invoice_uuid=invoice,
        number=number,
        printed=item.printed,
    )
