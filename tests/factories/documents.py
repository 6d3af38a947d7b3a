"""Documents as organisations in four countries would send them."""

import datetime as dt
import struct
import zlib
from dataclasses import replace
from typing import Any, Final

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
)

ISSUED: Final = dt.date(2026, 11, 1)
DUE: Final = dt.date(2026, 11, 30)
YEAR: Final = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def png_logo(width: int = 600, height: int = 180) -> bytes:
    """Return a PNG of slanting stripes, as wide as logos tend to be."""
    stripe, paper = bytes((11, 92, 98)), bytes((255, 255, 255))
    row = [
        b"\0" + b"".join(stripe if (x * 7 + y * 3) % 97 < 60 else paper for x in range(width)) for y in range(height)
    ]
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(row))),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


SVG_LOGO: Final = b"""<svg xmlns="http://www.w3.org/2000/svg" width="180" height="60" viewBox="0 0 180 60">
<circle cx="30" cy="30" r="26" fill="#8a1c4a"/>
<path d="M22 18v26M22 18h18v22" stroke="#fff" stroke-width="5" fill="none"/>
<rect x="70" y="20" width="100" height="8" fill="#8a1c4a"/><rect x="70" y="34" width="70" height="8" fill="#8a1c4a"/>
</svg>"""

CHOIR: Final = Party(
    name="Körförbundet Klang",
    address=("Storgatan 1", "111 22 Stockholm"),
    country="SE",
    org_number="802400-1234",
    email="info@klang.example",
    phone="08-123 45 67",
    website="klang.example",
)
UNION: Final = Party(
    name="Fagforbundet Nord",
    address=("Sjøgata 12", "9008 Tromsø"),
    country="NO",
    org_number="987 654 325",
    email="medlem@nord.example",
)
CLUB: Final = Party(
    name="Roeivereniging De Amstel",
    address=("Weesperzijde 1001", "1091 EH Amsterdam"),
    country="NL",
    org_number="40530001",
    email="penningmeester@amstel.example",
)
GYMNASTS: Final = Party(
    name="Turnverein Waldhausen 1889 e. V.",
    address=("Turnhallenweg 4", "73547 Lorch"),
    country="DE",
    org_number="VR 720123",
    email="kasse@tvw.example",
    phone="07172 12345",
)


def swedish(**changes: Any) -> InvoiceDocument:
    """Return a Swedish invoice with bankgiro, OCR and Swish."""
    document = InvoiceDocument(
        kind=Kind.INVOICE,
        language="sv",
        number="2026-000123",
        date=ISSUED,
        due_date=DUE,
        currency="SEK",
        sender=CHOIR,
        recipient=Party("Åsa Öberg", ("Lillvägen 3 B", "222 33 Lund"), "SE"),
        lines=(
            Line("Medlemsavgift", 30000, period=YEAR),
            Line("Lokalavgift Lunds kammarkör", 115000, member="Åsa Öberg"),
            Line("Tidningen Klang", 5050),
        ),
        payment=PaymentDetails("50501055", AccountKind.BANKGIRO, "1234567897", ReferenceKind.OCR, swish="1231234567"),
        look=Look(Logo(png_logo(), "1")),
        intro=("Tack för att du sjunger med oss. Här är din avgift för 2026.",),
        notes=("Frågor om fakturan? Skriv till info@klang.example.",),
    )
    return replace(document, **changes)


def norwegian(**changes: Any) -> InvoiceDocument:
    """Return a Norwegian invoice with account and KID."""
    document = InvoiceDocument(
        kind=Kind.INVOICE,
        language="nb",
        number="100045",
        date=ISSUED,
        due_date=DUE,
        currency="NOK",
        sender=UNION,
        recipient=Party("Kåre Næss", ("Fjellveien 8", "9016 Tromsø"), "NO"),
        lines=(Line("Kontingent, forbund", 245000, period=YEAR), Line("Kontingent, avdeling 23", 60000, period=YEAR)),
        paid=100000,
        payment=PaymentDetails("12345678903", AccountKind.NORWEGIAN, "0001000456", ReferenceKind.KID),
        look=Look(colour="#1b4c8c"),
        intro=("Her er kontingenten for 2026.",),
    )
    return replace(document, **changes)


def dutch(**changes: Any) -> InvoiceDocument:
    """Return a Dutch invoice with IBAN and betalingskenmerk, for a family."""
    document = InvoiceDocument(
        kind=Kind.INVOICE,
        language="nl",
        number="F2026-0815",
        date=ISSUED,
        due_date=DUE,
        currency="EUR",
        sender=CLUB,
        recipient=Party("Familie Van den Berg", ("Prinsengracht 263", "1016 GV Amsterdam"), "NL"),
        lines=(
            Line("Contributie jeugd", 12000, quantity=1, member="Sanne van den Berg", period=YEAR),
            Line("Contributie jeugd", 12000, quantity=1, member="Daan van den Berg", period=YEAR),
            Line("Gezinskorting", -2400),
        ),
        payment=PaymentDetails(
            "NL91ABNA0417164300", AccountKind.IBAN, "5678901234567890", ReferenceKind.BETALINGSKENMERK, bic="ABNANL2A"
        ),
        look=Look(Logo(SVG_LOGO, "3"), "#8a1c4a"),
        intro=("Hierbij ontvangt u de contributie voor 2026.",),
    )
    return replace(document, **changes)


def german(**changes: Any) -> InvoiceDocument:
    """Return a German invoice with IBAN and a creditor reference (RF)."""
    document = InvoiceDocument(
        kind=Kind.INVOICE,
        language="de",
        number="R-2026-77",
        date=ISSUED,
        due_date=DUE,
        currency="EUR",
        sender=GYMNASTS,
        recipient=Party("Dr. Jürgen Groß", ("Mühlstraße 5", "73525 Schwäbisch Gmünd"), "DE"),
        lines=(
            Line("Jahresbeitrag Erwachsene", 9600, period=YEAR),
            Line("Abteilungsbeitrag Turnen", 2400, period=YEAR),
        ),
        payment=PaymentDetails(
            "DE89370400440532013000", AccountKind.IBAN, "RF18539007547034", ReferenceKind.RF, bic="COBADEFFXXX"
        ),
        look=Look(Logo(png_logo(400, 300), "2"), "#734600"),
        intro=("Sehr geehrter Herr Dr. Groß,", "hier ist Ihr Mitgliedsbeitrag für 2026."),
    )
    return replace(document, **changes)


def swiss(**changes: Any) -> InvoiceDocument:
    """Return a Swiss invoice in francs, with a creditor reference (RF)."""
    sender = replace(GYMNASTS, name="Turnverein Aarau", address=("Turnweg 4", "5000 Aarau"), country="CH")
    document = replace(
        german(),
        currency="CHF",
        sender=sender,
        recipient=Party("Jürg Müller", ("Dorfstrasse 5", "3012 Bern"), "CH"),
        payment=PaymentDetails("CH58 0079 1123 0008 8901 2", AccountKind.IBAN, "RF18539007547034", ReferenceKind.RF),
    )
    return replace(document, **changes)


def reminder(**changes: Any) -> InvoiceDocument:
    """Return the second reminder of a Swedish invoice, for what is still open and a fee."""
    standing = {
        "kind": Kind.REMINDER,
        "number": "P-2026-0042",
        "date": dt.date(2026, 12, 15),
        "original": Original("2026-000123", ISSUED),
        "level": 2,
        "pay_by": dt.date(2026, 12, 29),
        "lines": (Line("Kvar att betala på faktura 2026-000123", 50050), Line("Påminnelseavgift", 6000)),
        "intro": ("Din avgift är inte betald.",),
        "notes": (),
    }
    return swedish(**(standing | changes))


def credit_note(**changes: Any) -> InvoiceDocument:
    """Return a German credit note for the membership fee."""
    standing = {
        "kind": Kind.CREDIT_NOTE,
        "number": "G-2026-3",
        "original": Original("R-2026-77", ISSUED),
        "date": dt.date(2026, 11, 12),
        "lines": (Line("Jahresbeitrag Erwachsene", 9600, period=YEAR),),
        "intro": (),
    }
    return german(**(standing | changes))


def many(count: int) -> list[InvoiceDocument]:
    """Return `count` Swedish invoices that differ in number, name, amount and reference, as a run makes them."""
    return [
        swedish(
            number=f"2026-{number:06}",
            recipient=Party(f"Åsa Öberg {number}", (f"Lillvägen {number} B", "222 33 Lund"), "SE"),
            lines=(
                Line("Medlemsavgift", 30000 + number, period=YEAR),
                Line("Lokalavgift Lund", 11500),
                Line("Tidningen Klang", 5050),
            ),
            payment=PaymentDetails(
                "50501055", AccountKind.BANKGIRO, f"{10_000_000 + number}", ReferenceKind.OCR, swish="1231234567"
            ),
        )
        for number in range(1, count + 1)
    ]
