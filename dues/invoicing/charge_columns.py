"""Which column of a table is which: what its rows may hold, and what columns are called in five languages."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from dues.folding import folded
from tablefiles import DateOrder, Notation


class Field(StrEnum):
    """What a column may hold."""

    NUMBER = "number"
    EMAIL = "email"
    EXTERNAL = "external"
    PRODUCT = "product"
    TEXT = "text"
    QUANTITY = "quantity"
    PRICE = "price"
    ACCOUNT = "account"
    INVOICE = "invoice"
    REFERENCE = "reference"
    ISSUED = "issued"
    DUE = "due"
    PAID = "paid"
    CURRENCY = "currency"


PERSONS: Final = (Field.NUMBER, Field.EMAIL, Field.EXTERNAL)
"""By what a person is named; one of them is enough."""
CHARGED: Final = (*PERSONS, Field.PRODUCT, Field.TEXT, Field.QUANTITY, Field.PRICE, Field.ACCOUNT)
"""What lines to be charged may say."""
TAKEN_IN: Final = (
    Field.INVOICE,
    *PERSONS,
    Field.ISSUED,
    Field.DUE,
    Field.REFERENCE,
    Field.PRICE,
    Field.PAID,
    Field.CURRENCY,
    Field.TEXT,
    Field.PRODUCT,
    Field.ACCOUNT,
)
"""What invoices of another system may say."""

_CALLED: Final[Mapping[Field, str]] = {
    Field.NUMBER: "member number|member no|member|number|person number|medlemsnummer|medlemsnr|medlem|medlemsnummer"
    "|lidnummer|lidnr|relatienummer|mitgliedsnummer|mitgliedsnr|mitglied|personnummer",
    Field.EMAIL: "email|e-mail|mail|e-mail address|e-post|epost|e-postadress|e-postadresse|e-mailadres|e-mail-adresse",
    Field.EXTERNAL: "external id|external|id|externt id|ekstern id|extern id|extern nummer|externe id|externe nummer",
    Field.PRODUCT: "product|product number|article|item|produkt|produktnummer|artikel|artikelnummer|vare|varenummer"
    "|artikelnr|productnummer",
    Field.TEXT: "text|description|for what|beskrivning|benämning|tekst|beskrivelse|omschrijving|bezeichnung"
    "|beschreibung",
    Field.QUANTITY: "quantity|number of|antal|antall|aantal|menge|anzahl|qty",
    Field.PRICE: "price|unit price|amount|pris|à-pris|belopp|beløp|prijs|bedrag|preis|einzelpreis|betrag"
    "|total|summa|sum|totaal|summe",
    Field.ACCOUNT: "account|revenue account|konto|intäktskonto|inntektskonto|rekening|grootboekrekening|ertragskonto",
    Field.INVOICE: "invoice number|invoice no|invoice|fakturanummer|fakturanr|faktura|factuurnummer|factuurnr|factuur"
    "|rechnungsnummer|rechnungsnr|rechnung|avinummer",
    Field.REFERENCE: "reference|payment reference|ocr|ocr number|kid|rf|referens|ocr-nummer|betalningsreferens"
    "|referanse|kid-nummer|betalingskenmerk|kenmerk|referenz|zahlungsreferenz|verwendungszweck",
    Field.ISSUED: "issued|issue date|invoice date|date|fakturadatum|datum|utställd|fakturadato|dato|utstedt"
    "|factuurdatum|rechnungsdatum",
    Field.DUE: "due|due date|pay by|förfallodatum|förfallodag|förfaller|forfallsdato|forfall|vervaldatum"
    "|fälligkeitsdatum|fällig|fällig am",
    Field.PAID: "paid|already paid|amount paid|betalt|redan betalt|inbetalt|allerede betalt|innbetalt|betaald"
    "|reeds betaald|bezahlt|bereits bezahlt",
    Field.CURRENCY: "currency|valuta|währung",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is read: which column (by its name) holds what, and how numbers are written in it.

    ``system`` is whose external ids they are; ``account`` is the revenue account of free lines that name none;
    ``due_on`` is an ISO day, "" for the creditor's days of payment. Of invoices that are taken in, ``source`` is the
    system that issued them, ``dates`` how their days are written, and ``quoted`` what sort of reference they bear.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    notation: Notation = Notation.CLEAR
    system: str = ""
    account: str = ""
    due_on: str = ""
    source: str = ""
    dates: DateOrder = DateOrder.ISO
    quoted: str = ""

    def stored(self) -> dict[str, Any]:
        """Return it as a file keeps it."""
        plain = {"columns": dict(self.columns), "notation": self.notation.value, "dates": self.dates.value}
        return {**asdict(self), **plain}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Return how a file is read from what it keeps."""
        notation, dates = stored.get("notation", Notation.CLEAR), stored.get("dates", DateOrder.ISO)
        return cls(**{**stored, "notation": Notation(notation), "dates": DateOrder(dates)}) if stored else cls()

    def places(self, header: Sequence[str]) -> dict[Field, int]:
        """Return the place of each column in a header."""
        found = {name: place for place, name in enumerate(header)}
        return {Field(what): found[name] for what, name in self.columns.items() if name in found}


def guessed(header: Sequence[str], fields: Sequence[Field] = CHARGED) -> dict[str, str]:
    """Return which column holds which field, as far as their names tell: what it holds to what it is called."""
    called = {folded(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for what in fields:
        hit = next((called[name] for name in map(folded, _CALLED[what].split("|")) if name in called), None)
        if hit is not None and hit not in found.values():
            found[what.value] = hit
    return found


def header_digest(header: Sequence[str]) -> str:
    """Return what names a set of columns, in whatever order they stand."""
    return hashlib.sha256(json.dumps(sorted(folded(name) for name in header)).encode()).hexdigest()
