"""The night's work in words and numbers: what was done by itself, and how it went."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from admin import addresses
from admin.office import run_words
from dues.collection import remind
from dues.invoicing import issue
from dues.overview.day import Done
from dues.overview.waiting import Need, Waiting
from dues.payments import book, match
from dues.runs.models import Run, RunState
from web.speech import gettext, ngettext, reader
from web.states import State

_UNDER_WAY: Final = frozenset({RunState.PREPARING, RunState.WORKING, RunState.PAUSED})


@dataclass(frozen=True, slots=True)
class Work:
    """A run of the night: what it was, what came of it, how it stands."""

    name: str
    words: str
    state: State
    address: str


def works(done: Sequence[Done]) -> list[Work]:
    """Return the runs of a night as a list shows them; a bank file is called by its name."""
    return [
        Work(
            one.file or run_words.kind(one.run), _words(one.run), run_words.state(one.run), addresses.run(one.run.uuid)
        )
        for one in done
    ]


def in_a_sentence(done: Sequence[Done], waits: Sequence[Waiting]) -> str:
    """Return how the night's work went as a whole; nothing where there has never been a night."""
    states = {one.run.state for one in done}
    if any(one.need is Need.NIGHT for one in waits):
        return gettext("The night's work was not done.")
    if RunState.FAILED in states:
        return gettext("The night's work came to a stop.")
    if states & _UNDER_WAY:
        return gettext("The night's work is under way.")
    return gettext("The night's work is done.") if states else ""


def _words(run: Run) -> str:
    if run.state is RunState.FAILED:
        return gettext("It stopped. What it had done stands, and it goes on from there.")
    if run.state in _UNDER_WAY:
        return gettext("%(done)s of %(total)s", done=reader().number(run.done), total=reader().number(run.total))
    result = _RESULTS.get(run.kind)
    return result(run) if result else run_words.result(run)


def _renewed(run: Run) -> str:
    issued = int(run.result.get("issued", 0))
    left_out = sum(int(count) for count in run.result.get("excluded", {}).values())
    if not issued and not left_out:
        return gettext("No membership was due.")
    done = ngettext("One invoice was issued.", "%(num)s invoices were issued.", issued)
    left = ngettext("One membership was left out.", "%(num)s memberships were left out.", left_out)
    if not issued:
        return left
    return f"{done} {left}" if left_out else done


def _reminded(run: Run) -> str:
    issued = int(run.result.get("issued", 0))
    if not issued:
        return gettext("Nobody had to be reminded.")
    return ngettext("One reminder was written.", "%(num)s reminders were written.", issued)


def _matched(run: Run) -> str:
    matched, rest = (int(run.result.get(name, 0)) for name in ("matched", "unmatched"))
    if not matched and not rest:
        return gettext("There was no new payment in it.")
    found = ngettext("One payment found its invoice.", "%(num)s payments found their invoice.", matched)
    waits = ngettext("One payment did not.", "%(num)s payments did not.", rest)
    if not matched:
        return ngettext("One payment found no invoice.", "%(num)s payments found no invoice.", rest)
    return f"{found} {waits}" if rest else found


_RESULTS: Final[Mapping[str, Callable[[Run], str]]] = {
    issue.KIND: _renewed,
    remind.KIND: _reminded,
    book.KIND: _matched,
    match.KIND: _matched,
}
