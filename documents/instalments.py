"""The parts in which an invoice is paid, as a table of strings: by when each, what to quote, how much."""

from typing import Any

from documents import words
from documents.accounts import written_reference
from documents.model import Instalment, InvoiceDocument, PaymentDetails
from documents.printable import printable
from language import Language


def instalments(document: InvoiceDocument, language: Language) -> dict[str, Any] | None:
    """Return the table and how to pay all at once, as values JSON can carry; nothing where it is paid at once."""
    payment = document.payment
    if not document.instalments or payment is None:
        return None
    return {
        "title": language.gettext("To be paid in %(number)s instalments", number=len(document.instalments)),
        "head": [
            language.gettext("Instalment"),
            language.gettext("Due date"),
            words.reference_label(payment.reference_kind, language),
            language.gettext("Amount in %(currency)s", currency=document.currency),
        ],
        "rows": [
            _row(place, one, payment, document.currency, language) for place, one in enumerate(document.instalments, 1)
        ],
        "whole": _whole(document, payment, language),
    }


def _row(place: int, one: Instalment, payment: PaymentDetails, currency: str, language: Language) -> list[str]:
    """What was settled of a part before is not asked for."""
    reference = printable(written_reference(one.reference, payment.reference_kind))
    left = language.amount(one.open_amount, currency) if one.open_amount > 0 else language.gettext("Nothing left")
    return [str(place), language.date(one.due_date), reference, left]


def _whole(document: InvoiceDocument, payment: PaymentDetails, language: Language) -> str:
    if sum(one.open_amount > 0 for one in document.instalments) <= 1:
        return ""
    return language.gettext(
        "To pay all at once, pay %(amount)s and quote %(reference)s.",
        amount=language.money(document.open_amount, document.currency),
        reference=printable(written_reference(payment.reference, payment.reference_kind)),
    )


def which(document: InvoiceDocument, language: Language) -> str:
    """Return which of the parts is asked for; nothing where it is paid at once."""
    part = document.next_instalment
    if part is None:
        return ""
    place = document.instalments.index(part) + 1
    return language.gettext("Instalment %(number)s of %(total)s", number=place, total=len(document.instalments))
