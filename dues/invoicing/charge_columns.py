"""Which column of a table of lines is which: what the lines need, and what columns are called in five languages."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from dues.folding import folded
from tablefiles import Notation


class Field(StrEnum):
    """What a column of lines to be charged may hold."""

    NUMBER = "number"
    EMAIL = "email"
    EXTERNAL = "external"
    PRODUCT = "product"
    TEXT = "text"
    QUANTITY = "quantity"
    PRICE = "price"
    ACCOUNT = "account"


PERSONS: Final = (Field.NUMBER, Field.EMAIL, Field.EXTERNAL)
"""By what a person is named; one of them is enough."""

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
    Field.PRICE: "price|unit price|amount|pris|à-pris|belopp|beløp|prijs|bedrag|preis|einzelpreis|betrag",
    Field.ACCOUNT: "account|revenue account|konto|intäktskonto|inntektskonto|rekening|grootboekrekening|ertragskonto",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is read: which column (by its name) holds what, and how numbers are written in it.

    ``system`` is whose external ids they are; ``account`` is the revenue account of free lines that name none;
    ``due_on`` is an ISO day, "" for the creditor's days of payment.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    notation: Notation = Notation.CLEAR
    system: str = ""
    account: str = ""
    due_on: str = ""

    def stored(self) -> dict[str, Any]:
        """Return it as a file keeps it."""
        return {**asdict(self), "columns": dict(self.columns), "notation": self.notation.value}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Return how a file is read from what it keeps."""
        return cls(**{**stored, "notation": Notation(stored.get("notation", Notation.CLEAR))}) if stored else cls()

    def places(self, header: Sequence[str]) -> dict[Field, int]:
        """Return the place of each column in a header."""
        found = {name: place for place, name in enumerate(header)}
        return {Field(what): found[name] for what, name in self.columns.items() if name in found}


def guessed(header: Sequence[str]) -> dict[str, str]:
    """Return which column holds what, as far as their names tell: what it holds to what it is called."""
    called = {folded(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for what, names in _CALLED.items():
        hit = next((called[name] for name in map(folded, names.split("|")) if name in called), None)
        if hit is not None and hit not in found.values():
            found[what.value] = hit
    return found


def header_digest(header: Sequence[str]) -> str:
    """Return what names a set of columns, in whatever order they stand."""
    return hashlib.sha256(json.dumps(sorted(folded(name) for name in header)).encode()).hexdigest()
