"""The sums of reconciled accounts by day, kept small."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.journal.models import LedgerDayChange

MANY: Final = 1000
"""Changes that are worth folding: reading so many beside the sums takes a millisecond."""


def fold_ledger_days(session: Session) -> bool:
    """Fold what was booked into the sums of its days where that is much; return whether it was.

    Nobody waits for it. Two who fold at once come one after the other, and the second finds nothing left.
    """
    changes = session.scalars(select(LedgerDayChange.id).limit(MANY)).all()
    if len(changes) < MANY:
        return False
    session.execute(statement("dues/journal/sql/fold_days.sql"))
    return True
