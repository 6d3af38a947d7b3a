"""Money that was returned finds the payment it takes back: claims open again, memberships by rule, members are told.

A return may come before its payment. It then waits, and whatever is booked in the same books later looks for it again.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.groups.models import Creditor, ReturnedCover, ReturnedFee
from dues.invoicing.cover import uncover
from dues.journal.models import Event
from dues.journal.post import open_entry
from dues.journal.rules import posting_rules
from dues.patience import patiently
from dues.payments.errors import NotReturnedError
from dues.payments.return_links import returns_that_wait, stop_refunds
from dues.payments.return_models import FoundBy
from dues.payments.tolerated import untolerate
from dues.payments.transfer import credit_account
from dues.runs.models import Run

BATCH: Final = 500
"""Returns a transaction: as long as a slice of payments, so that nobody waits long for a claim."""

_AFTER: Final = "returned_after"


@dataclass(frozen=True, slots=True)
class _Pair:
    """A return with the payment it takes back; ``extra`` (minor units) is what it is more.

    ``uses`` are the allocations to undo, None where there are none.
    """

    return_id: int
    original_id: int
    found_by: str
    creditor_id: int
    currency: str
    file_id: int
    on_date: dt.date
    extra: int
    uses: list[int] | None


def book_returns(session: Session, run: Run) -> bool:
    """Match the next returns that wait in the books which a bank import booked on; False when all were looked at."""
    asked = {"run": run.id, "after": run.params.get(_AFTER, 0), "most": BATCH}
    waiting = list(session.scalars(statement("dues/payments/sql/returned_waiting.sql"), asked))
    if not waiting:
        return False
    done = _matched(session, waiting, by=run.actor, run_id=run.id)
    if done:
        own = sum(pair.file_id == run.params["file"] for pair in done)
        known = run.result
        run.result = {
            **known,
            "unmatched": known["unmatched"] - own,
            "returned": known.get("returned", 0) + len(done),
        }
    run.params = {**run.params, _AFTER: waiting[-1]}
    return True


def return_by_hand(
    session: Session, *, payment_id: int, original_id: int, on: dt.date, by: Actor, reason: str = ""
) -> None:
    """Say which payment a return takes back; everything follows as when it is found by itself.

    So may any money that left: not every bank says that it is a return. ``reason`` is kept with it.

    Raises NotReturnedError where the two do not fit or what the payment became is used by now, and BusyError.
    """

    def work() -> None:
        pairs = _judged(session, [(payment_id, original_id, FoundBy.PERSON.value)])
        if not pairs:
            raise NotReturnedError(payment_id, original_id)
        _write(session, pairs, on=on, by=by, reason=reason)

    patiently(session, work)


def meet_returns(session: Session, *, creditor_id: int, by: Actor) -> None:
    """Book the returns of a creditor that wait and can be booked now: before what is free again is used otherwise."""
    waiting = returns_that_wait(session, creditor_id=creditor_id)
    if waiting:
        _matched(session, waiting, by=by, run_id=None)


def _matched(session: Session, returns: Sequence[int], *, by: Actor | str, run_id: int | None) -> list[_Pair]:
    """Find and book; where two returns mean the same payment the first has it, and the second looks once more."""
    done: list[_Pair] = []
    left = list(returns)
    while left:
        rows = session.execute(statement("dues/payments/sql/returned_find.sql"), {"returns": left}).all()
        first: dict[int, tuple[int, int, str]] = {}
        for row in rows:
            first.setdefault(row.original_id, (row.id, row.original_id, row.found_by))
        stop_refunds(session, payments=list(first))
        pairs = _judged(session, list(first.values()))
        _write(session, pairs, by=by, run_id=run_id)
        done += pairs
        found = {pair[0] for pair in first.values()}
        left = [row.id for row in rows if row.id not in found] if pairs else []
    return done


def _judged(session: Session, pairs: Sequence[tuple[int, int, str]]) -> list[_Pair]:
    """Lock pairs with all they were used for; return those that can be booked."""
    if not pairs:
        return []
    returns, originals, found_by = (list(column) for column in zip(*pairs, strict=True))
    session.execute(statement("dues/payments/sql/returned_hold.sql"), {"payments": sorted({*returns, *originals})})
    values = {"returns": returns, "originals": originals, "found_by": found_by}
    return [_Pair(*row) for row in session.execute(statement("dues/payments/sql/returned_judge.sql"), values)]


def _write(
    session: Session,
    pairs: Sequence[_Pair],
    *,
    by: Actor | str,
    run_id: int | None = None,
    on: dt.date | None = None,
    reason: str = "",
) -> None:
    """Book pairs, those of one creditor, currency and day in one voucher; ``on`` is the day where a person books."""
    alike: defaultdict[tuple[int, str, dt.date], list[_Pair]] = defaultdict(list)
    for pair in pairs:
        alike[pair.creditor_id, pair.currency, on or pair.on_date].append(pair)
    for (creditor_id, currency, day), some in sorted(alike.items()):
        _write_alike(
            session, some, creditor_id=creditor_id, currency=currency, day=day, by=by, run_id=run_id, why=reason
        )
    if pairs:
        told = {"returns": [pair.return_id for pair in pairs]}
        session.execute(statement("dues/payments/sql/returned_tell.sql"), told)


def _write_alike(
    session: Session,
    pairs: Sequence[_Pair],
    *,
    creditor_id: int,
    currency: str,
    day: dt.date,
    by: Actor | str,
    run_id: int | None,
    why: str,
) -> None:
    uses = [use for pair in pairs for use in pair.uses or ()]
    untolerate(session, allocations=uses, creditor_id=creditor_id, currency=currency, on=day, by=by, run_id=run_id)
    creditor = session.scalars(select(Creditor).where(Creditor.id == creditor_id)).one()
    cost = _cost_account(session, creditor, currency)
    moves = any(pair.uses or (pair.extra and cost) for pair in pairs)
    key = f"returned:{pairs[0].return_id}"
    entry = (
        open_entry(session, creditor_id=creditor_id, event="returned", key=key, on=day, by=by, run_id=run_id)
        if moves
        else None
    )
    values = {
        "returns": [pair.return_id for pair in pairs],
        "originals": [pair.original_id for pair in pairs],
        "found_by": [pair.found_by for pair in pairs],
        "creditor": creditor_id,
        "entry": entry.id if entry else None,
        "books_on": entry.on_date if entry else day,
        "actor": str(by),
        "why": why,
        "cost": cost,
        "keeps": creditor.returned_cover is ReturnedCover.KEEP,
        **{
            name: credit_account(session, creditor_id=creditor_id, event=event, currency=currency)
            for name, event in (
                ("unidentified", Event.UNIDENTIFIED),
                ("receivable", Event.PAYMENT),
                ("credit", Event.CREDIT),
            )
        },
    }
    opened = session.scalar(statement("dues/payments/sql/returned_write.sql"), values)
    if opened and creditor.returned_cover is ReturnedCover.TAKE_BACK:
        uncover(session, invoices=sorted(opened))
    session.expire_all()


def _cost_account(session: Session, creditor: Creditor, currency: str) -> int | None:
    """Return the account for what banks take, where the creditor books it and has one in this currency."""
    if creditor.returned_fee is not ReturnedFee.COST or currency != creditor.currency:
        return None
    found = posting_rules(session, event=Event.BANK_COST, creditors=[creditor.id]).find(creditor.id)
    return found[0] if found else None
