"""Builds the demonstration: a tree, its fees and its members, set by set, the same for the same seed."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from database.sql import statement
from dues.demo.errors import NotEmptyError
from dues.demo.tables import lay_out, put_away
from dues.demo.tree import grow
from dues.groups.models import Group
from dues.members.models import Membership, Person

STEPS = (
    ("members", "demo_member"),
    ("people", "demo_person"),
    ("persons", None),
    ("stretches", "demo_stretch"),
    ("memberships", None),
    ("periods", None),
    ("history", None),
    ("payers", None),
    ("segments", None),
)
"""The statements in their order, and the temporary table that each makes."""
FILLED = (
    "groups, person, membership, membership_status, payer, fee_period, price_rule, type_component, membership_type, "
    "person_segment, person_income"
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was built. There are more persons than memberships: parents who pay for children."""

    groups: int
    persons: int
    memberships: int


def build(session: Session, *, members: int, seed: int, today: dt.date, due_share: float = 0.2) -> Counts:
    """Build a federation with ``members`` memberships in an empty database; names are the same for the same seed.

    ``due_share`` of the memberships, rounded, end from yesterday to 29 days after ``today`` and are therefore due
    to be charged; the others end later than 31 days after it. Raises NotEmptyError.
    """
    if session.scalar(select(Group.id).limit(1)) or session.scalar(select(Person.id).limit(1)):
        raise NotEmptyError
    lay_out(session, grown=grow(session, members=members, today=today), seed=seed)
    values = {"members": members, "due": round(members * due_share), "today": today}
    for name, made in STEPS:
        session.execute(statement(f"dues/demo/sql/{name}.sql"), values)
        if made is not None:
            session.execute(text(f"ANALYZE {made}"))  # the planner has never seen the new table
    put_away(session)
    return _counts(session)


def _counts(session: Session) -> Counts:
    groups, persons, memberships = (
        session.scalars(select(func.count()).select_from(table)).one() for table in (Group, Person, Membership)
    )
    return Counts(groups=groups, persons=persons, memberships=memberships)


def measure(owner: Engine) -> None:
    """Let the planner see what was built; only the tables' owner may, and only after the commit."""
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"ANALYZE {FILLED}"))
