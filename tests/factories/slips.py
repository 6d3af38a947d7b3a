"""A union and its unemployment fund, each with its own books, for members who are in both."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dues.dates import set_clock
from dues.groups.establish import add_group, make_creditor
from dues.groups.models import ReferenceKind
from dues.journal.chart import Earning, add_bank, set_up_books
from dues.pricing.set_up import add_component, add_price, add_type
from tests.factories.members import member, person
from tests.factories.organisation import FEE, Organisation, organisation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dues.groups.models import BankAgreement, Creditor, Group
    from dues.members.models import Membership, MembershipType, Person

DAY: Final = dt.date(2026, 3, 10)
FUND_FEE: Final = 14500
BOTH: Final = FEE + FUND_FEE


@dataclass(frozen=True)
class Fund:
    """The fund that the union collects for."""

    group: Group
    creditor: Creditor
    agreement: BankAgreement
    member_type: MembershipType


@dataclass(frozen=True)
class Union:
    """What `union` made, with one person who is in both: ``own`` and ``theirs`` are the memberships."""

    made: Organisation
    fund: Fund
    person: Person
    own: Membership
    theirs: Membership


def union(session: Session, *, sensitive: bool = False) -> Union:
    """Set up a union that collects for its fund, and somebody who is a member of both; the day is `DAY`."""
    made = organisation(session, sensitive=sensitive)
    set_clock(session, to=DAY, real=DAY)
    fund = _fund(session, made)
    fund.creditor.collected_by_id = made.creditor.id
    kim = person(session, given_name="Kim", family_name="Ek", email="kim@example.org")
    own, theirs = in_both(session, made, fund, kim)
    session.flush()
    return Union(made, fund, kim, own, theirs)


def in_both(session: Session, made: Organisation, fund: Fund, who: Person) -> tuple[Membership, Membership]:
    """Make somebody a member of both."""
    own = member(session, made, joined_on=DAY, who=who)
    return own, member(session, made, joined_on=DAY, who=who, group=fund.group, kind=fund.member_type)


def _fund(session: Session, made: Organisation) -> Fund:
    group = add_group(session, name="A-kassan", slug="fund", parent=None, language="sv", country="SE")
    creditor = make_creditor(
        session,
        group=group,
        name="A-kassan",
        org_number="802005-5425",
        currency=made.creditor.currency,
        street="Kassagatan 2",
        postcode="111 33",
        city="Stockholm",
        email="fund@example.org",
        sensitive=made.creditor.sensitive,
    )
    fee = add_component(session, group=group, slug="fund-fee", names={"en": "Fund fee"}, beneficiary=group)
    set_up_books(session, creditor=creditor, earnings=[Earning(fee.id, fee.names)])
    add_price(session, component=fee, amount=FUND_FEE, currency=creditor.currency)
    agreement = add_bank(
        session, creditor=creditor, scheme="BGNR", number="5805-6201", reference_kind=ReferenceKind.OCR
    )
    kind = add_type(session, group=group, slug="fund-member", names={"en": "Fund member"}, components=(fee,))
    return Fund(group, creditor, agreement, kind)
