"""The day at a glance: what was done by itself, how money came in, and whether anything has begun at all."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.models import BankAgreement, Creditor, Group
from dues.members.models import Membership, MembershipType
from dues.overview.waiting import MOST
from dues.payments.models import BankFile
from dues.pricing.models import PriceRule
from dues.runs.models import RunState

WEEKS: Final = 8
_SHOWN: Final = 8
"""Runs of a night that are told one by one."""


@dataclass(frozen=True, slots=True)
class Done:
    """A run that was started by itself; ``file`` names the bank file, ``unwritten`` counts its rows to mend."""

    run: UUID
    kind: str
    state: RunState
    day: dt.date
    total: int
    done: int
    result: Mapping[str, Any]
    error: str | None
    file: str | None
    unwritten: int


def night(session: Session, *, on: dt.date) -> list[Done]:
    """Return what was done by itself on this day, or on the day before where nothing was yet; newest first."""
    rows = session.execute(statement("dues/overview/sql/night.sql"), {"on": on, "rows": _SHOWN, "most": MOST})
    return [
        Done(uuid, kind, RunState(state), day, total, done, result, error, name, unwritten)
        for uuid, kind, state, day, total, done, result, error, name, unwritten in rows
    ]


@dataclass(frozen=True, slots=True)
class Weeks:
    """Money in one currency, in minor units: eight weeks that end on a day, and the eight before, oldest first."""

    currency: str
    payments: int
    now: tuple[int, ...]
    before: tuple[int, ...]


def money_in(session: Session, *, on: dt.date) -> list[Weeks]:
    """Return what came in over the last eight weeks and the eight before; the currency of most payments first."""
    values = {"on": on, "days_back": 2 * WEEKS * 7}
    sums: dict[str, dict[int, int]] = {}
    payments: dict[str, int] = {}
    for currency, week, count, received in session.execute(statement("dues/overview/sql/money_in.sql"), values):
        sums.setdefault(currency, {})[week] = int(received)
        payments[currency] = payments.get(currency, 0) + int(count)
    found = [Weeks(currency, payments[currency], *_in_order(weeks)) for currency, weeks in sums.items()]
    return sorted(found, key=lambda one: (-one.payments, one.currency))


def _in_order(weeks: Mapping[int, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    oldest_first = tuple(weeks.get(week, 0) for week in reversed(range(2 * WEEKS)))
    return oldest_first[WEEKS:], oldest_first[:WEEKS]


@dataclass(frozen=True, slots=True)
class Begun:
    """Which first steps a new installation has taken."""

    groups: bool
    account: bool
    prices: bool
    members: bool
    bank_file: bool

    @property
    def all(self) -> bool:
        """Whether nothing is left of the beginning."""
        return self.groups and self.account and self.prices and self.members and self.bank_file


def begun(session: Session) -> Begun:
    """Tell how far a new installation has come."""
    steps = (
        exists(select(Group.id)),
        exists(select(BankAgreement.id).join(Creditor)),
        exists(select(PriceRule.id)) & exists(select(MembershipType.id)),
        exists(select(Membership.id)),
        exists(select(BankFile.id)),
    )
    return Begun(*session.execute(select(*steps)).one())
