"""Membership types and fee components are set up, changed within what was promised, and taken away unused."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dues.editing import FixedError, MissingError, StillUsedError
from dues.groups.errors import SlugError
from dues.groups.establish import add_group
from dues.journal.earnings import AccountCodeError, NotIncomeError
from dues.journal.models import PostingRule
from dues.members.models import CoveredBy, MembershipType
from dues.pricing.components import account_of, change_component, remove_component, set_up_component
from dues.pricing.errors import AgesError, ForeignComponentError, NameTakenError, NoComponentsError, TermError
from dues.pricing.types import change_type, components_of, remove_type, set_up_type
from tests.factories.members import member
from tests.factories.organisation import organisation
from tests.factories.runs import issued

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

TODAY = dt.date(2026, 11, 22)
NAMES = {"sv": " Medlem ", "en": ""}


def test_a_type_is_set_up_with_its_parts_in_order(session: Session) -> None:
    made = organisation(session)
    parts = [made.local.id, made.national.id, made.local.id]
    kind = set_up_type(session, group_id=made.root.id, slug="ny", names=NAMES, components=parts, term_months=6)
    assert kind.names == {"sv": "Medlem"}
    assert components_of(session, type_id=kind.id) == [made.local.id, made.national.id]
    change_type(session, type_id=kind.id, names=NAMES, components=[made.national.id], term_months=3, calendar=True)
    assert components_of(session, type_id=kind.id) == [made.national.id]
    assert (kind.term_months, kind.calendar) == (3, True)


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"names": {"sv": " "}}, MissingError),
        ({"slug": "två ord"}, SlugError),
        ({"slug": "member"}, NameTakenError),
        ({"components": []}, NoComponentsError),
        ({"components": [10**9]}, ForeignComponentError),
        ({"term_months": 5, "calendar": True}, TermError),
        ({"term_months": 0}, TermError),
        ({"min_age": 30, "max_age": 18}, AgesError),
    ],
)
def test_what_no_type_can_be_is_refused(session: Session, wrong: dict[str, object], refused: type[Exception]) -> None:
    made = organisation(session)
    fine = {"group_id": made.root.id, "slug": "ny", "names": NAMES, "components": [made.national.id]}
    with pytest.raises(refused):
        set_up_type(session, **{**fine, **wrong})  # type: ignore[arg-type]  # wrong on purpose


def test_parts_of_another_part_of_the_organisation_are_refused(session: Session) -> None:
    made, other = organisation(session), organisation(session, prefix="nl", country="NL")
    below = set_up_component(session, group_id=made.north.id, slug="norr", names=NAMES)
    for foreign in (other.national.id, below.id):
        with pytest.raises(ForeignComponentError):
            set_up_type(session, group_id=made.root.id, slug="ny", names=NAMES, components=[foreign])
    set_up_type(session, group_id=made.north.id, slug="ny", names=NAMES, components=[below.id, made.local.id])


def test_what_covers_a_period_is_fixed_once_one_was_invoiced(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    kind, parts = made.member_type, [made.national.id, made.local.id]
    change_type(session, type_id=kind.id, names=NAMES, components=parts, covered_by=CoveredBy.ISSUE)
    change_type(session, type_id=kind.id, names=NAMES, components=parts, covered_by=CoveredBy.PAYMENT)
    member(session, made, joined_on=TODAY)
    issued(ledger, on=TODAY)
    with pytest.raises(FixedError):
        change_type(session, type_id=kind.id, names=NAMES, components=parts, covered_by=CoveredBy.ISSUE)
    change_type(session, type_id=kind.id, names=NAMES, components=parts, covered_by=CoveredBy.PAYMENT, lead_days=10)


def test_a_type_goes_only_while_nobody_has_it(session: Session) -> None:
    made = organisation(session)
    kind = set_up_type(session, group_id=made.root.id, slug="ny", names=NAMES, components=[made.national.id])
    remove_type(session, type_id=kind.id)
    assert session.get(MembershipType, kind.id) is None
    member(session, made, joined_on=TODAY)
    with pytest.raises(StillUsedError) as refused:
        remove_type(session, type_id=made.member_type.id)
    assert refused.value.table == "membership"
    assert components_of(session, type_id=made.member_type.id) == [made.national.id, made.local.id]


def test_a_component_is_booked_for_every_creditor_it_can_be_charged_for(session: Session) -> None:
    made = organisation(session)
    component = set_up_component(session, group_id=made.root.id, slug="tidning", names=NAMES, account="3099")
    assert account_of(session, component) == "3099"
    change_component(session, component_id=component.id, names=NAMES, beneficiary_id=made.root.id, account="3010")
    assert (account_of(session, component), component.beneficiary_id) == ("3010", made.root.id)
    change_component(session, component_id=component.id, names=NAMES, beneficiary_id=None)
    assert (account_of(session, component), component.beneficiary_id) == ("3010", None)


@pytest.mark.parametrize(
    ("code", "refused"), [("1510", NotIncomeError), ("12", AccountCodeError), ("abc", AccountCodeError)]
)
def test_revenue_is_booked_on_accounts_for_income_alone(session: Session, code: str, refused: type[Exception]) -> None:
    made = organisation(session)
    with pytest.raises(refused):
        set_up_component(session, group_id=made.root.id, slug="tidning", names=NAMES, account=code)


def test_a_component_goes_only_while_no_type_and_no_price_names_it(session: Session) -> None:
    made = organisation(session)
    component = set_up_component(session, group_id=made.root.id, slug="tidning", names=NAMES)
    rules = select(PostingRule.id).where(PostingRule.component_id == component.id)
    assert session.scalars(rules).all()
    remove_component(session, component_id=component.id)
    assert not session.scalars(rules).all()
    with pytest.raises(StillUsedError):
        remove_component(session, component_id=made.national.id)
    assert session.scalars(select(PostingRule.id).where(PostingRule.component_id == made.national.id)).all()
    with pytest.raises(NameTakenError):
        set_up_component(session, group_id=made.root.id, slug="national", names=NAMES)
    add_group(session, name="x", slug="x", parent=None, language="sv", country="SE")
