"""A tree of groups, its creditors and their bank agreements."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.errors import (
    AccountInUseError,
    AccountNumberError,
    AlreadyCreditorError,
    ReferenceLengthError,
    SlugError,
)
from dues.groups.establish import CreditorDetails, add_group, make_creditor
from dues.groups.models import BankAgreement, Creditor, Group, ReferenceKind
from dues.journal.chart import add_bank
from tests.factories.organisation import organisation

if TYPE_CHECKING:
    from dues.groups.establish import AgreementTerms

DETAILS: CreditorDetails = {
    "name": "Förbundet",
    "org_number": "802999-9995",
    "currency": "SEK",
    "street": "Storgatan 1",
    "postcode": "111 22",
    "city": "Stockholm",
    "email": "office@example.org",
}


def group(session: Session, slug: str, parent: Group | None = None) -> Group:
    return add_group(session, name=slug.title(), slug=slug, parent=parent, language="sv", country="SE")


def creditor(session: Session, of: Group) -> Creditor:
    return make_creditor(session, group=of, **DETAILS)


def test_a_path_names_every_group_from_the_root_down(session: Session) -> None:
    root = group(session, "root")
    region = group(session, "region", root)
    local = group(session, "local", region)
    assert local.path == f"{root.id}.{region.id}.{local.id}."
    assert session.scalars(select(Group.slug).where(Group.path.op("^@")(region.path)).order_by(Group.path)).all() == [
        "region",
        "local",
    ]


def test_a_new_group_belongs_to_the_nearest_creditor_above(session: Session) -> None:
    root = group(session, "root")
    assert root.creditor_id is None
    above = creditor(session, root)
    assert group(session, "local", group(session, "region", root)).creditor_id == above.id


def test_a_new_creditor_takes_over_what_has_no_nearer_one(session: Session) -> None:
    root = group(session, "root")
    above = creditor(session, root)
    region = group(session, "region", root)
    plain, bookish = group(session, "plain", region), group(session, "bookish", region)
    nearest = creditor(session, bookish)
    team = group(session, "team", bookish)
    between = creditor(session, region)
    found = dict(session.execute(select(Group.slug, Group.creditor_id)).all())
    assert found == {
        "root": above.id,
        "region": between.id,
        "plain": between.id,
        "bookish": nearest.id,
        "team": nearest.id,
    }
    assert (plain.creditor_id, team.creditor_id) == (between.id, nearest.id)


def test_a_creditor_is_sensitive_until_that_is_switched_off(session: Session) -> None:
    open_about_it: CreditorDetails = {**DETAILS, "sensitive": False}
    assert creditor(session, group(session, "root")).sensitive
    assert not make_creditor(session, group=group(session, "other"), **open_about_it).sensitive


def test_a_group_is_made_a_creditor_once(session: Session) -> None:
    root = group(session, "root")
    creditor(session, root)
    with pytest.raises(AlreadyCreditorError, match="Root is a creditor already"):
        creditor(session, root)


@pytest.mark.parametrize("slug", ["Körförbundet", "two words", "-a", "a--b", "", "a\n"])
def test_an_address_is_plain(session: Session, slug: str) -> None:
    with pytest.raises(SlugError, match="small letters"):
        group(session, slug)


def test_an_address_is_given_once(session: Session) -> None:
    group(session, "root")
    with pytest.raises(SlugError, match="another group has it"):
        group(session, "root")


@pytest.mark.parametrize(
    ("scheme", "written", "kept"),
    [
        ("BGNR", "5050-1055", "50501055"),
        ("BGNR", "991-2346", "9912346"),
        ("PGNR", "4 15 28-1", "415281"),
        ("BBAN", "8601.11.17947", "86011117947"),
        ("IBAN", "nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
    ],
)
def test_an_account_is_kept_as_bank_files_give_it(session: Session, scheme: str, written: str, kept: str) -> None:
    made = organisation(session)
    agreement = add_bank(
        session,
        creditor=made.creditor,
        scheme=scheme,
        number=written,
        currency="EUR" if scheme == "BGNR" else "SEK",
        reference_kind=ReferenceKind.OCR,
    )
    assert agreement.number == kept
    assert agreement.iban == (kept if scheme == "IBAN" else None)


@pytest.mark.parametrize(
    ("scheme", "written"),
    [("BGNR", "5050-1056"), ("BGNR", "42"), ("PGNR", "4 15 28-9"), ("BBAN", "86011117948"), ("IBAN", "NL00XXXX")],
)
def test_an_account_with_wrong_check_digits_is_refused(session: Session, scheme: str, written: str) -> None:
    made = organisation(session)
    with pytest.raises(AccountNumberError, match="not a valid"):
        add_bank(session, creditor=made.creditor, scheme=scheme, number=written, reference_kind=ReferenceKind.OCR)


def test_an_account_belongs_to_one_agreement(session: Session) -> None:
    organisation(session)
    with pytest.raises(AccountInUseError, match="BGNR 50501055 in SEK"):
        organisation(session, prefix="other")


def test_references_have_a_length_that_banks_take(session: Session) -> None:
    made = organisation(session)
    with pytest.raises(ReferenceLengthError, match="not 25"):
        add_bank(
            session,
            creditor=made.creditor,
            scheme="BGNR",
            number="991-2346",
            reference_kind=ReferenceKind.OCR,
            reference_length=25,
        )


def test_a_new_agreement_is_the_preferred_one_and_the_old_one_stays(session: Session) -> None:
    made = organisation(session)
    terms: AgreementTerms = {"scheme": "BGNR", "number": "991-2346", "reference_kind": ReferenceKind.OCR}
    new = add_bank(session, creditor=made.creditor, **terms)
    found = select(BankAgreement.id, BankAgreement.preferred).where(BankAgreement.creditor_id == made.creditor.id)
    assert dict(session.execute(found).all()) == {made.agreement.id: False, new.id: True}
