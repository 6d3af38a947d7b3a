"""Reads issued invoices and credit notes back as the documents that were frozen: many at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import exists, false, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from documents import (
    AccountKind,
    InvoiceDocument,
    Kind,
    Line,
    Logo,
    Look,
    Original,
    Party,
    PaymentDetails,
    ReferenceKind,
    rate_words,
)
from dues.groups.layout import layout_of
from dues.groups.models import Creditor, Group, Occasion, Payee
from dues.groups.models import Logo as Picture
from dues.groups.own_templates import sources
from dues.groups.texts import NOTHING, Moment, OwnWords, own_words
from dues.groups.wording import filled, paragraphs
from dues.invoicing.elsewhere_models import Elsewhere
from dues.invoicing.invite import funds_named
from dues.invoicing.issued_parts import IssuedPart, ended_of, parts_of
from dues.invoicing.models import Claim, ClaimEnd, FrozenText, Invoice, InvoiceKind, InvoiceLine, PaymentReference
from dues.invoicing.own_values import document_values
from dues.members.estate import estate_of
from dues.members.models import Membership, Person
from language import Language, pick

ACCOUNT_KINDS: Final = {
    "BGNR": AccountKind.BANKGIRO,
    "PGNR": AccountKind.PLUSGIRO,
    "BBAN": AccountKind.NORWEGIAN,
    "IBAN": AccountKind.IBAN,
}
"""What documents call the schemes of bank agreements."""


@dataclass(frozen=True, slots=True)
class Issued:
    """An invoice or a credit note as it was issued, and what has become of its claim.

    ``memberships`` names what kinds of membership it charges, in its own language. ``open_amount`` and
    ``credited_amount``, what credit notes took back, are in minor units of the document's currency; ``ended`` is
    None while something is open, and for a credit note. ``sensitive`` is true where the creditor was at that time
    or is now. ``parts`` are what it is paid in, none where it is paid at once. ``said`` is what the organisation
    says in the mail that brings it, in its own words as they were then; on the document they stand already.
    ``system`` names the one that issued it where that was not ours: its document is then the PDF that came with it,
    and this one only says the same. ``estate`` says that its payer has died.
    """

    invoice_id: int
    creditor_id: int
    group_id: int
    group: str
    sensitive: bool
    open_amount: int
    ended: ClaimEnd | None
    memberships: tuple[str, ...]
    said: str
    document: InvoiceDocument
    credited_amount: int = 0
    parts: tuple[IssuedPart, ...] = ()
    system: str = ""
    estate: bool = False

    @property
    def as_it_stands(self) -> InvoiceDocument:
        """The document for who gets it now: nobody is asked for what has been paid or taken back before.

        After the payer's death that is the estate.
        """
        document = self._to_the_estate if self.estate else self.document
        if document.kind is Kind.CREDIT_NOTE:
            return document
        credited = self.credited_amount
        paid = document.total - credited - self.open_amount
        return replace(
            document, credited=credited, paid=paid, instalments=tuple(part.as_it_stands for part in self.parts)
        )

    @property
    def _to_the_estate(self) -> InvoiceDocument:
        to = self.document.recipient
        return replace(self.document, recipient=replace(to, name=estate_of(to.name, Language(self.document.language))))


@dataclass(frozen=True, slots=True)
class Sender:
    """The frozen payee: who it is, how the documents look, and where the money goes."""

    content: Mapping[str, Any]
    look: Look
    sensitive: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """An invoice beside its claim and reference, which a credit note lacks, the invoice it credits or replaces.

    Where it is paid in parts, these are the first of them and the reference that means all.
    """

    invoice: Invoice
    claim: Claim | None
    reference: str | None
    credited: Invoice | None
    before: Invoice | None
    group: str
    elsewhere: Elsewhere | None
    died: bool


@dataclass(frozen=True, slots=True)
class _Printed:
    """A line, the name of the kind of membership it charges, and whether it charges a period after the first."""

    membership: str
    line: Line
    renews: bool


def issued(session: Session, *, invoices: Collection[int]) -> dict[int, Issued]:
    """Read invoices and credit notes by their ids, in six statements; ids that do not exist are missing.

    Where some are paid in parts, or invite to pay more, these are one more each.
    """
    rows = _rows(session, invoices)
    parted = [row.invoice.id for row in rows if row.claim and row.claim.parts > 1]
    parts = parts_of(session, invoices=parted) if parted else {}
    senders = senders_of(session, {row.invoice.payee_id for row in rows})
    lines = _lines(session, {row.invoice.id: row.invoice.language for row in rows})
    moments = {row.invoice.id: _moment(row.invoice, lines[row.invoice.id]) for row in rows}
    words = own_words(session, set(moments.values()))
    inviting = [row.invoice for row in rows if row.claim and not row.elsewhere and not row.died]
    funds = funds_named(session, {one.id: (senders[one.payee_id].content, one.language) for one in inviting})
    return {
        row.invoice.id: _issued(
            row,
            senders[row.invoice.payee_id],
            tuple(lines[row.invoice.id]),
            words.get(moments[row.invoice.id], NOTHING),
            parts.get(row.invoice.id, ()),
            fund=funds.get(row.invoice.id, ""),
        )
        for row in rows
    }


def _moment(invoice: Invoice, lines: Sequence[_Printed]) -> Moment:
    """Which own words hold for a document: those of the day it was written, of its group and language."""
    return Moment(invoice.group_id, _occasion(invoice, lines), invoice.language, at=invoice.recorded_at)


def _occasion(invoice: Invoice, lines: Sequence[_Printed]) -> Occasion:
    """What the organisation says of fees is not about an invoice that charges no membership."""
    if invoice.kind is not InvoiceKind.INVOICE:
        return Occasion.CREDIT_NOTE
    if not any(line.membership for line in lines):
        return Occasion.ONE_OFF
    return Occasion.RENEWAL if all(line.renews for line in lines) else Occasion.INVOICE


def invoice_documents(session: Session, *, invoices: Collection[int]) -> dict[int, InvoiceDocument]:
    """Return the documents alone, by invoice id: what was printed on the day of issue."""
    return {invoice_id: one.document for invoice_id, one in issued(session, invoices=invoices).items()}


_DIED: Final = exists().where(Person.id == Invoice.payer_id, Person.deceased_on.is_not(None))


def _rows(session: Session, invoices: Collection[int]) -> list[_Row]:
    """One row an invoice: where instalments give it several claims, the first one and the reference of all."""
    credited, before = aliased(Invoice), aliased(Invoice)
    wanted = (
        select(Invoice, Claim, PaymentReference.value, credited, before, Group.name, Elsewhere, _DIED)
        .join(Group, Group.id == Invoice.group_id)
        .outerjoin(Claim, Claim.invoice_id == Invoice.id)
        .outerjoin(PaymentReference, PaymentReference.claim_id == Claim.id)
        .outerjoin(credited, credited.id == Invoice.credits_id)
        .outerjoin(before, before.id == Invoice.replaces_id)
        .outerjoin(Elsewhere, Elsewhere.invoice_id == Invoice.id)
        .where(Invoice.id.in_(invoices))
        .ext(distinct_on(Invoice.id))
        .order_by(Invoice.id, Claim.position, PaymentReference.whole.desc(), PaymentReference.value)
    )
    return [_Row(*row) for row in session.execute(wanted)]


def senders_of(session: Session, payees: Collection[int]) -> dict[int, Sender]:
    """Read frozen payees by their ids, with the looks they had."""
    wanted = select(Payee, Creditor.sensitive).join(Creditor).where(Payee.id.in_(payees))
    rows = session.execute(wanted).all()
    pictures = session.scalars(select(Picture).where(Picture.id.in_({payee.logo_id for payee, _ in rows})))
    logos = {picture.id: Logo(picture.content, picture.digest) for picture in pictures}
    templates = sources(session, templates={one.content["template"] for one, _ in rows if "template" in one.content})
    return {
        payee.id: Sender(
            content=payee.content,
            look=Look(
                logo=logos.get(payee.logo_id or 0),
                colour=payee.content["colour"],
                layout=layout_of(payee.content.get("layout", {})),
                template=templates.get(payee.content.get("template", 0)),
            ),
            sensitive=sensitive or payee.content["sensitive"],
        )
        for payee, sensitive in rows
    }


def _lines(session: Session, languages: Mapping[int, str]) -> dict[int, list[_Printed]]:
    wanted = (
        select(InvoiceLine, FrozenText.content, func.coalesce(InvoiceLine.period_from > Membership.joined_on, false()))
        .join(FrozenText, FrozenText.id == InvoiceLine.text_id)
        .outerjoin(Membership, Membership.id == InvoiceLine.membership_id)
        .where(InvoiceLine.invoice_id.in_(languages))
        .order_by(InvoiceLine.invoice_id, InvoiceLine.position)
    )
    lines: defaultdict[int, list[_Printed]] = defaultdict(list)
    for row, content, renews in session.execute(wanted):
        lines[row.invoice_id].append(_printed(row, content, languages[row.invoice_id], renews=renews))
    return lines


def _printed(row: InvoiceLine, content: Mapping[str, Any], language: str, *, renews: bool) -> _Printed:
    membership, text = line_words(content, language)
    period = None if row.period_from is None or row.period_to is None else (row.period_from, row.period_to)
    line = Line(
        text=text,
        amount=row.amount,
        member=row.member_name.strip(),
        period=period,
        quantity=None if row.quantity is None else row.quantity.normalize(),
        unit=unit_words(content, language),
        unit_price=row.unit_price,
        vat_rate=row.vat_rate or 0,
        component=component_words(content, language),
    )
    return _Printed(membership, line, renews)


def line_words(content: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Return the kind of membership that a line charges, and what it says: one name where both are called the same.

    What is sold charges none.
    """
    component, membership = (
        pick(content[part], language) if content.get(part) else "" for part in ("component", "type")
    )
    said = component if membership in ("", component) else f"{component} – {membership}"
    return membership, said + _taken_off(content, language)


def _taken_off(content: Mapping[str, Any], language: str) -> str:
    """Return the discounts that are in the amount of a line, each with its share where it has one."""
    names = [
        pick(one["names"], language) + (f" −{rate_words(one['share'], Language(language))}" if one["share"] else "")
        for one in content.get("discounts", ())
    ]
    return f" ({', '.join(names)})" if names else ""


def component_words(content: Mapping[str, Any], language: str) -> str:
    """Return the part of a fee that a line charges, by which lines are put together; nothing where its text is that."""
    name = pick(content["component"], language) if content.get("component") else ""
    return "" if name == line_words(content, language)[1] else name


def unit_words(content: Mapping[str, Any], language: str) -> str:
    """Return what a line counts, nothing where it does not say."""
    return pick(content["unit"], language) if content.get("unit") else ""


def _issued(
    row: _Row, sender: Sender, lines: Sequence[_Printed], words: OwnWords, parts: tuple[IssuedPart, ...], *, fund: str
) -> Issued:
    memberships = tuple(dict.fromkeys(line.membership for line in lines if line.membership))
    plain = Issued(
        invoice_id=row.invoice.id,
        creditor_id=row.invoice.creditor_id,
        group_id=row.invoice.group_id,
        group=row.group,
        sensitive=sender.sensitive,
        open_amount=row.claim.open_amount if row.claim else 0,
        credited_amount=row.claim.credited_amount if row.claim else 0,
        ended=row.claim.ended if row.claim else None,
        memberships=memberships,
        said="",
        document=_document(row, sender, tuple(line.line for line in lines)),
        system=row.elsewhere.system if row.elsewhere else "",
        estate=row.died,
    )
    if parts:
        plain = _in_parts(plain, parts)
    elif fund and memberships:
        plain = replace(plain, document=replace(plain.document, fund=fund))
    return saying(plain, words) if words.said else plain


def _in_parts(invoice: Issued, parts: tuple[IssuedPart, ...]) -> Issued:
    return replace(
        invoice,
        open_amount=sum(part.open_amount for part in parts),
        credited_amount=sum(part.credited_amount for part in parts),
        ended=ended_of(parts),
        parts=parts,
        document=replace(invoice.document, instalments=tuple(part.printed for part in parts)),
    )


def saying(invoice: Issued, words: OwnWords) -> Issued:
    """Return an invoice with other own words, whose places are still open."""
    values = document_values(invoice.document, group=invoice.group, memberships=invoice.memberships)
    document = replace(invoice.document, intro=tuple(paragraphs(filled(words.document, values))))
    return replace(invoice, said=filled(words.email, values), document=document)


def _document(row: _Row, sender: Sender, lines: tuple[Line, ...]) -> InvoiceDocument:
    invoice, credited = row.invoice, row.credited
    credit_note = invoice.kind is InvoiceKind.CREDIT_NOTE
    return InvoiceDocument(
        kind=Kind.CREDIT_NOTE if credit_note else Kind.INVOICE,
        language=invoice.language,
        number=invoice.called,
        date=invoice.issued_on,
        currency=invoice.currency,
        sender=creditor_party(sender.content),
        recipient=_payer(invoice),
        lines=lines,
        due_date=None if credit_note else invoice.due_on,
        payment=_payment(sender.content, *_quoted(row, sender)) if row.reference else None,
        look=sender.look,
        notes=_replaces(row),
        original=Original(credited.called, credited.issued_on) if credited else None,
    )


def _replaces(row: _Row) -> tuple[str, ...]:
    """Say whose place an invoice took, so that nobody pays both."""
    if row.before is None:
        return ()
    language = Language(row.invoice.language)
    values = {"number": row.before.called, "day": language.long_date(row.before.issued_on)}
    return (language.gettext("This invoice takes the place of invoice %(number)s of %(day)s.", **values),)


def creditor_party(content: Mapping[str, Any]) -> Party:
    """Return a frozen payee as the sender of a document."""
    return Party(
        name=content["name"],
        address=address_lines(content["street"], content["postcode"], content["city"]),
        country=content["country"],
        org_number=content["org_number"],
        email=content["email"],
        phone=content["phone"],
    )


def _payer(invoice: Invoice) -> Party:
    address = address_lines(invoice.payer_street, invoice.payer_postcode, invoice.payer_city)
    return Party(name=invoice.payer_name, address=address, country=invoice.payer_country)


def address_lines(street: str, postcode: str, city: str) -> tuple[str, ...]:
    """Return an address as on an envelope, without what is empty."""
    return tuple(line for line in (street, f"{postcode} {city}".strip()) if line)


def _quoted(row: _Row, sender: Sender) -> tuple[str, ReferenceKind]:
    """Return what the payer quotes: ours in its normal form, that of another system as it was printed."""
    if row.elsewhere is not None:
        return row.elsewhere.reference, ReferenceKind(row.elsewhere.reference_kind.value)
    return row.reference or "", ReferenceKind(sender.content["reference_kind"])


def _payment(content: Mapping[str, Any], reference: str, reference_kind: ReferenceKind) -> PaymentDetails:
    kind = ACCOUNT_KINDS[content["scheme"]]
    return PaymentDetails(
        account=(kind is AccountKind.IBAN and content["iban"]) or content["account"],
        account_kind=kind,
        reference=reference,
        reference_kind=reference_kind,
        bic=content["bic"] or "",
        payee=content["name"],
        swish=content["swish"] or "",
    )
