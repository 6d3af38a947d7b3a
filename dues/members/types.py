"""Reads of membership types."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.members.models import MembershipType


def type_names(session: Session, *, ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Return what some membership types are called, in every language."""
    return dict(
        session.execute(select(MembershipType.id, MembershipType.names).where(MembershipType.id.in_(ids))).all()
    )
