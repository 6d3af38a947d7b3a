"""The yearly report of gifts to the Norwegian tax authority (RF-1310) as its XML, version 2.

Sources: Skatteetaten, api-dokumentasjon, "Innrapportering gaver til frivillige" (elements, their meaning and order in
its example), and the name of the version 2 schema, `gavefrivilligorganisasjon_v2_0.xsd`. The schema itself could not be
read here: lengths and patterns are ours, and the receipt of the authority has the last word. From 500 kr to one
receiver in a year (Skatteetaten, "Gaver til frivillige organisasjoner") a gift can be deducted; below, nothing is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree
from lxml.etree import _Element as Element
from stdnum.exceptions import ValidationError
from stdnum.no import orgnr

from documents.printable import printable
from dues.groups.models import Creditor
from dues.payments.gifts.yearly import Reported

NAMESPACE: Final = "urn:ske:fastsetting:innsamling:gavefrivilligorganisasjon:v2"
LEAST: Final = 500_00
"""Øre of a donor in a year below which nothing can be deducted."""
_SYSTEM: Final = "Kontingent"
_KRONE: Final = 100


class IncompleteSenderError(Exception):
    """The report names whom to ask: the creditor lacks its number, telephone or e-mail."""

    def __init__(self, lacks: Sequence[str]) -> None:
        super().__init__(f"The creditor lacks {', '.join(lacks)}.")
        self.lacks = tuple(lacks)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Donors of a year: those whom the authority is told of, and how many it is not, for each reason."""

    told: Sequence[Reported]
    unknown: int
    little: int


def sort_out(rows: Sequence[Reported]) -> Sorted:
    """Say who is told of: whoever gave kroner enough, and whose identity number is known."""
    kroner = [one for one in rows if one.currency == "NOK"]
    enough = [one for one in kroner if one.amount >= LEAST]
    told = [one for one in enough if one.identity]
    return Sorted(told, len(enough) - len(told), len(kroner) - len(enough))


def report(creditor: Creditor, rows: Sequence[Reported], *, year: int) -> bytes:
    """Return the report of a year, whole kroner a donor (øre are left off). Raises IncompleteSenderError."""
    number = _number(creditor)
    lacks = {"number": number, "phone": creditor.phone, "email": creditor.email}
    if missing := [name for name, there in lacks.items() if not there]:
        raise IncompleteSenderError(missing)
    told = sort_out(rows).told
    root = etree.Element(_tag("melding"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # its stub knows no namespace without a prefix
    delivery = _sub(root, "leveranse")
    _sub(delivery, "kildesystem", _SYSTEM)
    sender = _sub(delivery, "oppgavegiver")
    _sub(sender, "organisasjonsnummer", number)
    _sub(sender, "organisasjonsnavn", creditor.name)
    contact = _sub(sender, "kontaktinformasjon")
    _sub(contact, "navn", creditor.name)
    _sub(contact, "telefonnummer", "".join(creditor.phone.split()))
    _sub(contact, "varselEpostadresse", creditor.email)
    _sub(delivery, "inntektsaar", str(year))
    _sub(delivery, "oppgavegiversLeveranseReferanse", f"{number}-{year}")
    _sub(delivery, "leveransetype", "ordinaer" if told else "ingenoppgaver")
    for one in told:
        _donor(delivery, one)
    summary = _sub(delivery, "oppgaveoppsummering")
    _sub(summary, "antallOppgaver", str(len(told)))
    _sub(summary, "sumBeloep", str(sum(one.amount // _KRONE for one in told)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _donor(delivery: Element, one: Reported) -> None:
    told = _sub(delivery, "oppgave")
    owner = _sub(told, "oppgaveeier")
    _sub(owner, "foedselsnummer", one.identity)
    _sub(owner, "navn", printable(f"{one.person.given_name} {one.person.family_name}".strip()) or "-")
    _sub(told, "beloep", str(one.amount // _KRONE))


def _number(creditor: Creditor) -> str:
    try:
        return str(orgnr.validate(creditor.org_number.upper().removeprefix("NO").removesuffix("MVA")))
    except ValidationError:
        return ""


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _sub(above: Element, name: str, words: str | None = None) -> Element:
    found = etree.SubElement(above, _tag(name))
    found.text = words
    return found
