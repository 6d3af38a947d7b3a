"""Turn a document into the plain strings that the template sets: every word, number and date is decided here."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from documents import qr, swiss, words
from documents.accounts import AccountKind, written_account, written_reference
from documents.instalments import instalments, which
from documents.layout import Grouping
from documents.model import InvoiceDocument, Kind, PaymentDetails
from documents.printable import printable
from documents.rows import table
from documents.scan import payload
from documents.vat import rate_words, vat_parts
from language import Language

Fact = tuple[str, str]

# Where the recipient's address must stand to be seen through the envelopes of the sender's country: millimetres from
# the left and from the top of the sheet, and whether the sender stands above it in the window.
# SE: window to the right (H2). NO: window to the left, 15 mm in, 44 mm down on C5 and 40 mm on E6/5.
# DE, AT, CH, NL, BE: DIN 5008 form B, to the left; envelopes of most other countries with such a window fit it.
_WINDOWS: Final = {"SE": (115, 46, False), "NO": (25, 46, False)}
_DIN_5008_B: Final = (25, 62.7, True)
# What surely fits on one page; above it a document may run over and numbers its pages, which costs time.
_LINES_OF_ONE_PAGE: Final = 7
_CHARACTERS_OF_ONE_PAGE: Final = 700


def sheet(document: InvoiceDocument, place: int, logo: int | None) -> dict[str, Any]:
    """Return everything the template needs for `document`, as values JSON can carry.

    `place` is the document's place in its batch, `logo` that of its logo among the batch's logos.
    """
    language = Language(document.language)
    return {
        "kind": document.kind.value,
        "language": language.code,
        "region": language.locale.territory,
        "colour": document.look.colour,
        "logo": logo,
        "title": heading(document, language),
        "facts": _printable_facts(_facts(document, language)),
        "intro": _printable_all(document.intro),
        "notes": _printable_all(_notes(document, language)),
        **_paying(document, language),
        "footer": _printable_all(_footer(document, language)),
        "under": _printable_all(document.look.layout.footer),
        **_addresses(document),
        **table(document, language),
        "totals": list(_totals(document, language)),
        "parts": instalments(document, language),
        "side": document.look.layout.logo.value,
        **_page_marks(document, place, language),
    }


def heading(document: InvoiceDocument, language: Language) -> str:
    """Return the document's title with its number, as it stands on the page and in the file's properties.

    A dot keeps the number of a reminder apart from its level.
    """
    gap = " · " if document.kind is Kind.REMINDER else " "
    return f"{words.title(document, language)}{gap}{printable(document.number)}"


def _notes(document: InvoiceDocument, language: Language) -> tuple[str, ...]:
    return (*document.notes, *filter(None, [words.invitation(document, language)]))


def _printable_all(texts: Iterable[str]) -> list[str]:
    return [printable(text) for text in texts]


def _printable_facts(facts: Iterable[Fact]) -> list[Fact]:
    return [(label, printable(value)) for label, value in facts]


def _addresses(document: InvoiceDocument) -> dict[str, Any]:
    """A letter abroad names its country in capitals and in a language read on the way: English."""
    sender, recipient = document.sender, document.recipient
    abroad = bool(recipient.country) and sender.country != recipient.country
    left, top, return_line = _WINDOWS.get(sender.country, _DIN_5008_B)
    return {
        "window": {"left": left, "top": top},
        "return": printable(" · ".join((sender.name, *sender.address))) if return_line else "",
        "sender": _printable_all([sender.name, *sender.address, *_country(sender.country, abroad=abroad)]),
        "recipient": _printable_all([recipient.name, *recipient.address, *_country(recipient.country, abroad=abroad)]),
    }


def _country(country: str, *, abroad: bool) -> Iterator[str]:
    if abroad and country:
        yield Language("en").country_name(country).upper()


def _page_marks(document: InvoiceDocument, place: int, language: Language) -> dict[str, str]:
    characters = sum(len(text) for text in (*document.intro, *document.notes))
    rows = _plain_rows(document) + len(document.instalments)
    long = rows > _LINES_OF_ONE_PAGE or characters > _CHARACTERS_OF_ONE_PAGE
    # The two parts of a QR-bill need the foot of the last page, whichever that is; an own template may ask for numbers.
    long = long or swiss.is_swiss(document) or document.look.template is not None
    return {
        "first": f"first {place}",
        "last": f"last {place}",
        "page": words.page_label(language) if long else "",
    }


def _plain_rows(document: InvoiceDocument) -> int:
    """How many rows of two lines the table takes at most: each group has a heading and a subtotal beside its lines."""
    plain = document.look.layout.grouping is Grouping.NONE and not document.beside
    return len(document.charged) * (1 if plain else 3)


def _facts(document: InvoiceDocument, language: Language) -> Iterator[Fact]:
    yield words.number_label(document.kind, language), document.number
    yield words.date_label(document.kind, language), language.date(document.date)
    if document.original:
        yield words.number_label(Kind.INVOICE, language), document.original.number
        yield words.date_label(Kind.INVOICE, language), language.date(document.original.date)
    if document.asked_by and document.kind is not Kind.CREDIT_NOTE:
        yield language.gettext("Due date"), language.date(document.asked_by)
    if document.asking and document.open_amount > 0:
        yield _reference(document.asking, language)


def _reference(payment: PaymentDetails, language: Language) -> Fact:
    label = words.reference_label(payment.reference_kind, language)
    return label, written_reference(payment.reference, payment.reference_kind)


def _vat(document: InvoiceDocument, language: Language) -> Iterator[Fact]:
    """The tax that the total includes, rate by rate."""
    for part in vat_parts(document.charged):
        rate = rate_words(part.rate, language)
        net = language.amount(part.net, document.currency)
        label = language.gettext("Includes VAT %(rate)s on %(net)s", rate=rate, net=net)
        yield label, language.amount(part.tax, document.currency)


def _totals(document: InvoiceDocument, language: Language) -> Iterator[Fact]:
    """The last row is the one that matters and is set strong."""
    total = language.amount(document.total, document.currency)
    if document.kind is not Kind.REMINDER:
        yield from _vat(document, language)
    if document.kind is Kind.CREDIT_NOTE:
        yield language.gettext("Total credited"), total
        return
    if document.paid or document.credited:
        yield language.gettext("Total"), total
    if document.credited:
        yield language.gettext("Credited"), language.amount(-document.credited, document.currency)
    if document.paid:
        yield language.gettext("Already paid"), language.amount(-document.paid, document.currency)
    yield language.gettext("To pay"), language.amount(max(document.open_amount, 0), document.currency)


def _paying(document: InvoiceDocument, language: Language) -> dict[str, Any]:
    """Either our own payment box or the two parts of a Swiss QR-bill, which bring their own."""
    payment = document.asking
    if payment is not None and swiss.is_swiss(document):
        return {"payment": None, "slip": swiss.slip(document, payment)}
    return {"payment": _payment(document, language), "slip": None}


def _payment(document: InvoiceDocument, language: Language) -> dict[str, Any] | None:
    payment = document.asking
    if payment is None or document.open_amount <= 0:
        return None
    code = payload(document)
    return {
        "label": which(document, language) or language.gettext("To pay"),
        "amount": language.money(document.asked, document.currency),
        "when": words.when(document, language),
        "facts": _printable_facts(_payment_facts(payment, document.sender.name, language)),
        "quoted": printable(_reference(payment, language)[1]),
        "qr": list(qr.png(code)) if code else None,
        "scan": words.scan_label(document.currency, language) if code else "",
        "picture": language.gettext("QR code with the details of the payment") if code else "",
    }


def _payment_facts(payment: PaymentDetails, sender: str, language: Language) -> Iterator[Fact]:
    account = written_account(payment.account, payment.account_kind)
    yield words.account_label(payment.account_kind, language), account
    if payment.account_kind is AccountKind.IBAN and payment.bic:
        yield language.gettext("BIC"), payment.bic
    yield language.gettext("Payee"), payment.payee or sender
    yield _reference(payment, language)
    if payment.swish:
        yield language.gettext("Swish"), payment.swish


def _footer(document: InvoiceDocument, language: Language) -> Iterator[str]:
    sender = document.sender
    yield sender.name
    if sender.org_number:
        yield language.gettext("Org. no. %(number)s", number=sender.org_number)
    yield from (contact for contact in (sender.email, sender.phone, sender.website) if contact)
