"""Reads what creditors collected for groups, what they have settled with them, and what they still owe."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.below import at_or_below
from dues.groups.models import Creditor, Group
from dues.settling.models import Settlement, SettlementLine


@dataclass(frozen=True, slots=True)
class Between:
    """Whom a sum is between: the creditor who collected, the group it was collected for, and the currency."""

    creditor_id: int
    group_id: int
    currency: str


@dataclass(slots=True)
class Owed:
    """What was collected and settled between two, by part of the fee; minor units.

    ``owed`` is below zero where money went back after it was settled: it is taken off the next time.
    """

    between: Between
    creditor: str
    group: str
    collected_by: Mapping[int, int]
    settled_by: Mapping[int, int] = field(default_factory=dict)

    @property
    def collected(self) -> int:
        """What came for the group's lines, and stayed."""
        return sum(self.collected_by.values())

    @property
    def settled(self) -> int:
        """What has been settled so far."""
        return sum(self.settled_by.values())

    @property
    def owed(self) -> int:
        """What is still owed."""
        return self.collected - self.settled

    @property
    def owed_by(self) -> dict[int, int]:
        """What is still owed by part of the fee, where it is anything."""
        parts = sorted({*self.collected_by, *self.settled_by})
        left = {part: self.collected_by.get(part, 0) - self.settled_by.get(part, 0) for part in parts}
        return {part: amount for part, amount in left.items() if amount}


def owed_by(session: Session, *, creditor_id: int, through: dt.date) -> list[Owed]:
    """Return what a creditor collected for each group through a day, by the groups' names."""
    return _owed(session, creditor_id=creditor_id, path="", through=through)


def owed_to(session: Session, *, path: str, through: dt.date) -> list[Owed]:
    """Return what creditors collected for a group and those below it, from members there."""
    return _owed(session, creditor_id=None, path=path, through=through)


def _owed(session: Session, *, creditor_id: int | None, path: str, through: dt.date) -> list[Owed]:
    collected = _collected(session, creditor_id=creditor_id, path=path, through=through)
    settled = _settled(session, creditor_id=creditor_id, path=path)
    pairs = {*collected, *settled}
    creditors = _names(
        session, select(Creditor.id, Creditor.name).where(Creditor.id.in_({p.creditor_id for p in pairs}))
    )
    groups = _names(session, select(Group.id, Group.name).where(Group.id.in_({p.group_id for p in pairs})))
    found = [
        Owed(
            pair,
            creditors.get(pair.creditor_id, ""),
            groups.get(pair.group_id, ""),
            collected.get(pair, {}),
            settled.get(pair, {}),
        )
        for pair in pairs
    ]
    return sorted(found, key=lambda one: (one.group.casefold(), one.between.group_id, one.between.creditor_id))


def _collected(
    session: Session, *, creditor_id: int | None, path: str, through: dt.date
) -> dict[Between, dict[int, int]]:
    values = {"creditor": creditor_id, "path": path, "through": through}
    found: defaultdict[Between, dict[int, int]] = defaultdict(dict)
    for row in session.execute(statement("dues/settling/sql/collected.sql"), values):
        found[Between(row.creditor_id, row.group_id, row.currency)][row.component_id] = row.amount
    return found


def _settled(session: Session, *, creditor_id: int | None, path: str) -> dict[Between, dict[int, int]]:
    pair = (Settlement.creditor_id, Settlement.group_id, Settlement.currency)
    wanted = (
        select(*pair, SettlementLine.component_id, func.sum(SettlementLine.amount))
        .join(SettlementLine, SettlementLine.settlement_id == Settlement.id)
        .group_by(*pair, SettlementLine.component_id)
    )
    if creditor_id is not None:
        wanted = wanted.where(Settlement.creditor_id == creditor_id)
    if path:
        wanted = wanted.where(at_or_below(Settlement.group_id, path))
    found: defaultdict[Between, dict[int, int]] = defaultdict(dict)
    for creditor, group, currency, component, amount in session.execute(wanted):
        found[Between(creditor, group, currency)][component] = int(amount)
    return found


def _names(session: Session, wanted: Select[int, str]) -> dict[int, str]:
    return dict(session.execute(wanted).all())


def owing_creditors(session: Session) -> Sequence[Creditor]:
    """Return the creditors whose books are kept here: those highest in the tree first, by name."""
    wanted = select(Creditor).join(Group, Group.id == Creditor.group_id)
    return session.scalars(wanted.order_by(func.length(Group.path), Creditor.name, Creditor.id)).all()
