"""The values that mails about money are filled with: who asks, where it goes, what to quote."""

from documents import InvoiceDocument, Party, words, written_account, written_reference
from dues.groups.look import DARK, LIGHT, shades
from language import Language


def sender_values(sender: Party, colour: str) -> dict[str, str]:
    """Return who writes and whom to ask, and the group's colour as an edge on light and on dark paper."""
    return {
        "sender": sender.name,
        "email": sender.email,
        "phone": sender.phone,
        "edge": shades(colour, LIGHT).edge,
        "edge_dark": shades(colour, DARK).edge,
    }


def sender_shape(sender: Party) -> set[str]:
    """Return the optional parts that a mail from this sender has."""
    return {"phone"} if sender.phone else set()


def payment_values(document: InvoiceDocument, language: Language) -> dict[str, str]:
    """Return where the money goes and what to quote, in the writing of the reader; nothing where nothing is asked."""
    payment = document.asking
    if payment is None:
        return {}
    return {
        "account_label": words.account_label(payment.account_kind, language),
        "account": written_account(payment.account, payment.account_kind),
        "bic": payment.bic,
        "payee": payment.payee or document.sender.name,
        "swish": payment.swish,
        "reference_label": words.reference_label(payment.reference_kind, language),
        "reference": written_reference(payment.reference, payment.reference_kind),
    }


def payment_shape(document: InvoiceDocument) -> set[str]:
    """Return the optional parts that telling how to pay has."""
    payment = document.asking
    if payment is None:
        return set()
    return {part for part, there in (("bic", payment.bic), ("swish", payment.swish)) if there}
