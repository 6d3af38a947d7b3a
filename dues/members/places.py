"""For which groups a person can be sent an invoice: their own and those above; without any, all that have books."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.models import Creditor, Group
from dues.members.models import Membership, Payer

_MOST = 50


def groups_to_invoice(session: Session, *, person_id: int, below: str = "") -> Sequence[Group]:
    """Return groups that have a creditor, the likeliest first.

    Those of the person's memberships come first (going on before ended, the newest before older ones), then those of
    whom they pay for, then the groups above all these. ``below`` keeps those of a path and below it, in books that are
    there, too.
    """
    own = _groups_of(session, [person_id])
    paid_for = session.scalars(select(Payer.person_id).where(Payer.payer_id == person_id).limit(_MOST)).all()
    near = list({group.id: group for group in [*own, *_groups_of(session, paid_for)]}.values())
    above = {int(part) for group in near for part in group.path.strip(".").split(".")} - {group.id for group in near}
    wanted = select(Group).where(Group.id.in_(above)).order_by(Group.path.desc())
    found = [*near, *session.scalars(wanted)]
    if not found:
        with_books = select(Group).join(Creditor, Creditor.group_id == Group.id)
        found = list(session.scalars(with_books.order_by(Group.path).limit(_MOST)))
    booked = [group for group in found if group.creditor_id is not None]
    return booked if not below else _within(session, booked, below)


def _groups_of(session: Session, persons: Sequence[int]) -> Sequence[Group]:
    return session.scalars(
        select(Group)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.person_id.in_(persons))
        .order_by(Membership.ended_on.is_not(None), Membership.joined_on.desc(), Membership.id.desc())
        .limit(_MOST)
    ).all()


def _within(session: Session, groups: Sequence[Group], below: str) -> list[Group]:
    """Return the groups of a path and below it whose creditor's books are there, too."""
    creditors = {group.creditor_id for group in groups}
    wanted = select(Creditor.id).join(Group, Group.id == Creditor.group_id)
    near = set(session.scalars(wanted.where(Creditor.id.in_(creditors), Group.path.op("^@")(below))))
    return [group for group in groups if group.path.startswith(below) and group.creditor_id in near]
