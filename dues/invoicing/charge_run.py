"""Charges lines: the phases of a run that turns lines wanted for many persons into invoices, for ten or a million."""

import datetime as dt
from functools import partial
from typing import Any, Final

from sqlalchemy import func
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.invoicing import charge_ground, phases
from dues.invoicing.charge_ground import Stage, Way
from dues.invoicing.charge_models import ChargeItem
from dues.invoicing.errors import NumberTooLongError
from dues.invoicing.preview import SLICE
from dues.runs.drive import Kind, Sliced, SliceWork, Tally
from dues.runs.models import Run, RunSlice, RunState, SliceState
from dues.runs.start import AGAIN, finish, start

KINDS: Final = frozenset({"charges", "bulk", "take-in"})
"""The kinds of runs whose rows are `ChargeItem`: those that `working` makes."""


def start_charging(
    session: Session,
    *,
    kind: str,
    params: dict[str, Any],
    on: dt.date,
    by: Actor,
    path: str = "",
    confirmed: bool = False,
    slice_size: int = SLICE,
) -> Run:
    """Start a run of a kind made by `charging`; its stage finds in ``params`` what it is to charge.

    ``path`` is the group for which alone it works, "" for the whole organisation; with ``confirmed`` it goes on to
    issue what its preview finds.
    """
    own = {**params, "on": on.isoformat(), "scope": path, "memberships": None, "slice": slice_size}
    return start(session, kind=kind, params=own, on=on, by=by, confirmed=confirmed, path=path)


def charging(stage: Stage) -> Kind:
    """Return what does the work of a kind of run whose lines a stage finds.

    Preview, confirmation, numbers, writing and what becomes of faulty rows are the same for all of them.
    """
    return working(Way(stage), _write)


def working(way: Way, write: SliceWork) -> Kind:
    """Return what does the work of a kind of run that finds its rows in its own way, and writes slices as it does."""
    return Kind(partial(_step, way), {"write": Sliced(SliceState.CLAIMED, write)})


def _step(way: Way, session: Session, run: Run) -> bool:
    """Take a run from one phase to the next; False when it waits for a person or is done."""
    match run.phase:
        case "start":
            return _preview(session, run, found=charge_ground.make(session, run, way), way=way)
        case phase if phase == AGAIN:
            return _preview(session, run, found=charge_ground.make_anew(session, run, way), way=way)
        case "check":
            return _check(session, run, way)
        case "number":
            phases.give_numbers(session, run, ours=way.ours)
            return True
        case _:
            phases.tell_end(session, run, table=ChargeItem)
            return False


def _preview(session: Session, run: Run, *, found: bool, way: Way) -> bool:
    run.done, run.started_at = 0, session.scalar(func.now().select())
    if not found:
        run.total = 0
        finish(session, run, refused=True)
        return False
    if way.ours:
        _refuse_long_numbers(session, run.id)
    run.total = charge_ground.ready(session, run.id)
    run.phase = "check"
    run.state = RunState.WORKING if run.confirmed else RunState.READY
    return run.confirmed


def _check(session: Session, run: Run, way: Way) -> bool:
    """Days may lie between the preview and here, and numbers were taken since."""
    if not charge_ground.holds(session, run, way):
        run.confirmed, run.state = False, RunState.READY
        run.total = charge_ground.ready(session, run.id)
        return False
    if way.ours:
        _refuse_long_numbers(session, run.id)
    run.phase = "number"
    return True


def _refuse_long_numbers(session: Session, run_id: int) -> None:
    bad = session.execute(statement("dues/invoicing/sql/charge_long_numbers.sql"), {"run": run_id}).first()
    if bad is not None:
        raise NumberTooLongError(bad.creditor_id, bad.highest)


def _write(session: Session, run: Run, part: RunSlice) -> Tally:
    return phases.write(session, run, part, path="dues/invoicing/sql/charge_write.sql", table=ChargeItem, more={})
