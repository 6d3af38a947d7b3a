"""The night's work in words and numbers: what was done by itself, and how it went."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from admin.addresses import address
from dues.collection import remind
from dues.invoicing import issue
from dues.overview.day import Done
from dues.overview.waiting import Need, Waiting
from dues.payments import book
from dues.runs.models import RunState
from web.speech import gettext, ngettext, reader
from web.states import State

_UNDER_WAY: Final = frozenset({RunState.PREPARING, RunState.WORKING, RunState.PAUSED})


@dataclass(frozen=True, slots=True)
class Work:
    """A run of the night: what it was, what came of it, how it stands; without an address it leads nowhere."""

    name: str
    words: str
    state: State
    address: str


def works(done: Sequence[Done]) -> list[Work]:
    """Return the runs of a night as a list shows them."""
    return [Work(_name(one), _words(one), _state(one), address("runs.run", public_id=one.run)) for one in done]


def in_a_sentence(done: Sequence[Done], waits: Sequence[Waiting]) -> str:
    """Return how the night's work went as a whole; nothing where there has never been a night."""
    states = {one.state for one in done}
    if any(one.need is Need.NIGHT for one in waits):
        return gettext("The night's work was not done.")
    if RunState.FAILED in states:
        return gettext("The night's work came to a stop.")
    if states & _UNDER_WAY:
        return gettext("The night's work is under way.")
    return gettext("The night's work is done.") if states else ""


def _name(one: Done) -> str:
    names = {
        issue.KIND: gettext("Renewals"),
        remind.KIND: gettext("Reminders"),
        book.KIND: one.file or gettext("Bank file"),
    }
    return names.get(one.kind, one.kind)


def _words(one: Done) -> str:
    if one.state is RunState.FAILED:
        return gettext("It stopped. What it had done stands, and it goes on from there.")
    if one.state in _UNDER_WAY:
        return gettext("%(done)s of %(total)s", done=reader().number(one.done), total=reader().number(one.total))
    result = _RESULTS.get(one.kind)
    return result(one) if result else ""


def _renewed(one: Done) -> str:
    issued = int(one.result.get("issued", 0))
    left_out = sum(int(count) for count in one.result.get("excluded", {}).values())
    if not issued and not left_out:
        return gettext("No membership was due.")
    done = ngettext("One invoice was issued.", "%(num)s invoices were issued.", issued)
    left = ngettext("One membership was left out.", "%(num)s memberships were left out.", left_out)
    if not issued:
        return left
    return f"{done} {left}" if left_out else done


def _reminded(one: Done) -> str:
    issued = int(one.result.get("issued", 0))
    if not issued:
        return gettext("Nobody had to be reminded.")
    return ngettext("One reminder was written.", "%(num)s reminders were written.", issued)


def _matched(one: Done) -> str:
    matched, rest = (int(one.result.get(name, 0)) for name in ("matched", "unmatched"))
    if not matched and not rest:
        return gettext("There was no new payment in it.")
    found = ngettext("One payment found its invoice.", "%(num)s payments found their invoice.", matched)
    waits = ngettext("One payment did not.", "%(num)s payments did not.", rest)
    if not matched:
        return ngettext("One payment found no invoice.", "%(num)s payments found no invoice.", rest)
    return f"{found} {waits}" if rest else found


_RESULTS: Final[Mapping[str, Callable[[Done], str]]] = {
    issue.KIND: _renewed,
    remind.KIND: _reminded,
    book.KIND: _matched,
}


def _state(one: Done) -> State:
    if one.state is RunState.DONE and one.unwritten:
        words = ngettext("One row to mend", "%(num)s rows to mend", one.unwritten)
        return State("run", words, "warn", "half")
    words, tone, picture = {
        RunState.PREPARING: (gettext("Preparing"), "info", "half"),
        RunState.READY: (gettext("Ready to confirm"), "hold", "run"),
        RunState.WORKING: (gettext("Working"), "info", "half"),
        RunState.PAUSED: (gettext("Paused"), "hold", "bars"),
        RunState.DONE: (gettext("Done"), "good", "check"),
        RunState.FAILED: (gettext("Failed"), "bad", "cross"),
        RunState.DISCARDED: (gettext("Discarded"), "quiet", "cross"),
    }[one.state]
    return State("run", words, tone, picture)
