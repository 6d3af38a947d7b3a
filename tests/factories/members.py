"""Persons and their memberships, as the register holds them after joining and paying."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert

from dues.dates import add_months
from dues.invoicing.models import FeePeriod, FeePeriodState
from dues.members.keys import email_key, name_key
from dues.members.models import Membership, MembershipStatus, Payer, Person, StatusChange

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dues.groups.models import Group
    from dues.members.models import MembershipType
    from tests.factories.organisation import Organisation

_numbers = count(1)
FOR_EVER_BEFORE: Final = "-infinity"


def person(
    session: Session,
    *,
    born: dt.date | None = dt.date(1980, 5, 17),
    email: str | None = None,
    given_name: str = "Kim",
    family_name: str | None = None,
    language: str = "sv",
    country: str = "SE",
) -> Person:
    """Register a person with an address; without ``email`` they get one of their own, with "" they get letters."""
    number = next(_numbers)
    family = family_name if family_name is not None else f"Ek{number}"
    address = email if email is not None else f"kim.{number}@example.org"
    found = Person(
        given_name=given_name,
        family_name=family,
        name_key=name_key(given_name, family),
        email=address,
        email_key=email_key(address),
        birth_date=born,
        language=language,
        street="Ekvägen 1",
        postcode="753 20",
        city="Uppsala",
        country=country,
    )
    session.add(found)
    session.flush()
    return found


def member(
    session: Session,
    organisation: Organisation,
    *,
    born: dt.date | None = dt.date(1980, 5, 17),
    email: str | None = None,
    joined_on: dt.date,
    paid_through: dt.date | None = None,
    payer: Person | None = None,
    group: Group | None = None,
    who: Person | None = None,
    kind: MembershipType | None = None,
) -> Membership:
    """Register a member of the organisation's northern group, or of another one.

    With ``paid_through`` they are active, and their last year, which ended or ends then, is charged and covered;
    without it they have applied and were never charged.
    """
    root = organisation.root
    who = who or person(session, born=born, email=email, language=root.language, country=root.country)
    membership = Membership(
        person_id=who.id,
        type_id=(kind or organisation.member_type).id,
        group_id=(group or organisation.north).id,
        status=MembershipStatus.APPLIED if paid_through is None else MembershipStatus.ACTIVE,
        joined_on=joined_on,
        charged_through=paid_through,
        paid_through=paid_through,
    )
    session.add(membership)
    session.flush()
    session.add(
        StatusChange(membership_id=membership.id, from_on=joined_on, status=membership.status, actor="job:factory")
    )
    if paid_through is not None:
        _cover(session, organisation, membership, paid_through)
    if payer is not None:
        session.add(Payer(person_id=who.id, payer_id=payer.id, from_on=joined_on))
    session.flush()
    return membership


def _cover(session: Session, organisation: Organisation, membership: Membership, through: dt.date) -> None:
    starts_on = max(membership.joined_on, add_months(through, -12) + dt.timedelta(days=1))
    session.execute(
        insert(FeePeriod),
        [
            {
                "membership_id": membership.id,
                "component_id": component.id,
                "after_on": FOR_EVER_BEFORE,
                "from_on": starts_on,
                "to_on": through,
                "state": FeePeriodState.COVERED,
            }
            for component in (organisation.national, organisation.local)
        ],
    )
