"""The day at a glance: what was done by itself, how money came in, and whether anything has begun at all."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, cast, exists, func, select, text
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import AUTOMATIC
from dues.groups.models import BankAgreement, Creditor, Group
from dues.members.models import Membership, MembershipType
from dues.payments import book, match
from dues.payments.models import BankFile
from dues.pricing.models import PriceRule
from dues.runs.models import Run

WEEKS: Final = 8
_SHOWN: Final = 8
"""Runs of a night that are told one by one."""


@dataclass(frozen=True, slots=True)
class Done:
    """A run that was started by itself; ``file`` names the bank file that it booked."""

    run: Run
    file: str


def night(session: Session, *, on: dt.date) -> list[Done]:
    """Return what was done by itself on this day, or on the day before where nothing was yet; newest first."""
    # The actor stands in the statement itself, as it stands in the index.
    by_itself = (text("actor = 'job:automatic'"), Run.params["memberships"].astext.is_(None))
    # Another look at what waits is taken many times a day; it is told where it has found something.
    found_nothing = (Run.kind == match.KIND) & (func.coalesce(Run.result["matched"].astext, "0") == "0")
    newest = select(func.max(Run.business_day)).where(
        Run.business_day.between(on - dt.timedelta(days=1), on), Run.kind != match.KIND, *by_itself
    )
    of_a_file = (Run.kind == book.KIND) & (BankFile.id == cast(Run.params["file"].astext, BigInteger))
    wanted = (
        select(Run, BankFile.name)
        .outerjoin(BankFile, of_a_file)
        .where(Run.business_day == newest.scalar_subquery(), Run.actor == str(AUTOMATIC), by_itself[1], ~found_nothing)
        .order_by(Run.id.desc())
        .limit(_SHOWN)
    )
    return [Done(run, name or "") for run, name in session.execute(wanted)]


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
