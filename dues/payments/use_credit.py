"""Uses members' credit for what they owe, by itself: the claim that is due first before the next.

Each creditor's is used in one entry, set by set; what was paid in full by it covers what it charged, and
whose credit it was is told.
"""

import datetime as dt
from typing import Final

from sqlalchemy import Select, exists, select, text
from sqlalchemy.orm import Session

from database.sql import statement
from database.turns import take_turn
from dues.actor import Actor
from dues.invoicing.cover import cover
from dues.invoicing.models import Claim
from dues.journal.models import Event
from dues.journal.post import open_entry
from dues.payments.models import Credit
from dues.payments.refunds.models import CreditUse
from dues.payments.refunds.spend import USED
from dues.payments.transfer import credit_account

MOST: Final = 2_000
"""Persons whose credit is used in one go: a fraction of a second."""


def use_credit(session: Session, *, on: dt.date, by: Actor, most: int = MOST) -> int:
    """Use the credit of some persons of one creditor for their open claims; return for how many claims.

    Nothing left to use is 0; whoever asks goes on until then. What is held is left alone, and so is a claim of which
    somebody took such a use back. Two who ask at once wait for
    each other.
    """
    take_turn(session, "use credit")
    found = session.execute(_next()).first()
    if found is None:
        return 0
    creditor_id, currency = found
    values = {"creditor": creditor_id, "currency": currency, "most": most, "on": on, "actor": str(by)}
    session.execute(text("DROP TABLE IF EXISTS pg_temp.spendable"))
    session.execute(statement("dues/payments/sql/spendable.sql"), values)
    if not session.scalar(statement("dues/payments/sql/spendable_take.sql"), values):
        return 0
    last = session.scalars(text("SELECT nextval('credit_use_id_seq')")).one()
    entry = open_entry(session, creditor_id=creditor_id, event=USED, key=f"credit uses:{last}", on=on, by=by)
    values |= {
        "entry": entry.id,
        "books_on": entry.on_date,
        "credited": credit_account(session, creditor_id=creditor_id, event=Event.CREDIT, currency=currency),
        "receivable": credit_account(session, creditor_id=creditor_id, event=Event.PAYMENT, currency=currency),
    }
    done = session.execute(statement("dues/payments/sql/spendable_use.sql"), values).one()
    cover(session, invoices=done.invoices, on=on, by=by)
    session.execute(statement("dues/payments/sql/spendable_tell.sql"), {"entry": entry.id})
    return int(done.claims)


def _next() -> Select[int, str]:
    """Find a creditor and a currency in which somebody has both credit and an open claim that is not held."""
    taken_back = exists().where(CreditUse.claim_id == Claim.id, CreditUse.reverses_id.is_not(None))
    return (
        select(Credit.creditor_id, Credit.currency)
        .join(
            Claim,
            (Claim.debtor_id == Credit.person_id)
            & (Claim.creditor_id == Credit.creditor_id)
            & (Claim.currency == Credit.currency),
        )
        .where(Credit.balance > 0, Claim.ended.is_(None), Claim.hold_reason.is_(None), ~taken_back)
        .limit(1)
    )
