"""Looks once more at the payments that wait: those of which a rule is certain are booked, others get a suggestion.

It may run at any time and any number of times: what is certain is booked once, under locks and only while it is as it
was seen, and what is not stays where it is.
"""

import datetime as dt
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.invoicing.cover import cover
from dues.invoicing.models import Invoice
from dues.journal.post import open_entry
from dues.payments import match_find
from dues.payments.book import accounts_of
from dues.payments.match_rules import in_force, last_changed
from dues.payments.models import BankFile, FileState, PaymentCase
from dues.runs.drive import Kind, Sliced, Tally
from dues.runs.models import Run, RunSlice, RunState, SliceState
from dues.runs.start import finish, start

KIND: Final = "matching"

SLICE: Final = 2000
"""Payments a transaction: most of it is looking, and only the last part of it holds claims."""

PATIENCE: Final = dt.timedelta(hours=1)
"""How soon after a look new invoices are a reason for another one: each joining issues one."""

_LATEST_FILES: Final = 20
# "MATCH" read as a number: among advisory locks, that of starting to match.
_LOCK: Final = 0x4D41544348


def start_matching(session: Session, *, on: dt.date, by: Actor, path: str = "", slice_size: int = SLICE) -> Run:
    """Start a look at all that waits, or with a ``path`` at what waits for creditors at or below that group.

    The look that has not begun yet is returned instead of a second.
    """
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    there = session.scalar(
        select(Run).where(Run.kind == KIND, Run.state == RunState.PREPARING, Run.path == path).limit(1)
    )
    if there is not None:
        return there
    params = {"slice": slice_size, "invoice": session.scalar(select(func.max(Invoice.id))) or 0}
    return start(session, kind=KIND, params=params, on=on, by=by, confirmed=True, path=path)


def is_due(session: Session) -> bool:
    """Tell whether something waits, and something has come since the last look: money, an invoice, a rule."""
    waits = session.scalar(select(exists().where(PaymentCase.closed_at.is_(None), PaymentCase.unallocated > 0)))
    if not waits:
        return False
    last = session.scalars(select(Run).where(Run.kind == KIND, Run.path == "").order_by(Run.id.desc()).limit(1)).first()
    return last is None or _anything_new(session, last)


def _anything_new(session: Session, last: Run) -> bool:
    if last.state in (RunState.PREPARING, RunState.WORKING):
        return False
    newest = select(BankFile.run_id).where(BankFile.state == FileState.ACCEPTED).order_by(BankFile.id.desc())
    booked = select(func.max(Run.finished_at)).where(Run.id.in_(newest.limit(_LATEST_FILES)))
    for when in (session.scalar(booked), last_changed(session)):
        if when is not None and when > last.created_at:
            return True
    if session.scalar(select(last.created_at + PATIENCE > func.now())):
        return False
    return (session.scalar(select(func.max(Invoice.id))) or 0) > int(last.params["invoice"])


def _step(session: Session, run: Run) -> bool:
    """Plan the slices; when they are done, so is the run."""
    if run.phase != "start":
        finish(session, run)
        return False
    values = {"run": run.id, "size": run.params["slice"], "path": run.path}
    session.execute(statement("dues/payments/sql/match_slices.sql"), values)
    wanted = select(func.coalesce(func.sum(RunSlice.survivors), 0)).where(RunSlice.run_id == run.id)
    run.total = session.scalar(wanted) or 0
    run.phase, run.state = "match", RunState.WORKING
    run.result = {"matched": 0, "unmatched": 0}
    return True


def _match(session: Session, run: Run, part: RunSlice) -> Tally:
    match_find.lay_out(session)
    bounds = {"creditor": part.creditor_id, "first": part.first, "last": part.last}
    match_find.run(session, "cases", **bounds)
    match_find.find(session, creditor_id=part.creditor_id, rules=in_force(session, creditor_id=part.creditor_id))
    match_find.run(session, "forget", **bounds)
    match_find.run(session, "suggest", creditor=part.creditor_id)
    booked, by_rule = _book(session, run, part)
    part.state = SliceState.WRITTEN
    return Tally(
        part.survivors,
        {"matched": booked, "unmatched": part.survivors - booked, **({"by": by_rule} if by_rule else {})},
    )


def _book(session: Session, run: Run, part: RunSlice) -> tuple[int, dict[str, int]]:
    """Book what is certain; return how many payments that were, and how many by each rule."""
    for held in ("payments", "claims", "cases"):
        match_find.run(session, f"hold_{held}")
    match_find.run(session, "stale")
    by_rule = {row.rule: row.payments for row in match_find.run(session, "counts")}
    if not by_rule:
        return 0, {}
    currencies = list(match_find.run(session, "currencies").scalars())
    accounts = [accounts_of(session, part.creditor_id, currency) for currency in currencies]
    entry = open_entry(
        session,
        creditor_id=part.creditor_id,
        event="matching",
        key=f"run:{run.id}:{part.first}",
        on=run.business_day,
        by=run.actor,
        run_id=run.id,
    )
    done = match_find.run(
        session,
        "book",
        on=run.business_day,
        books_on=entry.on_date,
        entry=entry.id,
        actor=run.actor,
        currencies=currencies,
        receivables=[receivable for receivable, _ in accounts],
        unidentifieds=[unidentified for _, unidentified in accounts],
    ).one()
    part.wrote_from, part.wrote_to = done.wrote_from, done.wrote_to
    cover(session, invoices=sorted(done.invoices), on=run.business_day, by=run.actor)
    match_find.run(session, "receipts", wrote_from=done.wrote_from, wrote_to=done.wrote_to, entry=entry.id)
    return done.booked, by_rule


WORK: Final = Kind(_step, {"match": Sliced(SliceState.CLAIMED, _match)})
