"""The run that an address names, and what whoever asks may do with it."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from flask import abort

from admin import addresses
from admin.group.here import known_here
from dues.access.permissions import Permission
from dues.collection import remind
from dues.invoicing import bulk, charge_run, issue, undo
from dues.invoicing.items import FREE
from dues.invoicing.undo_queries import in_books_below
from dues.payments import book
from dues.runs.listing import find_run
from dues.runs.models import Run, RunState
from web.house import session

_CONFIRMS: Final[Mapping[str, tuple[Permission, ...]]] = {
    issue.KIND: (Permission.INVOICES_ISSUE,),
    undo.KIND: (Permission.INVOICES_ISSUE, Permission.INVOICES_CREDIT),
    remind.KIND: (Permission.REMINDERS_RUN,),
    **dict.fromkeys(charge_run.KINDS, (Permission.INVOICES_ISSUE,)),
}
"""What it takes to let a run of a kind do what its preview shows; other kinds have no preview."""

_STEERS: Final[Mapping[str, tuple[Permission, ...]]] = {**_CONFIRMS, book.KIND: (Permission.BANK_FILES_IMPORT,)}
"""What it takes, beside steering runs, to pause a run of a kind, let it go on, look again or put it aside."""


_IN_HOUSES: Final = frozenset({issue.KIND, undo.KIND, bulk.KIND})
"""Kinds of runs that houses of groups know."""


def run_or_stop(public_id: UUID) -> Run:
    """Return the run of an address; in a group's house only one that charges there."""
    found, at = find_run(session(), public_id=public_id), known_here()
    return found if found is not None and (at is None or charges_within(found, at.path)) else abort(404)


def charges_within(run: Run, path: str) -> bool:
    """Tell whether a run charges the members of a group and below, and nobody else."""
    return run.kind in _IN_HOUSES and str(run.params.get("scope") or "").startswith(path)


def may_start(kind: str) -> bool:
    """Tell whether whoever asks may start and confirm runs of a kind."""
    needed = _CONFIRMS.get(kind)
    return needed is not None and all(map(addresses.may, needed))


def may_steer(run: Run) -> bool:
    """Tell whether whoever asks may steer a run: who may not begin it does not resume it either."""
    needed = _STEERS.get(run.kind, ())
    return addresses.may(Permission.RUNS_STEER) and all(map(addresses.may, needed)) and _credits_what_is_ours(run)


def _credits_what_is_ours(run: Run) -> bool:
    """A group's own house credits what its own books claim; what others claim it leaves to them."""
    at = known_here()
    return run.kind != undo.KIND or at is None or in_books_below(session(), run_id=run.undoes_id or 0, path=at.path)


def may_undo(run: Run) -> bool:
    """Tell whether whoever asks may take back what a run has issued."""
    at = known_here()
    did = run.result.get("issued") or dict(run.result.get("excluded") or {}).get(FREE)
    undoable = run.kind in undo.UNDOES and run.state is RunState.DONE and bool(did)
    may = addresses.may(Permission.RUNS_STEER) and may_start(run.kind) and may_start(undo.KIND)
    return undoable and may and (at is None or in_books_below(session(), run_id=run.id, path=at.path))


def steered_or_stop(public_id: UUID) -> Run:
    """Return the run of an address; go on only with whoever may steer it."""
    found = run_or_stop(public_id)
    return found if may_steer(found) else abort(404)


def may_start_or_stop(kind: str) -> None:
    """Go on only with whoever may start and confirm runs of a kind."""
    if not may_start(kind):
        abort(404)
