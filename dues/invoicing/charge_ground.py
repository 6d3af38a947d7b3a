"""The preview of a run that charges lines, made from what is wanted; and whether what it stood on is still the same.

Whoever has lines to charge fills the table ``charge_wanted`` (`charge_wanted.sql` says how), by a `Stage` of its own:
lines from a file, or the same lines to many persons. Everything else is the same for all: who pays, who sends, what it
costs, where it is booked, who is left out and why.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from database.sql import statement
from dues import dates
from dues.invoicing.charge_models import ChargeItem
from dues.invoicing.code_lines import code_sold
from dues.invoicing.freeze import freeze_payees
from dues.invoicing.freeze_looks import freeze_looks, who_lets
from dues.invoicing.models import ItemState
from dues.invoicing.one_off import MOST
from dues.invoicing.preview import SLICE
from dues.runs.models import Axis, Run
from dues.runs.preview import forget_sums, heeded, keep_preview, sums

SAMPLES: Final = 3
"""Invoices that can be looked at before confirming."""
MOST_LINES: Final = 500
"""Lines that one invoice has at most."""

Stage = Callable[[Session, Run], bool]
"""Fills ``charge_wanted`` within the session's transaction; False where there is nothing that could be charged.

It is asked again when a preview is made anew, and looks at everything again."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of run finds its lines, and by which statement they become rows of its preview.

    Invoices that are ``ours`` get numbers and references of ours.
    """

    stage: Stage
    items: str = "dues/invoicing/sql/charge_items.sql"
    ours: bool = True


def make(session: Session, run: Run, way: Way) -> bool:
    """Make the preview of a run that has none; return False where the stage found nothing that could be charged."""
    if not _judged(session, run, way):
        return False
    if not run.confirmed:
        _show(session, run, way)
    return True


def make_anew(session: Session, run: Run, way: Way) -> bool:
    """Make the preview of a run anew, whether or not anything moved, and show it."""
    found, moved = _again(session, run, way)
    _show(session, run, way, moved={"confirmed": False, **moved})
    return found


def holds(session: Session, run: Run, way: Way) -> bool:
    """Tell whether a confirmed run may go on: nobody asked for more, or what they saw is what would be done.

    Where it is not, the preview has been made anew and says what moved.
    """
    if heeded(session, run_id=run.id) is None:
        return True
    _, moved = _again(session, run, way)
    same = moved["day"] is None and not any(moved[what] for what in ("gone", "new", "price", "other"))
    _show(session, run, way, moved=None if same else {"confirmed": True, **moved})
    return same


def ready(session: Session, run_id: int) -> int:
    """Count the invoices that a preview would issue."""
    wanted = select(func.count()).where(ChargeItem.run_id == run_id, ChargeItem.state == ItemState.READY)
    return session.scalar(wanted) or 0


def _judged(session: Session, run: Run, way: Way) -> bool:
    """Write down what a run would issue for the lines that its stage wants."""
    session.execute(statement("dues/invoicing/sql/charge_wanted.sql"))
    if not way.stage(session, run):
        return False
    session.execute(text("ANALYZE charge_wanted"))  # the planner has never seen the new table
    on = dt.date.fromisoformat(run.params["on"])
    session.execute(statement("dues/invoicing/sql/charge_priced.sql"), {"on": on})
    session.execute(text("ANALYZE charge_priced"))
    values = {"run": run.id, "on": on, "most": MOST, "most_lines": MOST_LINES, **_payees(session, run.id, on)}
    session.execute(statement(way.items), values)
    with _whole_sets(session):
        session.execute(statement("dues/invoicing/sql/charge_lines.sql"), {"run": run.id, "most_lines": MOST_LINES})
    size = run.params.get("slice", SLICE)
    session.execute(statement("dues/invoicing/sql/charge_slices.sql"), {"run": run.id, "size": size})
    return True


def _payees(session: Session, run_id: int, on: dt.date) -> dict[str, list[int]]:
    """Code the lines; return who sends, and the groups whose documents look otherwise than their creditor's."""
    creditors = set(
        session.scalars(text("SELECT DISTINCT creditor_id FROM charge_priced WHERE creditor_id IS NOT NULL"))
    )
    code_sold(session, run_id=run_id, creditors=creditors)
    payees = freeze_payees(session, creditors=creditors, on=on)
    looks: dict[int, int] = {}
    if letting := who_lets(session, creditors=creditors):
        groups = session.scalars(text("SELECT DISTINCT group_id FROM charge_priced"))
        looks = freeze_looks(session, creditors=letting, groups=groups, on=on)
    return {"payees": list(payees.values()), "look_groups": list(looks), "look_payees": list(looks.values())}


def _again(session: Session, run: Run, way: Way) -> tuple[bool, dict[str, Any]]:
    """Write the preview's rows anew; return whether there was anything, and what is different from before."""
    was = _move_on(session, run)
    before = {one.currency: [one.items, one.amount] for one in sums(session, run_id=run.id, axes=[Axis.TOTAL])}
    session.execute(statement("dues/invoicing/sql/charge_seen.sql"), {"run": run.id})
    session.execute(text("ANALYZE seen_charge"))
    session.execute(statement("dues/invoicing/sql/charge_forget.sql"), {"run": run.id})
    forget_sums(session, run_id=run.id)
    session.flush()
    session.expire_all()  # slices of the same places are other rows now
    found = _judged(session, run, way)
    shift = (run.business_day - was).days
    with _whole_sets(session):
        what = session.execute(statement("dues/invoicing/sql/charge_moved.sql"), {"run": run.id, "shift": shift}).one()
    day = was.isoformat() if shift else None
    return found, {"day": day, "before": before, **what._mapping}  # noqa: SLF001 -- SQLAlchemy's own name for it


def _move_on(session: Session, run: Run) -> dt.date:
    """Let a day that has passed be today's, for invoices carry it; return the day as it was."""
    was, today = run.business_day, dates.today(session)
    if was < today:
        run.business_day = today
        run.params = {**run.params, "on": today.isoformat()}
        session.flush()
    return was


def _show(session: Session, run: Run, way: Way, *, moved: dict[str, Any] | None = None) -> None:
    """Sum the preview up, and keep it for a person to look at; of what is ours with some documents to come."""
    session.execute(statement("dues/invoicing/sql/charge_sums.sql"), {"run": run.id})
    firsts = select(ChargeItem.seq).where(ChargeItem.run_id == run.id, ChargeItem.state == ItemState.READY)
    samples = session.scalars(firsts.order_by(ChargeItem.seq).limit(SAMPLES)).all() if way.ours else []
    keep_preview(session, run=run, ground="", content={"samples": list(samples)}, moved=moved)


@contextmanager
def _whole_sets(session: Session) -> Iterator[None]:
    """Let sets meet as sets: of rows written a moment ago the planner believes that there are none, and would loop."""
    session.execute(text("SET LOCAL enable_nestloop = off"))
    yield
    session.execute(text("SET LOCAL enable_nestloop = DEFAULT"))
