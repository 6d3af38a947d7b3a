"""The daily reconciliation of a bank account: what the bank says, what the books hold, and what explains the rest."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.models import BankAgreement
from dues.journal.models import Account, AccountRole

LONGEST: Final = 366
"""Days that are reconciled at once."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """An account at the end of a day, in minor units.

    ``bank`` is the balance of the bank's last statement, None where it has told of none: before the first and after the
    newest one, and while money moved since; ``stated`` says that a statement closes on this very day. ``held`` is what
    was on the account before its first statement known here, which no book has. ``books`` is the balance of the ledger
    account; ``in_transit`` what the bank has booked through this day and the books on a later one, or not yet (below
    zero: the other way round). ``unallocated`` is what waits for a use, of all accounts of the creditor in this
    currency.
    """

    day: dt.date
    bank: int | None
    stated: bool
    held: int
    books: int
    in_transit: int
    unallocated: int
    payments: int

    @property
    def difference(self) -> int | None:
        """What nothing explains: zero in good order, None where the bank has said nothing."""
        return None if self.bank is None else self.bank - self.held - self.books - self.in_transit


def reconciled(session: Session, *, agreement_id: int, first: dt.date, last: dt.date) -> list[Reconciled]:
    """Return the days of an account, the newest first, in two statements; at most LONGEST of them."""
    agreement = session.get_one(BankAgreement, agreement_id)
    values = {
        "agreement": agreement_id,
        "account": agreement.bank_account_id,
        "unidentified": _unidentified(session, agreement),
        "from_day": max(first, last - dt.timedelta(days=LONGEST - 1)),
        "through": last,
    }
    rows = session.execute(statement("dues/overview/sql/reconcile.sql"), values)
    return [
        Reconciled(
            day=row.day,
            bank=row.bank,
            stated=row.stated,
            held=int(row.held or 0),
            books=int(row.books),
            in_transit=int(row.imported - row.of_payments),
            unallocated=int(row.unallocated),
            payments=int(row.payments),
        )
        for row in rows
    ]


def _unidentified(session: Session, agreement: BankAgreement) -> int:
    """Return the ledger account of what waits in the agreement's currency, 0 where there is none."""
    wanted = select(Account.id).where(
        Account.creditor_id == agreement.creditor_id,
        Account.role == AccountRole.UNIDENTIFIED,
        Account.currency == agreement.currency,
    )
    return session.scalar(wanted) or 0
