"""Reads of membership types."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.models import Group
from dues.members.models import MembershipType


@dataclass(frozen=True, slots=True)
class TypeName:
    """What a membership type is called, in every language, and the group it belongs to."""

    names: dict[str, str]
    group: str


def type_names(session: Session, *, ids: Collection[int]) -> dict[int, TypeName]:
    """Return what some membership types are called."""
    wanted = select(MembershipType.id, MembershipType.names, Group.name).join(
        Group, Group.id == MembershipType.group_id
    )
    rows = session.execute(wanted.where(MembershipType.id.in_(ids)))
    return {id_: TypeName(names, group) for id_, names, group in rows}
