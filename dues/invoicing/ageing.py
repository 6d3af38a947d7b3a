"""What is open, by how long it has been due; and the sums behind it, kept small."""

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.invoicing.models import OpenClaims, OpenClaimsChange

MANY: Final = 1000
"""Changes that are worth folding: reading so many beside the sums takes a millisecond."""


class Age(IntEnum):
    """How long claims have been due: not yet, up to 30 days, up to 60, longer."""

    NOT_DUE = 0
    FIRST_MONTH = 1
    SECOND_MONTH = 2
    OLDER = 3


@dataclass(frozen=True, slots=True)
class Open:
    """What is open of one age in one currency: how many claims, and minor units."""

    age: Age
    currency: str
    claims: int
    amount: int


def open_by_age(session: Session, *, on: dt.date) -> list[Open]:
    """Return what is open on a day, by currency and age; exact, whatever was written a moment ago."""
    rows = session.execute(statement("dues/invoicing/sql/open_by_age.sql"), {"on": on})
    return [Open(Age(age), currency, int(claims), int(amount)) for currency, age, claims, amount in rows]


def fold_open_claims(session: Session) -> bool:
    """Fold the changes of open claims into their sums where there are many; return whether there were.

    Nobody waits for it. Two who fold at once come one after the other, and the second finds nothing left.
    """
    changes = session.scalars(select(OpenClaimsChange.id).limit(MANY)).all()
    if len(changes) < MANY:
        return False
    session.execute(statement("dues/invoicing/sql/fold.sql"))
    session.execute(delete(OpenClaims).where(OpenClaims.claims == 0, OpenClaims.amount == 0))
    return True
