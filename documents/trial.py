"""Tries an own template on documents of every sort before it is taken into use, and reads what came out of it."""

import datetime as dt
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from documents.accounts import written_account, written_reference
from documents.model import InvoiceDocument, Kind, Line, Original
from documents.own import pictures, tried
from documents.render import batch_data
from documents.template import Reason, Template, TemplateError
from language import SUPPORTED, Language

_MANY: Final = 60
_LONG: Final = "Konstantinopolitanska Föreningen för Vänskap och Sång i Västerbottens inland "


class Sample(StrEnum):
    """A sort of document that a template must be able to set."""

    ONE_LINE = "one line"
    MANY_LINES = "many lines"
    LONG_NAMES = "long names"
    NOTHING_TO_PAY = "nothing to pay"
    REMINDER = "reminder"
    CREDIT_NOTE = "credit note"


class Fact(StrEnum):
    """What must be found on the page, or of the file."""

    REFERENCE = "reference"
    AMOUNT = "amount"
    DUE_DAY = "due day"
    ACCOUNT = "account"
    TAGS = "tags"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one document: what is missing on it, or why it could not be set; neither where it is fine."""

    sample: Sample
    language: str
    missing: tuple[Fact, ...] = ()
    fault: TemplateError | None = None

    @property
    def fine(self) -> bool:
        """Whether the template held."""
        return not self.missing and self.fault is None


def samples(plain: InvoiceDocument) -> Iterator[tuple[Sample, InvoiceDocument]]:
    """Yield the documents to try, made of a plain invoice of one line: every sort of it, and every language."""
    for language in SUPPORTED:
        yield Sample.ONE_LINE, replace(plain, language=language)
    yield Sample.MANY_LINES, replace(plain, lines=tuple(replace(plain.lines[0], text=f"{n}.") for n in range(_MANY)))
    yield Sample.LONG_NAMES, _long(plain)
    free = tuple(replace(line, amount=0) for line in plain.lines)
    yield Sample.NOTHING_TO_PAY, replace(plain, lines=free)
    original = Original(plain.number, plain.date)
    day = (plain.due_date or plain.date) + dt.timedelta(days=14)
    yield Sample.REMINDER, replace(plain, kind=Kind.REMINDER, original=original, pay_by=day)
    note = replace(plain, kind=Kind.CREDIT_NOTE, original=original, due_date=None, payment=None)
    yield Sample.CREDIT_NOTE, note


def try_out(template: Template, plain: InvoiceDocument) -> list[Tried]:
    """Try a template on every sample; what takes too long or too much is not tried on."""
    told: list[Tried] = []
    for sample, document in samples(plain):
        told.append(_tried(template, sample, document))
        fault = told[-1].fault
        if fault is not None and fault.reason in (Reason.TOO_SLOW, Reason.TOO_MUCH_MEMORY):
            break
    return told


def sample_pages(template: Template, plain: InvoiceDocument, sample: Sample, ppi: float) -> tuple[bytes, ...]:
    """Return the pages of a sample as pictures, in the plain document's language. Raises TemplateError."""
    found = next(document for kind, document in samples(plain) if kind is sample)
    document = replace(found, language=plain.language, look=replace(found.look, template=template))
    return pictures(template, batch_data([document]), ppi)


def _tried(template: Template, sample: Sample, document: InvoiceDocument) -> Tried:
    document = replace(document, look=replace(document.look, template=template))
    try:
        made = tried(template, batch_data([document]), document.date)
    except TemplateError as error:
        return Tried(sample, document.language, fault=error)
    said = plain_text(made.text)
    missing = [fact for fact, spellings in facts(document).items() if not _says(said, spellings)]
    if not made.tagged:
        missing.append(Fact.TAGS)
    if made.language.split("-")[0] != document.language:
        missing.append(Fact.LANGUAGE)
    return Tried(sample, document.language, tuple(missing))


def _says(said: str, spellings: Sequence[str]) -> bool:
    return any(plain_text(one) in said for one in spellings)


def facts(document: InvoiceDocument) -> dict[Fact, Sequence[str]]:
    """Return what must stand on a document, each in the spellings that will do."""
    language, currency = Language(document.language), document.currency
    amount = document.open_amount or document.total
    grouped = f"{amount // 100:,}.{amount % 100:02}".replace(",", " ")  # as the Swiss QR-bill writes it
    found: dict[Fact, Sequence[str]] = {
        Fact.AMOUNT: (language.amount(amount, currency), language.money(amount, currency), grouped)
    }
    day = document.pay_by or document.due_date
    if day is not None:
        found[Fact.DUE_DAY] = (language.date(day), language.long_date(day))
    payment = document.payment
    if payment is not None and document.open_amount > 0:
        found[Fact.REFERENCE] = (written_reference(payment.reference, payment.reference_kind), payment.reference)
        found[Fact.ACCOUNT] = (written_account(payment.account, payment.account_kind), payment.account)
    return found


def plain_text(text: str) -> str:
    """Return a text without blanks and breaks, which a page may put anywhere."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _long(plain: InvoiceDocument) -> InvoiceDocument:
    name = (_LONG * 2).strip()
    recipient = replace(plain.recipient, name=name, address=(name, name))
    lines = (Line(name, plain.total, member=name, period=plain.lines[0].period),)
    return replace(plain, sender=replace(plain.sender, name=name), recipient=recipient, lines=lines, intro=(name * 5,))
