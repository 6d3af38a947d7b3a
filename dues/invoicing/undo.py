"""Undoes a run of invoices: credits all of it that is not paid yet, as a run of its own with a preview of its own.

Each slice is credited whole, documents, books, fee periods and messages together, and takes the numbers of its credit
notes as its last act. A driver that dies has therefore taken no number, and whoever goes on leaves no gap.
"""

import datetime as dt
from typing import Any, Final

from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.sql import statement
from dues import dates
from dues.actor import Actor
from dues.invoicing import charge_run, issue
from dues.invoicing.charge_file import TAKE_IN
from dues.invoicing.errors import NotUndoableError
from dues.invoicing.ground import whole_sets
from dues.invoicing.halve import spoilt_by_a_row, void_voucher
from dues.invoicing.undo_halve import halve
from dues.invoicing.undo_models import UndoItem, UndoItemState
from dues.invoicing.undo_queries import undoing_under_way
from dues.journal.post import open_entry
from dues.runs.drive import Kind, Sliced, Tally
from dues.runs.errors import UnknownRunError
from dues.runs.models import Axis, Run, RunSlice, RunState, SliceState
from dues.runs.preview import forget_sums, heeded, keep_preview, sums
from dues.runs.start import AGAIN, finish, start

KIND: Final = "undo"

UNDOES: Final = frozenset({issue.KIND, TAKE_IN}) | charge_run.KINDS
"""Kinds of runs that can be undone: those that issue invoices in numbered slices, or take them in."""

SLICE: Final = 1500
"""Invoices a transaction: about 300 ms of crediting, so that nobody waits long for a lock it holds."""

AS_IT_SHOULD_BE: Final = frozenset({"credited already", "given up", "paid", "part-paid", "charged on since"})
"""Reasons for leaving an invoice alone that are no fault of anybody's."""


def start_undo(
    session: Session, *, run_id: int, on: dt.date, by: Actor, confirmed: bool = False, slice_size: int = SLICE
) -> Run:
    """Start the undoing of a run of invoices; the one that is under way is returned instead of a second.

    With ``confirmed`` it goes on to credit what its preview finds; ``slice_size`` invoices are credited in one
    transaction at most. Raises UnknownRunError and NotUndoableError.
    """
    # Two who start at once meet at this lock, and the second one finds the undoing of the first.
    undone = session.get(Run, run_id, with_for_update={"key_share": True}, populate_existing=True)
    if undone is None:
        raise UnknownRunError(run_id)
    if undone.kind not in UNDOES:
        raise NotUndoableError(run_id, "only runs of invoices can be undone")
    if undone.state is not RunState.DONE:
        raise NotUndoableError(run_id, "it is not done")
    there = undoing_under_way(session, run_id=run_id)
    if there is not None:
        return there
    params: dict[str, Any] = {
        "undoes": run_id,
        "kind": undone.kind,
        "day": undone.business_day.isoformat(),
        "scope": undone.params.get("scope") or "",
        "group": undone.params.get("group"),
        "slice": slice_size,
    }
    run = start(session, kind=KIND, params=params, on=on, by=by, confirmed=confirmed, path=undone.path)
    run.undoes_id = run_id
    session.flush()
    return run


def step(session: Session, run: Run) -> bool:
    """Take an undoing from one phase to the next; False when it waits for a person or is done."""
    match run.phase:
        case "start":
            _gather(session, run)
            return _preview(session, run)
        case phase if phase == AGAIN:
            before = _shown(session, run)
            _gather(session, run)
            return _preview(session, run, moved={"confirmed": False, "before": before, **_moved(session, run)})
        case "check":
            return _check(session, run)
        case "number":
            session.execute(statement("dues/invoicing/sql/undo_vouchers.sql"), {"run": run.id})
            _give_free_back(session, run)
            run.phase, run.done = "write", 0
            return True
        case _:
            _finish(session, run)
            return False


def _gather(session: Session, run: Run) -> None:
    """Gather the invoices of the run that is undone, as they stand now, into the temporary table ``undoable``."""
    with whole_sets(session):
        session.execute(statement("dues/invoicing/sql/undo_candidates.sql"), {"undoes": run.undoes_id})
    session.execute(text("ANALYZE undoable"))


def _preview(session: Session, run: Run, *, moved: dict[str, Any] | None = None) -> bool:
    """Write down what would be credited, and what is left alone."""
    session.execute(delete(UndoItem).where(UndoItem.run_id == run.id))
    forget_sums(session, run_id=run.id)
    for name in ("undo_items", "undo_slices", "undo_sums"):
        values = {"run": run.id, "size": run.params["slice"]} if name == "undo_slices" else {"run": run.id}
        session.execute(statement(f"dues/invoicing/sql/{name}.sql"), values)
    run.total, run.done, run.phase = _ready(session, run.id), 0, "check"
    run.state = RunState.WORKING if run.confirmed else RunState.READY
    run.started_at = session.scalar(func.now().select())
    if not run.confirmed:
        keep_preview(session, run=run, ground="", content={"free": _free(session, run)}, moved=moved)
    return run.confirmed


def _ready(session: Session, run_id: int) -> int:
    wanted = select(func.count()).where(UndoItem.run_id == run_id, UndoItem.state == UndoItemState.READY)
    return session.scalar(wanted) or 0


def _shown(session: Session, run: Run) -> dict[str, list[int]]:
    return {one.currency: [one.items, one.amount] for one in sums(session, run_id=run.id, axes=[Axis.TOTAL])}


def _moved(session: Session, run: Run) -> dict[str, int]:
    with whole_sets(session):
        found = session.execute(statement("dues/invoicing/sql/undo_moved.sql"), {"run": run.id}).one()
    return {"gone": found.gone, "new": found.new}


def _check(session: Session, run: Run) -> bool:
    """What was seen is what is done: where an invoice was paid or credited meanwhile, the preview is shown anew."""
    if heeded(session, run_id=run.id) is not None:
        before = _shown(session, run)
        _gather(session, run)
        moved = _moved(session, run)
        if any(moved.values()):
            run.confirmed = False
            return _preview(session, run, moved={"confirmed": True, "before": before, **moved})
    run.business_day = max(run.business_day, dates.today(session))
    run.phase = "number"
    return True


def _free(session: Session, run: Run) -> int:
    """Count the memberships whose free period would be given back."""
    with whole_sets(session):
        return session.scalar(statement("dues/invoicing/sql/undo_free_count.sql"), {"undoes": run.undoes_id}) or 0


def _give_free_back(session: Session, run: Run) -> None:
    run.result = {**run.result, "free": _free(session, run)}
    with whole_sets(session):
        session.execute(statement("dues/invoicing/sql/undo_free.sql"), {"undoes": run.undoes_id})


def _write(session: Session, run: Run, part: RunSlice) -> Tally:
    try:
        with session.begin_nested():
            return _credit(session, run, part)
    except DBAPIError as error:
        if error.connection_invalidated or not spoilt_by_a_row(error):
            raise
        halve(session, run=run, part=part, error=error)
        return Tally(0)


def _credit(session: Session, run: Run, part: RunSlice) -> Tally:
    bounds = {"run": run.id, "first": part.first, "last": part.last}
    for name in ("undo_hold", "undo_members"):
        session.execute(statement(f"dues/invoicing/sql/{name}.sql"), bounds)
    left = session.scalar(
        select(func.count()).where(
            UndoItem.run_id == run.id,
            UndoItem.seq.between(part.first, part.last),
            UndoItem.state == UndoItemState.READY,
        )
    )
    part.state = SliceState.WRITTEN
    if not left:
        void_voucher(session, run=run, part=part, reason="nothing of this slice was left to credit")
        return Tally(part.survivors)
    amount = _written(session, run, part, bounds)
    return Tally(part.survivors, {"credited": left, "amounts": {str(part.creditor_id): amount}})


def _written(session: Session, run: Run, part: RunSlice, bounds: dict[str, int]) -> int:
    """Credit what is left of a slice; return minor units."""
    on = run.business_day
    entry = open_entry(
        session,
        creditor_id=part.creditor_id,
        event="credit note",
        key=f"undo:{run.id}:{part.first}",
        on=on,
        by=run.actor,
        number=part.entry_number,
        run_id=run.id,
    )
    for name in ("undo_release", "undo_recompute", "undo_lines", "undo_tell"):
        session.execute(statement(f"dues/invoicing/sql/{name}.sql"), bounds)
    books = {**bounds, "entry": entry.id, "on": on, "books_on": entry.on_date}
    session.execute(statement("dues/invoicing/sql/undo_book.sql"), books)
    notes = {**bounds, "creditor": part.creditor_id, "on": on}
    _, amount = session.execute(statement("dues/invoicing/sql/undo_notes.sql"), notes).one()
    return int(amount)


def _finish(session: Session, run: Run) -> None:
    left_alone = session.execute(
        select(UndoItem.reason, func.count())
        .where(UndoItem.run_id == run.id, UndoItem.state == UndoItemState.EXCLUDED)
        .group_by(UndoItem.reason)
    ).all()
    run.to_mend = sum(count for reason, count in left_alone if reason not in AS_IT_SHOULD_BE)
    finish(session, run, credited=run.result.get("credited", 0), excluded=dict(left_alone))


WORK = Kind(step, {"write": Sliced(SliceState.CLAIMED, _write)})
