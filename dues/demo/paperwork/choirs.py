"""The local groups that the paperwork is about, one of each branch, and who is in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from dues.demo.paperwork.office import Office
from dues.groups.models import Creditor, Group
from dues.members.models import Membership, MembershipType, Payer, Person
from dues.pricing.products import ForSale, for_sale

_TYPES: Final = select(MembershipType.slug, MembershipType.id)
_MOST: Final = 12
"""Members whom the office has anything to do with one by one."""


@dataclass(frozen=True, slots=True)
class Choir:
    """A local group: its own ids and those of its branch's creditor and types of membership, and some of its people.

    ``adults`` are grown-up members who pay for themselves, read mail and are not charged again soon, by person's id.
    """

    group_id: int
    slug: str
    creditor_id: int
    language: str
    youth_type: int
    adult_type: int
    adults: Sequence[int]

    def product(self, session: Session, number: str) -> ForSale:
        """Return a product of the branch's library, by its number."""
        group = session.get_one(Group, self.group_id)
        currency = session.get_one(Creditor, self.creditor_id).currency
        return next(one for one in for_sale(session, group=group, currency=currency) if one.number == number)


def choir_of(office: Office, branch: str) -> Choir:
    """Return the last local group of a branch, which is a small one whatever the size of the federation."""
    with office.open_session() as session:
        top = session.scalars(select(Group).where(Group.slug == branch)).one()
        below = select(Group).where(Group.path.op("^@")(top.path)).order_by(Group.id.desc())
        group = session.scalars(below.limit(1)).one()
        types = dict(session.execute(_TYPES.where(MembershipType.group_id == top.id)).all())
        return Choir(
            group_id=group.id,
            slug=group.slug,
            creditor_id=group.creditor_id or 0,
            language=group.language,
            youth_type=types["youth"],
            adult_type=types["adult"],
            adults=_adults(session, _settled(office, group, types["adult"])),
        )


def _settled(office: Office, group: Group, adult_type: int) -> ColumnElement[bool]:
    """Members of a type whose next year begins later than any run of these days looks."""
    far = office.ago(-32)
    return (Membership.group_id == group.id) & (Membership.type_id == adult_type) & (Membership.charged_through > far)


def _adults(session: Session, settled: ColumnElement[bool]) -> Sequence[int]:
    paid_for = exists().where(Payer.person_id == Person.id)
    wanted = select(Person.id).join(Membership, Membership.person_id == Person.id)
    return session.scalars(
        wanted.where(settled, Person.email != "", ~paid_for).order_by(Membership.id).limit(_MOST)
    ).all()
