"""A small organisation, ready to charge: two groups below one creditor, a bank agreement, two fee components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Unpack

from dues.groups.establish import AgreementTerms, add_group, make_creditor
from dues.groups.models import BankAgreement, Creditor, Group, ReferenceKind
from dues.journal.chart import Earning, add_bank, set_up_books
from dues.pricing.set_up import TypeTerms, add_component, add_price, add_type

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dues.members.models import MembershipType
    from dues.pricing.models import FeeComponent

CURRENCIES: Final = {"SE": "SEK", "NO": "NOK", "NL": "EUR", "DE": "EUR"}
LANGUAGES: Final = {"SE": "sv", "NO": "nb", "NL": "nl", "DE": "de"}
AGREEMENTS: Final[dict[str, AgreementTerms]] = {
    "SE": {
        "scheme": "BGNR",
        "number": "5050-1055",
        "reference_kind": ReferenceKind.OCR,
        "length_digit": True,
        "swish_number": "1231181189",
    },
    "NO": {
        "scheme": "BBAN",
        "number": "8601 11 17947",
        "reference_kind": ReferenceKind.KID,
        "iban": "NO93 8601 1117 947",
    },
    "NL": {"scheme": "IBAN", "number": "NL91 ABNA 0417 1643 00", "reference_kind": ReferenceKind.RF},
    "DE": {"scheme": "IBAN", "number": "DE89 3704 0044 0532 0130 00", "reference_kind": ReferenceKind.RF},
}

NATIONAL_FEE: Final = 30000
LOCAL_FEE: Final = 20000
FEE: Final = NATIONAL_FEE + LOCAL_FEE


@dataclass(frozen=True)
class Organisation:
    """What `organisation` made. ``north`` and ``south`` are local groups below ``root``, which is the creditor's."""

    root: Group
    north: Group
    south: Group
    creditor: Creditor
    agreement: BankAgreement
    national: FeeComponent
    local: FeeComponent
    member_type: MembershipType


def organisation(
    session: Session, *, country: str = "SE", sensitive: bool = False, prefix: str = "org", **terms: Unpack[TypeTerms]
) -> Organisation:
    """Set up an organisation whose yearly fee is 300 national and 200 local, in its country's currency.

    ``terms`` are those of `add_type`; ``prefix`` keeps the addresses of several organisations apart.
    """
    language = LANGUAGES[country]
    root = add_group(session, name="Riks", slug=prefix, parent=None, language=language, country=country)
    creditor = _creditor(session, root, sensitive=sensitive)
    north, south = (
        add_group(
            session,
            name=name,
            slug=f"{prefix}-{name.lower()}",
            parent=root,
            language=language,
            country=country,
            joinable=True,
        )
        for name in ("Norr", "Syd")
    )
    national = add_component(session, group=root, slug="national", names={"en": "National fee"}, beneficiary=root)
    local = add_component(session, group=root, slug="local", names={"en": "Local fee"})
    set_up_books(session, creditor=creditor, earnings=[Earning(c.id, c.names) for c in (national, local)])
    for component, amount in ((national, NATIONAL_FEE), (local, LOCAL_FEE)):
        add_price(session, component=component, amount=amount, currency=creditor.currency)
    agreement = add_bank(session, creditor=creditor, **AGREEMENTS[country])
    return Organisation(
        root=root,
        north=north,
        south=south,
        creditor=creditor,
        agreement=agreement,
        national=national,
        local=local,
        member_type=_type(session, root, (national, local), terms),
    )


def books_of_its_own(session: Session, group: Group, *, currency: str | None = None) -> Creditor:
    """Let a group below an organisation keep its own books from now on."""
    creditor = _creditor(session, group, name=group.name, sensitive=False, currency=currency)
    set_up_books(session, creditor=creditor)
    return creditor


def _creditor(
    session: Session, root: Group, *, sensitive: bool, name: str = "Riksförbundet", currency: str | None = None
) -> Creditor:
    return make_creditor(
        session,
        group=root,
        name=name,
        org_number="802999-9995",
        currency=currency or CURRENCIES[root.country],
        street="Storgatan 1",
        postcode="111 22",
        city="Stockholm",
        email="office@example.org",
        sensitive=sensitive,
    )


def _type(
    session: Session, root: Group, components: tuple[FeeComponent, FeeComponent], terms: TypeTerms
) -> MembershipType:
    return add_type(session, group=root, slug="member", names={"en": "Member"}, components=components, **terms)
