"""Which QR code, if any, a document's payment can be scanned with."""

from documents import qr, swiss
from documents.accounts import AccountKind, ReferenceKind
from documents.model import InvoiceDocument, PaymentDetails


def payload(document: InvoiceDocument) -> str | None:
    """Return the payload of the document's QR code: Swish for kronor, SEPA for euro to an IBAN, or of a Swiss QR-bill.

    Where the document invites to pay more, the payer types or changes the amount; a QR-bill asks for what is open.
    `None` where neither fits, where nothing is to be paid, and for a credit note.
    """
    payment, minor = document.asking, document.asked
    if payment is None or minor <= 0:
        return None
    if swiss.is_swiss(document):
        return swiss.payload(document, payment)
    if document.currency == "SEK" and payment.swish:
        return qr.swish(number=payment.swish, minor=minor, message=payment.reference, more=document.invites)
    if document.currency == "EUR" and payment.account_kind is AccountKind.IBAN:
        return _epc(payment, payment.payee or document.sender.name, None if document.invites else minor)
    return None


def _epc(payment: PaymentDetails, name: str, minor: int | None) -> str:
    """Only an RF reference may stand in the structured field; a betalingskenmerk travels as text."""
    structured = payment.reference_kind is ReferenceKind.RF
    return qr.epc(
        name=name,
        iban=payment.account,
        minor=minor,
        bic=payment.bic,
        reference=payment.reference if structured else "",
        text="" if structured else payment.reference,
    )


def picture(document: InvoiceDocument) -> bytes | None:
    """Return the document's QR code as a PNG of one pixel a module, without quiet zone; None where it has none."""
    found = payload(document)
    return None if found is None else qr.png(found)
