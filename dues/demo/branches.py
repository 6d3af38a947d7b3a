"""The federation's four national branches: who they are, how they are paid, what they charge.

Account numbers are the examples that Bankgirot and the IBAN registry publish; phone numbers come from the ranges
that telecom authorities keep for fiction; addresses of e-mail end in names kept for examples (RFC 2606).
"""

from dataclasses import dataclass

from dues.demo.germany import GERMANY
from dues.demo.netherlands import NETHERLANDS
from dues.demo.norway import NORWAY
from dues.demo.sweden import SWEDEN
from dues.demo.words import Words
from dues.groups.establish import AgreementTerms, CreditorDetails
from dues.groups.models import ReferenceKind


@dataclass(frozen=True, slots=True)
class Branch:
    """A national branch.

    ``share`` is how many of twenty members are its; ``price`` is, in whole units of the currency, what a grown-up
    pays the national branch a year, from which all its prices follow.
    """

    slug: str
    country: str
    language: str
    colour: str
    share: int
    price: int
    phone: str
    phones: range
    words: Words
    creditor: CreditorDetails
    agreement: AgreementTerms


BRANCHES = (
    Branch(
        slug="sverige",
        country="SE",
        language="sv",
        colour="#1f4e8c",
        share=7,
        price=300,
        phone="+46701740",
        phones=range(605, 700),
        words=SWEDEN,
        creditor={
            "name": "Kontingent Demo Sverige",
            "org_number": "802999-9995",
            "currency": "SEK",
            "street": "Exempelgatan 1",
            "postcode": "111 22",
            "city": "Stockholm",
            "email": "sverige@kontingent.example",
            "phone": "+46846500400",
            "sensitive": False,
        },
        agreement={
            "scheme": "BGNR",
            "number": "5050-1055",
            "reference_kind": ReferenceKind.OCR,
            "reference_length": 12,
            "length_digit": True,
            "iban": "SE45 5000 0000 0583 9825 7466",
            "swish_number": "1231181189",
        },
    ),
    Branch(
        slug="norge",
        country="NO",
        language="nb",
        colour="#8c2f39",
        share=5,
        price=320,
        phone="",
        phones=range(0),
        words=NORWAY,
        creditor={
            "name": "Kontingent Demo Norge",
            "org_number": "999 999 999",
            "currency": "NOK",
            "street": "Eksempelveien 1",
            "postcode": "0150",
            "city": "Oslo",
            "email": "norge@kontingent.example",
            "sensitive": False,
            "payment_days": 21,
        },
        agreement={
            "scheme": "BBAN",
            "number": "8601 11 17947",
            "reference_kind": ReferenceKind.KID,
            "reference_length": 12,
            "iban": "NO93 8601 1117 947",
        },
    ),
    Branch(
        slug="nederland",
        country="NL",
        language="nl",
        colour="#a64b00",
        share=4,
        price=30,
        phone="",
        phones=range(0),
        words=NETHERLANDS,
        creditor={
            "name": "Kontingent Demo Nederland",
            "org_number": "00000000",
            "currency": "EUR",
            "street": "Voorbeeldstraat 1",
            "postcode": "3511 AB",
            "city": "Utrecht",
            "email": "nederland@kontingent.example",
            "sensitive": False,
        },
        agreement={
            "scheme": "IBAN",
            "number": "NL91 ABNA 0417 1643 00",
            "reference_kind": ReferenceKind.RF,
            "reference_length": 12,
        },
    ),
    Branch(  # church choirs: membership tells a faith, so nothing is said of it in open mail
        slug="deutschland",
        country="DE",
        language="de",
        colour="#3d5a1e",
        share=4,
        price=36,
        phone="+493023125",
        phones=range(1000),
        words=GERMANY,
        creditor={
            "name": "Kontingent Demo Kirchenchöre",
            "org_number": "VR 0000 B",
            "currency": "EUR",
            "street": "Beispielweg 1",
            "postcode": "10115",
            "city": "Berlin",
            "email": "deutschland@kontingent.example",
            "phone": "+493023125000",
            "sensitive": True,
            "payment_days": 14,
        },
        agreement={
            "scheme": "IBAN",
            "number": "DE89 3704 0044 0532 0130 00",
            "reference_kind": ReferenceKind.RF,
            "reference_length": 12,
        },
    ),
)
