"""Takes back what small differences were written off with uses of payments that are taken back themselves.

Too much was credit that a creditor's rule used for the account of differences; too little was written off on the
claim. Both are chains of postings of their own, so that the books tell what was forgiven and that it no longer is.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.groups.models import Creditor
from dues.journal.models import Event
from dues.journal.post import open_entry
from dues.journal.side_accounts import open_differences
from dues.payments.refunds.spend import TAKEN_BACK
from dues.payments.transfer import credit_account

SHORT_BACK: Final = "small difference taken back"
"""What the journal calls it when the little that a payment left open is owed again."""


def untolerate(
    session: Session,
    *,
    allocations: Sequence[int],
    creditor_id: int,
    currency: str,
    on: dt.date,
    by: Actor | str,
    run_id: int | None = None,
) -> None:
    """Take back what was written off with some uses of payments, which the caller takes back next.

    The uses are of one creditor and currency; their payments and claims are locked. Ids of allocations.
    """
    found = session.execute(statement("dues/payments/sql/tolerated.sql"), {"allocations": list(allocations)}).all()
    uses = [row for row in found if row.use_id is not None]
    short = [row for row in found if row.claim_id is not None]
    if not found:
        return
    creditor = session.get_one(Creditor, creditor_id)
    values = {
        "creditor": creditor_id,
        "currency": currency,
        "on": on,
        "actor": str(by),
        "differences": open_differences(session, creditor=creditor, currency=currency),
    }

    def book(name: str, rows: Sequence[Row[Any]], event: str, target: Event, told: dict[str, list[int]]) -> None:
        """Book rows with a statement, in a voucher that is named after the first use it belongs to."""
        if not rows:
            return
        key = f"{event}:{min(allocations)}"
        entry = open_entry(session, creditor_id=creditor_id, event=event, key=key, on=on, by=by, run_id=run_id)
        account = credit_account(session, creditor_id=creditor_id, event=target, currency=currency)
        accounts = {"receivable": account, "credited": account}
        told_all = {**values, **told, **accounts, "entry": entry.id, "books_on": entry.on_date}
        session.execute(statement(f"dues/payments/sql/{name}.sql"), told_all)

    book("tolerated_uses", uses, TAKEN_BACK, Event.CREDIT, {"uses": [row.use_id for row in uses]})
    told = {
        "claims": [row.claim_id for row in short],
        "persons": [row.person_id for row in short],
        "amounts": [row.amount for row in short],
    }
    book("tolerated_claims", short, SHORT_BACK, Event.PAYMENT, told)
    session.expire_all()
