"""The preview that a person confirms: made, compared with an earlier run, looked at once more, and made anew.

What was seen is what is done. Before a confirmed preview is issued, the ground under it is looked at: the day, the
set-up, and for each invoice the membership and the payer. Where anything moved, the preview is made anew, and nothing
is issued unless it came out the same.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from database.sql import statement
from dues import dates
from dues.invoicing.joint import still_joint
from dues.invoicing.models import InvoiceItem, ItemState
from dues.invoicing.preview import SLICE, gather, judge
from dues.runs.models import Axis, Run, RunPreview
from dues.runs.preview import forget_sums, heeded, keep_preview, sums

SAMPLES: Final = 3
"""Invoices that can be looked at before confirming."""
EXAMPLES: Final = 20
"""Of what is new, gone or at another price, how many are named."""
ASKED: Final = 5_000
"""Of how many members it is asked which run charged them before."""


def make(session: Session, run: Run) -> int:
    """Make the preview of a run that has none; return how many candidates there are."""
    candidates = _gather(session, run)
    _judge(session, run)
    if not run.confirmed:
        _show(session, run)
    return candidates


def make_anew(session: Session, run: Run) -> int:
    """Make the preview of a run anew, whether or not anything moved, and show it; return the number of candidates."""
    was = _move_on(session, run)
    candidates = _gather(session, run)
    _show(session, run, moved={"confirmed": False, **_again(session, run, was)})
    return candidates


def holds(session: Session, run: Run) -> bool:
    """Tell whether a confirmed run may go on: nobody asked for more, or what they saw is what would be done.

    Where it is not, the preview has been made anew and says what moved.
    """
    seen = heeded(session, run_id=run.id)
    if seen is None:
        return True
    was = _move_on(session, run)
    _gather(session, run)
    if was == run.business_day and seen.ground == _ground(session) and _stands(session, run):
        return True
    moved = _again(session, run, was)
    same = moved["day"] is None and not any(moved[what] for what in ("gone", "new", "price", "other"))
    _show(session, run, moved=None if same else {"confirmed": True, **moved})
    return same


def ready(session: Session, run_id: int) -> int:
    """Count the invoices that a preview would issue."""
    one_each = or_(InvoiceItem.joint_seq.is_(None), InvoiceItem.joint_seq == InvoiceItem.seq)
    wanted = select(func.count()).where(InvoiceItem.run_id == run_id, InvoiceItem.state == ItemState.READY, one_each)
    return session.scalar(wanted) or 0


def _move_on(session: Session, run: Run) -> dt.date:
    """Let a day that has passed be today's, for invoices carry it; return the day as it was."""
    was, today = run.business_day, dates.today(session)
    if was < today:
        run.business_day = today
        run.params = {**run.params, "on": today.isoformat()}
        session.flush()
    return was


def _gather(session: Session, run: Run) -> int:
    return gather(
        session,
        on=dt.date.fromisoformat(run.params["on"]),
        scope=run.params["scope"],
        memberships=run.params["memberships"],
    )


def _judge(session: Session, run: Run) -> None:
    on = dt.date.fromisoformat(run.params["on"])
    judge(session, run_id=run.id, on=on, slice_size=run.params.get("slice", SLICE))


def _stands(session: Session, run: Run) -> bool:
    with whole_sets(session):
        same = bool(session.scalar(statement("dues/invoicing/sql/stands.sql"), {"run": run.id}))
        return same and still_joint(session, run_id=run.id)


def _ground(session: Session) -> str:
    return str(session.scalar(statement("dues/invoicing/sql/ground.sql")))


def _again(session: Session, run: Run, was: dt.date) -> dict[str, Any]:
    """Write the preview's rows anew from the candidates gathered just now; return what is different from before."""
    before = {one.currency: [one.items, one.amount] for one in sums(session, run_id=run.id, axes=[Axis.TOTAL])}
    session.execute(statement("dues/invoicing/sql/seen.sql"), {"run": run.id})
    session.execute(text("ANALYZE seen_item"))
    session.execute(statement("dues/invoicing/sql/forget.sql"), {"run": run.id})
    forget_sums(session, run_id=run.id)
    session.flush()
    session.expire_all()  # classes and slices of the same numbers are other rows now
    _judge(session, run)
    shift = (run.business_day - was).days
    with whole_sets(session):
        found = session.execute(statement("dues/invoicing/sql/moved.sql"), {"run": run.id, "shift": shift}).one()
    return {"day": was.isoformat() if shift else None, "before": before, **found._mapping}  # noqa: SLF001 -- SQLAlchemy's own name for it


def _show(session: Session, run: Run, *, moved: dict[str, Any] | None = None) -> RunPreview:
    """Sum the preview up, compare it, and keep it for a person to look at."""
    with whole_sets(session):
        session.execute(statement("dues/invoicing/sql/sums.sql"), {"run": run.id})
    content: dict[str, Any] = {"samples": _samples(session, run.id)}
    earlier = _comparable(session, run)
    if earlier is not None:
        values = {"run": run.id, "before": earlier, "scope": run.params["scope"], "size": EXAMPLES}
        with whole_sets(session):
            content["compared"] = session.scalar(statement("dues/invoicing/sql/compare.sql"), values)
    return keep_preview(session, run=run, ground=_ground(session), content=content, compared_id=earlier, moved=moved)


@contextmanager
def whole_sets(session: Session) -> Iterator[None]:
    """Let sets meet as sets: of rows written a moment ago the planner believes that there are none, and would loop."""
    session.execute(text("SET LOCAL enable_nestloop = off"))
    yield
    session.execute(text("SET LOCAL enable_nestloop = DEFAULT"))


def _samples(session: Session, run_id: int) -> list[int]:
    rows = session.execute(statement("dues/invoicing/sql/samples.sql"), {"run": run_id})
    return list(dict.fromkeys(row.seq for row in rows))[:SAMPLES]


def _comparable(session: Session, run: Run) -> int | None:
    values = {"run": run.id, "stride": ready(session, run.id) // ASKED + 1}
    found: int | None = session.scalar(statement("dues/invoicing/sql/comparable.sql"), values)
    return found
