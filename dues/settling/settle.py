"""Settles what a creditor collected for other groups: one entry for all, and a line for each part of the fee."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.editing import GoneError
from dues.groups.models import Creditor
from dues.journal.chart import open_settling
from dues.journal.models import Entry, Event, Posting
from dues.journal.post import open_entry
from dues.journal.rules import posting_rules
from dues.settling.errors import OwedMovedError, SettleAheadError
from dues.settling.models import Settlement, SettlementLine
from dues.settling.owed import Owed, owed_by

EVENT: Final = "settlement"
"""What the journal calls a settlement's entry."""


def due(owed: Sequence[Owed], *, currency: str) -> list[Owed]:
    """Return what would be settled: what is owed in the creditor's own currency."""
    return [one for one in owed if one.owed > 0 and one.between.currency == currency]


def fingerprint(owed: Sequence[Owed]) -> str:
    """Return what stands for all that would be settled: whose it is, by part of the fee, and how much was before.

    A sum alone would not tell money that moved from one group, or one part, to another.
    """
    lines = sorted(
        (one.between.group_id, one.between.currency, one.settled, part, amount)
        for one in owed
        for part, amount in one.owed_by.items()
    )
    return hashlib.sha256(repr(lines).encode()).hexdigest()


def settle(
    session: Session, *, creditor_id: int, through: dt.date, on: dt.date, by: Actor, seen: str | None = None
) -> list[Settlement]:
    """Settle all that a creditor owes other groups of what came through a day; nothing owed is nothing settled.

    ``seen`` is the fingerprint of what was shown. Raises SettleAheadError, OwedMovedError and GoneError.
    """
    if through > on:
        raise SettleAheadError(on)
    # Whoever settles at the same time waits here, and then finds nothing left.
    creditor = session.get(Creditor, creditor_id, with_for_update={"key_share": True}, populate_existing=True)
    if creditor is None:
        raise GoneError("creditor")
    owed = due(owed_by(session, creditor_id=creditor_id, through=through), currency=creditor.currency)
    if seen is not None and seen != fingerprint(owed):
        raise OwedMovedError
    if not owed:
        return []
    entry = _entry(session, creditor, through=through, on=on, by=by)
    return [_settle(session, creditor, one, entry=entry, through=through, by=by) for one in owed]


def _entry(session: Session, creditor: Creditor, *, through: dt.date, on: dt.date, by: Actor) -> Entry:
    open_settling(session, creditor=creditor)
    last = select(Settlement.id).where(Settlement.creditor_id == creditor.id).order_by(Settlement.id.desc()).limit(1)
    key = f"settlement:{creditor.id}:{through.isoformat()}:{session.scalar(last) or 0}"
    return open_entry(session, creditor_id=creditor.id, event=EVENT, key=key, on=on, by=by)


def _settle(
    session: Session, creditor: Creditor, one: Owed, *, entry: Entry, through: dt.date, by: Actor
) -> Settlement:
    row = Settlement(
        creditor_id=creditor.id,
        group_id=one.between.group_id,
        currency=one.between.currency,
        through=through,
        settled_before=one.settled,
        amount=one.owed,
        entry_id=entry.id,
        number=entry.number,
        on_date=entry.on_date,
        actor=str(by),
    )
    session.add(row)
    session.flush()  # its lines need the id
    lines = [{"settlement_id": row.id, "component_id": part, "amount": amount} for part, amount in one.owed_by.items()]
    session.execute(insert(SettlementLine), lines)
    rules = posting_rules(session, event=Event.SETTLEMENT, creditors=[creditor.id])
    debit, credit = rules.require(creditor.id)
    session.execute(
        insert(Posting).values(
            entry_id=entry.id,
            debit_account_id=debit,
            credit_account_id=credit,
            amount=one.owed,
            currency=one.between.currency,
            on_date=entry.on_date,
            value_date=through,
        )
    )
    return row
