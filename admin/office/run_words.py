"""What runs are called at the desk: kinds, states, phases, results, and reasons for leaving somebody out."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from dues.collection import remind
from dues.invoicing import bulk, charge_file, charge_run, issue, slips, take_in, undo
from dues.lists import export
from dues.payments import book, match
from dues.payments.refunds import order as refund_order
from dues.runs.models import Run, RunState
from language import Language
from language import gettext_noop as _
from web.speech import gettext, ngettext, pgettext, reader
from web.states import State

_STATES: Final[Mapping[RunState, tuple[str, str]]] = {
    RunState.PREPARING: ("info", "half"),
    RunState.READY: ("warn", "clock"),
    RunState.WORKING: ("info", "half"),
    RunState.PAUSED: ("hold", "bars"),
    RunState.DONE: ("good", "full"),
    RunState.FAILED: ("bad", "cross"),
    RunState.DISCARDED: ("quiet", "empty"),
}

_PHASES: Final[Mapping[tuple[str, str], str]] = {
    (issue.KIND, "check"): _("Seeing that nothing has changed"),
    (issue.KIND, "claim"): _("Reserving the periods"),
    (issue.KIND, "number"): _("Giving numbers"),
    (issue.KIND, "write"): _("Issuing invoices"),
    (issue.KIND, slips.PHASE): _("Queueing slips of several creditors"),
    (undo.KIND, "check"): _("Seeing that nothing has changed"),
    (undo.KIND, "number"): _("Giving numbers"),
    (undo.KIND, "write"): _("Crediting invoices"),
    **{(kind, "check"): _("Seeing that nothing has changed") for kind in charge_run.KINDS},
    **{(kind, "number"): _("Giving numbers") for kind in charge_run.KINDS},
    **{(kind, "write"): _("Issuing invoices") for kind in charge_run.KINDS},
    (take_in.KIND, "write"): _("Taking invoices in"),
    (remind.KIND, "check"): _("Seeing that nothing has changed"),
    (remind.KIND, "write"): _("Writing reminders"),
    (refund_order.KIND, refund_order.ORDERING): _("Writing the file"),
    (export.KIND, "start"): _("Counting the rows"),
    (export.KIND, export.WRITING): _("Writing the file"),
    (book.KIND, "start"): _("Reading the file"),
    (book.KIND, "read"): _("Reading the file"),
    (book.KIND, "book"): _("Booking payments"),
    (book.KIND, "returns"): _("Looking for what was returned"),
    (book.KIND, "tell"): _("Queuing receipts"),
    (match.KIND, "start"): _("Counting what waits"),
    (match.KIND, "match"): _("Matching payments"),
}

REASONS: Final[Mapping[str, str]] = {
    "no address": _("No address of any kind"),
    "deceased": _("Deceased"),
    "no creditor": _("The group has no creditor"),
    "first invoice unpaid": _("The first invoice is not paid yet"),
    "no bank agreement": _("The creditor has no account to pay to"),
    "incomplete price": _("A price is missing"),
    "no posting rule": _("A booking rule is missing"),
    "zero amount": _("Costs nothing"),
    "free": _("Free: the period counts without an invoice"),
    "already invoiced": _("Already invoiced"),
    "no member any more": _("Not a member any more"),
    "credited already": _("Credited already"),
    "given up": _("Given up or written off"),
    "paid": _("Paid"),
    "part-paid": _("Paid in part"),
    "charged on since": _("Charged for a later period since"),
    "needs two persons": _("Above the limit of one person"),
    "on hold": _("On hold"),
    "creditor sends no reminders": _("The creditor sends no reminders"),
    "settled since": _("Paid since"),
    "already reminded": _("Already reminded"),
    "deferred": _("Put off to a later day"),
    "less than zero": _("Adds up to less than zero"),
    "no price": _("The product has no price in this currency"),
    "not sold here": _("The group does not sell the product"),
    "too many lines": _("More lines than one invoice holds"),
    "too much": _("More than an invoice may ask for"),
    "due day has passed": _("The day to pay by has passed"),
    "taken in before": _("Taken in before"),
    "taken in otherwise": _("Taken in before, with another amount"),
    "reference taken": _("The reference belongs to another invoice"),
    "reference to come": _("The reference is one that invoices of our own will get"),
}


_NAMES: Final[Mapping[str, str]] = {
    issue.KIND: _("Renewals %(day)s"),
    undo.KIND: _("Undoing of the renewals %(day)s"),
    remind.KIND: _("Reminders %(day)s"),
    book.KIND: _("Bank file %(day)s"),
    match.KIND: _("Another look at what waits %(day)s"),
    bulk.KIND: _("%(name)s to many, %(day)s"),
    charge_file.KIND: _("Lines from a table %(day)s"),
    take_in.KIND: _("Invoices of another system %(day)s"),
    refund_order.KIND: _("Refunds ordered %(day)s"),
    export.KIND: _("Export %(day)s"),
}


_TABLES: Final = frozenset({charge_file.KIND, take_in.KIND})
"""Runs of tables, which are accepted whole or not at all."""


def name(run: Run) -> str:
    """Return what a run is called: "Renewals 1 December 2026"."""
    return gettext(_pattern(run), day=reader().long_date(_day(run)), **_called(run))


def _called(run: Run) -> dict[str, object]:
    """Return what names of runs fill in beside the day."""
    return {"name": run.params.get("name", ""), "number": run.params.get("number", "")}


def _pattern(run: Run) -> str:
    if run.kind == undo.KIND and run.params.get("kind") == take_in.KIND:
        return _("Undoing of the invoices of another system %(day)s")
    if run.kind == issue.KIND and run.params.get("memberships"):
        return _("Invoices for new members, %(day)s")
    if run.kind == undo.KIND and run.params.get("kind", issue.KIND) != issue.KIND:
        return _("Undoing of the invoices of %(day)s")
    if run.kind == bulk.KIND and run.params.get("number"):
        return _("Invoice %(number)s to many, %(day)s")
    return _NAMES.get(run.kind, f"{run.kind} %(day)s")


def _day(run: Run) -> dt.date:
    """What is undone is called by its own day."""
    return dt.date.fromisoformat(run.params["day"]) if run.kind == undo.KIND else run.business_day


def kind(run: Run) -> str:
    """Return the kind of a run by itself."""
    words = {
        issue.KIND: pgettext("run", "Renewals"),
        undo.KIND: pgettext("run", "Undoing"),
        remind.KIND: pgettext("run", "Reminders"),
        bulk.KIND: pgettext("run", "One invoice to many"),
        book.KIND: pgettext("run", "Bank file"),
        match.KIND: pgettext("run", "Matching"),
        charge_file.KIND: pgettext("run", "Lines from a table"),
        take_in.KIND: pgettext("run", "Invoices of another system"),
        refund_order.KIND: pgettext("run", "Order of refunds"),
        export.KIND: pgettext("run", "Export"),
    }
    return words.get(run.kind, run.kind)


def state(run: Run, undoing: Run | None = None) -> State:
    """Return the badge of a run; ``undoing`` is what took it back."""
    if undoing is not None and undoing.state is RunState.DONE and (taken_back := _taken_back(undoing)):
        return taken_back
    if run.kind in _TABLES and run.result.get("refused"):
        return State("run", pgettext("run", "Not accepted"), "bad", "cross")
    if run.state is RunState.DONE and run.to_mend:
        return State("run", pgettext("run", "Done, rows to mend"), "warn", "warn")
    words = {
        RunState.PREPARING: pgettext("run", "Preparing"),
        RunState.READY: pgettext("run", "Ready to confirm"),
        RunState.WORKING: pgettext("run", "Working"),
        RunState.PAUSED: pgettext("run", "Paused"),
        RunState.DONE: pgettext("run", "Done"),
        RunState.FAILED: pgettext("run", "Failed"),
        RunState.DISCARDED: pgettext("run", "Not done"),
    }
    tone, picture = _STATES[run.state]
    if run.state is RunState.WORKING and run.done == 0 and run.lease_until is None:
        return State("run", pgettext("run", "Waiting"), "info", "clock")
    return State("run", words[run.state], tone, picture)


def _taken_back(undoing: Run) -> State | None:
    """Return the badge of a run that was undone: whole, in part, or not at all."""
    left: dict[str, int] = dict(undoing.result.get("excluded") or {})
    credited = int(undoing.result.get("credited", 0)) + left.pop("credited already", 0)
    if not credited:
        return None
    words = pgettext("run", "Undone in part") if sum(left.values()) else pgettext("run", "Undone")
    return State("run", words, "quiet", "empty")


def phase(language: Language, kind: str, phase: str) -> str:
    """Return what a run is doing in a phase."""
    words = _PHASES.get((kind, phase))
    return language.gettext(words if words is not None else _("Making the preview"))


def progress(language: Language, *, done: int, total: int, left: int | None) -> str:
    """Return how far a phase is, and the rounded seconds that are left where that can be told."""
    if not total:
        return ""
    of = language.gettext("%(done)s of %(total)s", done=language.number(done), total=language.number(total))
    return of if left is None else f"{of} · {_left(language, left)}"


def seconds_left(*, passed: float, done_before: int, done: int, total: int) -> int | None:
    """Return the seconds that remain, rounded to what one may promise; None before five seconds of looking on."""
    if passed < 5 or done <= done_before or done >= total:  # noqa: PLR2004 -- a guess made sooner jumps about
        return None
    exact = (total - done) * passed / (done - done_before)
    step = 5 if exact < 30 else 10 if exact < 90 else 60  # noqa: PLR2004 -- seconds; the further off, the rougher
    return max(step, round(exact / step) * step)


def _left(language: Language, seconds: int) -> str:
    if seconds < 90:  # noqa: PLR2004 -- above, one counts in minutes
        return language.ngettext("about %(num)s second left", "about %(num)s seconds left", seconds)
    return language.ngettext("about %(num)s minute left", "about %(num)s minutes left", round(seconds / 60))


def reason(words: str) -> str:
    """Return why somebody is left out; the words of an error as they are."""
    known = REASONS.get(words)
    return words if known is None else reader().gettext(known)


def channel(way: str | None) -> str:
    """Return how something is sent."""
    words = {
        "email": pgettext("sent by", "E-mail"),
        "sms": pgettext("sent by", "Text message"),
        "print": pgettext("sent by", "Letter"),
        "none": pgettext("sent by", "Not sent"),
    }
    return words.get(way or "", "–")


def failure(run: Run) -> tuple[str, str]:
    """Return why a run stopped, and what only whoever operates the program understands.

    Our own refusals are sentences and end like one; what a database or a library says is kept apart.
    """
    words = (run.error or "").partition(": ")[2] or run.error or ""
    if words.endswith("."):
        return words, ""
    return gettext("The program or its database could not do it. It may work when you let it go on."), run.error or ""


def result(run: Run) -> str:
    """Return what came of a run in one sentence."""
    match run.state:
        case RunState.PREPARING:
            return gettext("The preview is being made")
        case RunState.READY:
            return _waiting(run)
        case RunState.DISCARDED:
            return gettext("Nothing was done")
        case RunState.DONE:
            return _done(run)
        case _:
            return progress(reader(), done=run.done, total=run.total, left=None)


def _undone(run: Run) -> str:
    credited, free = int(run.result.get("credited", 0)), int(run.result.get("free", 0))
    given = ngettext("%(num)s free period given back", "%(num)s free periods given back", free)
    if free and not credited:
        return given
    said = ngettext("%(num)s invoice credited", "%(num)s invoices credited", credited)
    return f"{said}, {given[0].lower()}{given[1:]}" if free else said


def _waiting(run: Run) -> str:
    if run.kind == undo.KIND:
        return ngettext("%(num)s invoice waits to be credited", "%(num)s invoices wait to be credited", run.total)
    if run.kind == remind.KIND:
        return ngettext("%(num)s reminder waits for your word", "%(num)s reminders wait for your word", run.total)
    return ngettext("%(num)s invoice waits for your word", "%(num)s invoices wait for your word", run.total)


def _refused(run: Run) -> str:
    if run.kind == bulk.KIND:
        return gettext(_("Nobody is among those who were chosen"))
    faults = int(run.result.get("faults", 0))
    return ngettext("The table was not accepted: %(num)s fault", "The table was not accepted: %(num)s faults", faults)


def _done(run: Run) -> str:
    match run.kind:
        case kind if kind in {bulk.KIND, *_TABLES} and run.result.get("refused"):
            return _refused(run)
        case book.KIND | match.KIND:
            return _matched(run)
        case export.KIND:
            return ngettext("%(num)s row written", "%(num)s rows written", int(run.result.get("rows", 0)))
        case undo.KIND:
            return _undone(run)
        case remind.KIND:
            return ngettext("%(num)s reminder written", "%(num)s reminders written", int(run.result.get("issued", 0)))
        case _:
            return _issued(run.kind, int(run.result.get("issued", 0)))


def _issued(kind: str, count: int) -> str:
    if kind == take_in.KIND:
        return ngettext("%(num)s invoice taken in", "%(num)s invoices taken in", count)
    if kind == refund_order.KIND:
        return ngettext("%(num)s refund ordered", "%(num)s refunds ordered", count)
    return ngettext("%(num)s invoice issued", "%(num)s invoices issued", count)


def _matched(run: Run) -> str:
    matched, unmatched = int(run.result.get("matched", 0)), int(run.result.get("unmatched", 0))
    found = ngettext("%(num)s payment matched", "%(num)s payments matched", matched)
    if not unmatched:
        return found
    return f"{found}, {ngettext('%(num)s without an invoice', '%(num)s without an invoice', unmatched)}"
