"""Reads settlements as they are shown and printed: who settled what with whom, and for which parts of the fee."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dues.groups.below import at_or_below
from dues.groups.models import Creditor, Group
from dues.journal.models import Entry
from dues.pricing.models import FeeComponent
from dues.settling.models import Settlement, SettlementLine


@dataclass(frozen=True, slots=True)
class Settled:
    """A settlement with its names; minor units of ``currency``. ``number`` is its voucher's in the creditor's books.

    ``received`` is the voucher in the group's own books, where it keeps any and the reader may see them.
    """

    public_id: uuid.UUID
    id: int
    creditor: Creditor
    group: Group
    currency: str
    through: dt.date
    on_date: dt.date
    number: int
    amount: int
    settled_before: int
    actor: str
    received: Entry | None


@dataclass(frozen=True, slots=True)
class SettledPart:
    """What a settlement has for one part of the fee."""

    names: Mapping[str, str]
    amount: int


def settlements(session: Session, *, creditor_id: int | None = None, path: str = "", limit: int) -> list[Settled]:
    """Return the newest settlements of a creditor, or with a group and those below it."""
    wanted = _wanted().order_by(Settlement.id.desc()).limit(limit)
    if creditor_id is not None:
        wanted = wanted.where(Settlement.creditor_id == creditor_id)
    if path:
        wanted = wanted.where(at_or_below(Settlement.group_id, path))
    return [_settled(*row) for row in session.execute(wanted)]


def settlement(session: Session, *, public_id: uuid.UUID, path: str = "") -> Settled | None:
    """Return a settlement, None where there is none such, or none with this group and those below it."""
    wanted = _wanted().where(Settlement.uuid == public_id)
    if path:
        wanted = wanted.where(at_or_below(Settlement.group_id, path))
    row = session.execute(wanted).first()
    return None if row is None else _settled(*row)


def parts_of(session: Session, *, settlement_id: int) -> Sequence[SettledPart]:
    """Return a settlement's parts, in the order in which the parts of fees were set up."""
    wanted = (
        select(FeeComponent.names, SettlementLine.amount)
        .join(FeeComponent, FeeComponent.id == SettlementLine.component_id)
        .where(SettlementLine.settlement_id == settlement_id)
        .order_by(FeeComponent.id)
    )
    return [SettledPart(names, amount) for names, amount in session.execute(wanted)]


def _wanted() -> Select[Settlement, Creditor, Group, Entry]:
    return (
        select(Settlement, Creditor, Group, Entry)
        .join(Creditor, Creditor.id == Settlement.creditor_id)
        .join(Group, Group.id == Settlement.group_id)
        .outerjoin(Entry, Entry.id == Settlement.received_id)
    )


def _settled(row: Settlement, creditor: Creditor, group: Group, received: Entry | None) -> Settled:
    return Settled(
        public_id=row.uuid,
        id=row.id,
        creditor=creditor,
        group=group,
        currency=row.currency,
        through=row.through,
        on_date=row.on_date,
        number=row.number,
        amount=row.amount,
        settled_before=row.settled_before,
        actor=row.actor,
        received=received,
    )
