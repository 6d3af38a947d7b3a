"""Members, invoices and messages of two groups beside each other, for tests of their houses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from database.connect import Role
from dues.delivery.models import Message, MessageState
from dues.groups.models import Group
from tests.admin.office.desk_work import Member, billed

if TYPE_CHECKING:
    from tests.portal.town import Town


@dataclass(frozen=True)
class Two:
    """One member of the group, and one of the group beside it."""

    ours: Member
    theirs: Member


def two(town: Town) -> Two:
    """Let somebody be a member of each group, invoiced today."""
    return Two(ours=billed(town), theirs=billed(replace(town, slug=town.other)))


def bounce(town: Town, invoice_id: int) -> None:
    """Let the mail that brings an invoice fail."""
    with town.database.unit_of_work(Role.JOBS) as session:
        of_it = (Message.kind == "invoice", Message.subject_id == invoice_id)
        session.execute(update(Message).where(*of_it).values(state=MessageState.FAILED, error="no such box"))


def path_of(town: Town, slug: str) -> str:
    """Return the path of a group."""
    with town.database.unit_of_work(Role.JOBS) as session:
        return session.scalars(select(Group.path).where(Group.slug == slug)).one()
