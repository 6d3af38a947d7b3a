"""Whether somebody is of a group: a member of it or of one below it, or who pays for one."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from dues.groups.below import at_or_below
from dues.members.models import Membership, Payer


def belongs(session: Session, *, person_id: int, below: str) -> bool:
    """Tell whether a person is or was a member in a group with this path or below it, or pays or paid for one."""
    if not below:
        return True
    member = exists().where(Membership.person_id == person_id, at_or_below(Membership.group_id, below))
    pays = (
        select(Payer.id)
        .join(Membership, Membership.person_id == Payer.person_id)
        .where(Payer.payer_id == person_id, at_or_below(Membership.group_id, below))
    )
    return bool(session.scalar(select(or_(member, exists(pays)))))
