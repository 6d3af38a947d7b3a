"""Whether somebody is known in a group and below it: as a member there, or as who pays for one."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from dues.groups.below import at_or_below
from dues.members.models import Membership, Payer


def known_within(person_id: InstrumentedAttribute[int], path: str) -> ColumnElement[bool]:
    """Return the condition that a column names a person who is known at or below a group's path."""
    members = select(Membership.person_id).where(at_or_below(Membership.group_id, path))
    payers = select(Payer.payer_id).where(Payer.person_id.in_(members))
    return or_(person_id.in_(members), person_id.in_(payers))
