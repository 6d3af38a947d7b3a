"""The Swiss QR-bill: its code and the words of its two parts (Swiss Implementation Guidelines QR-bill, version 2.3)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from documents import qr
from documents.accounts import AccountKind, ReferenceKind, in_fours
from documents.model import InvoiceDocument, Party, PaymentDetails
from documents.printable import printable

CURRENCIES: Final = ("CHF", "EUR")
_LARGEST: Final = 999_999_999_99
_NAME, _STREET, _POSTCODE, _CITY, _MESSAGE = 70, 70, 16, 35, 140
_CITY_LINE: Final = re.compile(r"((?:[A-Z]{1,2}-)?\d[\d ]*\d)\s+(\S.*)")
# IBANs of these institutions belong to another kind of reference, which the house does not write.
_QR_IID: Final = range(30000, 32000)

# The standard prescribes the words, and in which languages: English where the recipient reads none of them.
_ENGLISH: Final = {
    "receipt": "Receipt",
    "part": "Payment part",
    "account": "Account / Payable to",
    "reference": "Reference",
    "information": "Additional information",
    "payer": "Payable by",
    "payer_empty": "Payable by (name/address)",
    "currency": "Currency",
    "amount": "Amount",
    "acceptance": "Acceptance point",
    "separate": "Separate before paying in",
    "code": "QR code of the payment",
}
_GERMAN: Final = {
    "receipt": "Empfangsschein",
    "part": "Zahlteil",
    "account": "Konto / Zahlbar an",
    "reference": "Referenz",
    "information": "Zusätzliche Informationen",
    "payer": "Zahlbar durch",
    "payer_empty": "Zahlbar durch (Name/Adresse)",
    "currency": "Währung",
    "amount": "Betrag",
    "acceptance": "Annahmestelle",
    "separate": "Vor der Einzahlung abzutrennen",
    "code": "QR-Code der Zahlung",
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {"de": _GERMAN}

Address = tuple[str, str, str, str, str]
"""Name, street with number, postcode, town and country."""


def is_swiss(document: InvoiceDocument) -> bool:
    """Tell whether a document is paid with a QR-bill: francs or euro to an account in Switzerland or Liechtenstein.

    What the bill cannot carry is paid without: a creditor whose address is incomplete, an account for references of
    another kind.
    """
    payment, minor = document.asking, document.asked
    return (
        payment is not None
        and payment.account_kind is AccountKind.IBAN
        and document.currency in CURRENCIES
        and 0 < minor <= _LARGEST
        and _iban(payment)[:2] in {"CH", "LI"}
        and not _is_qr_iban(_iban(payment))
        and _address(document.sender) is not None
    )


def payload(document: InvoiceDocument, payment: PaymentDetails) -> str:
    """Return what the code of a document for which `is_swiss` holds says, line by line."""
    structured = payment.reference_kind is ReferenceKind.RF
    reference = "".join(payment.reference.split()).upper()
    minor = document.asked
    lines = ["SPC", "0200", "1", _iban(payment), *_structured(_creditor(document, payment)), *[""] * 7]
    lines += [f"{minor // 100}.{minor % 100:02}", document.currency, *_structured(_address(document.recipient))]
    lines += ["SCOR", reference] if structured else ["NON", ""]
    return "\n".join([*lines, _message(document, payment), "EPD"])


def slip(document: InvoiceDocument, payment: PaymentDetails) -> dict[str, Any]:
    """Return receipt and payment part as the template sets them, in a language that the standard knows."""
    words = _WORDS.get(document.language, _ENGLISH)
    structured = payment.reference_kind is ReferenceKind.RF
    minor = document.asked
    return {
        "words": dict(words),
        "account": [in_fours(_iban(payment)), *_printed(_creditor(document, payment))],
        "reference": in_fours("".join(payment.reference.split()).upper()) if structured else "",
        "information": _message(document, payment),
        "payer": _printed(_address(document.recipient)),
        "currency": document.currency,
        "amount": f"{minor // 100:,}".replace(",", " ") + f".{minor % 100:02}",
        "qr": list(qr.png(payload(document, payment))),
    }


def _creditor(document: InvoiceDocument, payment: PaymentDetails) -> Address | None:
    address = _address(document.sender)
    name = qr.one_line(printable(payment.payee), _NAME)
    return (name, *address[1:]) if address and name else address


def _address(party: Party) -> Address | None:
    """Return an address in its parts, None where postcode and town cannot be told apart."""
    if not party.address or not party.country:
        return None
    *street, last = (printable(line) for line in party.address)
    found = _CITY_LINE.fullmatch(last)
    if found is None:
        return None
    parts = (printable(party.name), _NAME), (", ".join(street), _STREET), (found[1], _POSTCODE), (found[2], _CITY)
    name, road, postcode, city = (qr.one_line(text, longest) for text, longest in parts)
    return name, road, postcode, city, party.country


def _structured(address: Address | None) -> list[str]:
    if address is None:
        return [""] * 7
    name, street, postcode, city, country = address
    return ["S", name, street, "", postcode, city, country]


def _printed(address: Address | None) -> list[str]:
    if address is None:
        return []
    name, street, postcode, city, country = address
    abroad = "" if country in {"CH", "LI"} else f"{country}-"
    return [line for line in (name, street, f"{abroad}{postcode} {city}") if line]


def _message(document: InvoiceDocument, payment: PaymentDetails) -> str:
    """A reference that is no RF travels as a message; else the number of the invoice does."""
    text = document.number if payment.reference_kind is ReferenceKind.RF else payment.reference
    return qr.one_line(printable(text), _MESSAGE)


def _iban(payment: PaymentDetails) -> str:
    return "".join(payment.account.split()).upper()


def _is_qr_iban(iban: str) -> bool:
    return iban[4:9].isdigit() and int(iban[4:9]) in _QR_IID
