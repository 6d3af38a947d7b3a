"""Groups and creditors are changed, and taken away only while nothing hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dues.editing import FixedError, MissingError, StillUsedError
from dues.groups.change import change_group, remove_group
from dues.groups.errors import ColourError, LanguageError, OrgNumberError, SlugError, SlugTakenError
from dues.groups.establish import add_group
from dues.groups.models import Group
from dues.groups.org_numbers import org_number
from dues.journal.creditors import change_books, remove_creditor
from dues.journal.models import Account, PostingRule
from dues.pricing.creditors import found_creditor
from tests.factories.organisation import organisation
from tests.groups.test_establish import DETAILS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_a_group_is_changed_and_found_by_its_new_name(session: Session) -> None:
    made = organisation(session)
    changed = change_group(
        session, group_id=made.north.id, name="  Nya  Norr", slug="nya-norr", colour="F5C", joinable=False
    )
    assert (changed.name_key, changed.slug, changed.colour, changed.joinable) == (
        "nya norr",
        "nya-norr",
        "#ff55cc",
        False,
    )


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"name": " "}, MissingError),
        ({"language": "fi"}, LanguageError),
        ({"slug": "Norr!"}, SlugError),
        ({"slug": "org-syd"}, SlugTakenError),
        ({"colour": "yellow"}, ColourError),
    ],
)
def test_what_no_group_can_be_is_refused(session: Session, changes: dict[str, str], refused: type[Exception]) -> None:
    made = organisation(session)
    with pytest.raises(refused):
        change_group(session, group_id=made.north.id, **changes)  # type: ignore[arg-type]  # wrong on purpose


def test_a_group_goes_only_while_nothing_hangs_on_it(session: Session) -> None:
    made = organisation(session)
    leaf = add_group(session, name="Ny", slug="ny", parent=made.north, language="sv", country="SE")
    with pytest.raises(StillUsedError) as refused:
        remove_group(session, group_id=made.north.id)
    assert refused.value.table == "groups"
    remove_group(session, group_id=leaf.id)
    remove_group(session, group_id=made.north.id)
    assert session.scalar(select(Group.id).where(Group.slug == "org-norr")) is None


def test_a_new_creditor_has_an_account_for_everything_that_is_charged_there(session: Session) -> None:
    made = organisation(session)
    details = {**DETAILS, "name": "Norrs kassa"}
    north = found_creditor(session, group_id=made.north.id, **details)  # type: ignore[arg-type]  # the same keys
    assert made.north.creditor_id == north.id
    earned = select(PostingRule.component_id).where(PostingRule.creditor_id == north.id, PostingRule.event == "issue")
    assert set(session.scalars(earned)) == {made.national.id, made.local.id}


def test_currency_and_country_are_fixed_once_a_creditor_is_used(session: Session) -> None:
    made = organisation(session)
    with pytest.raises(FixedError) as refused:
        change_books(session, creditor_id=made.creditor.id, currency="EUR")
    assert refused.value.field == "currency"
    changed = change_books(session, creditor_id=made.creditor.id, payment_days=14, currency="SEK")
    assert changed.payment_days == 14


def test_an_unused_creditor_takes_its_books_to_another_currency(session: Session) -> None:
    made = organisation(session)
    north = found_creditor(session, group_id=made.north.id, **DETAILS)
    change_books(session, creditor_id=north.id, currency="EUR", country="NL", org_number="12345678")
    assert set(session.scalars(select(Account.currency).where(Account.creditor_id == north.id))) == {"EUR"}


def test_a_creditor_that_goes_gives_its_groups_back(session: Session) -> None:
    made = organisation(session)
    north = found_creditor(session, group_id=made.north.id, **DETAILS)
    team = add_group(session, name="Lag", slug="lag", parent=made.north, language="sv", country="SE")
    remove_creditor(session, creditor_id=north.id)
    session.expire_all()
    assert (made.north.creditor_id, team.creditor_id) == (made.creditor.id, made.creditor.id)
    with pytest.raises(StillUsedError):
        remove_creditor(session, creditor_id=made.creditor.id)


@pytest.mark.parametrize(
    ("country", "written"),
    [
        ("SE", "802999-9995"),
        ("NO", "987 654 325"),
        ("NL", "40530001"),
        ("NL", "NL123456782B12"),
        ("DE", "VR 720123"),
        ("DE", "Ulm VR 720123"),
        ("DE", "DE136695976"),
        ("FI", "anything at all"),
    ],
)
def test_organisation_numbers_are_taken_as_their_country_gives_them(country: str, written: str) -> None:
    assert org_number(country, f" {written} ") == written


@pytest.mark.parametrize(
    ("country", "written"), [("SE", "802999-9996"), ("NO", "987654326"), ("NL", "123"), ("DE", "?"), ("FI", " ")]
)
def test_what_no_country_gives_is_refused(country: str, written: str) -> None:
    with pytest.raises(OrgNumberError):
        org_number(country, written)


def test_a_number_that_stands_there_already_is_not_judged_again(session: Session) -> None:
    made = organisation(session)
    made.creditor.org_number = "0000"
    assert change_books(session, creditor_id=made.creditor.id, org_number="0000", city="Umeå").city == "Umeå"
    with pytest.raises(OrgNumberError):
        change_books(session, creditor_id=made.creditor.id, org_number="0001")
