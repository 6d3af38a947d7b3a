"""What needs whoever looks after a group, in words: how many of what, why it matters, and where it is done."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from admin.addresses import address, may
from admin.office.amounts import sum_words
from admin.office.tasks import Task
from admin.waits import counted
from dues.access.permissions import Permission
from dues.overview.group_day import Matter, Told
from dues.runs.listing import View
from language import gettext_noop as _
from web.speech import gettext, ngettext, reader
from web.states import State


def needs(found: Mapping[Matter, Told]) -> list[Task]:
    """Return what whoever asks may do something about, the most harmful first."""
    return [
        _task(matter, found[matter])
        for matter in _DONE_AT
        if matter in found and may(_MAY[matter]) and _is_news(matter, found)
    ]


def _is_news(matter: Matter, found: Mapping[Matter, Told]) -> bool:
    """What is open is told beside what is overdue only where it is more."""
    return matter is not Matter.OPEN or found[matter].things > found.get(Matter.OVERDUE, Told()).things


def _task(matter: Matter, told: Told) -> Task:
    words, state = _WORDS[matter](told)
    endpoint, values = _DONE_AT[matter]
    return Task(counted(told.things), words, _why(matter, told), state, address(endpoint, **values))


def _why(matter: Matter, told: Told) -> str:
    sums = {currency: amount for currency, amount in (told.amounts or {}).items() if amount}
    parts = [sum_words(sums)] if sums else []
    if told.since is not None:
        # What is open and not overdue is due on a day to come.
        words = _("the first due on %(day)s") if matter is Matter.OPEN else _("since %(day)s")
        parts.append(gettext(words, day=reader().long_date(told.since)))
    return " · ".join(parts)


_DONE_AT: Final[Mapping[Matter, tuple[str, dict[str, Any]]]] = {
    Matter.UNDELIVERED: ("group_invoices.invoices", {"undelivered": "1"}),
    Matter.QUEUE: ("group_money.page", {}),
    Matter.OVERDUE: ("group_invoices.invoices", {"settled": "overdue"}),
    Matter.PREVIEW: ("runs.runs", {"state": View.READY}),
    Matter.OPEN: ("group_invoices.invoices", {"settled": "open"}),
    Matter.NEW: ("group_members.people", {"new": "1"}),
}
_MAY: Final[Mapping[Matter, Permission]] = {
    Matter.UNDELIVERED: Permission.INVOICES_READ,
    Matter.QUEUE: Permission.PAYMENTS_READ,
    Matter.OVERDUE: Permission.INVOICES_READ,
    Matter.PREVIEW: Permission.RUNS_READ,
    Matter.OPEN: Permission.INVOICES_READ,
    Matter.NEW: Permission.MEMBERS_READ,
}


def _undelivered(told: Told) -> tuple[str, State]:
    words = ngettext("invoice could not be delivered", "invoices could not be delivered", told.things)
    return words, State("delivery", gettext("Not delivered"), "bad", "envelope")


def _queue(told: Told) -> tuple[str, State]:
    words = ngettext("payment has found no invoice", "payments have found no invoice", told.things)
    return words, State("settlement", gettext("To decide"), "warn", "money")


def _overdue(told: Told) -> tuple[str, State]:
    words = ngettext("invoice is overdue", "invoices are overdue", told.things)
    return words, State("settlement", gettext("Overdue"), "warn", "clock")


def _preview(told: Told) -> tuple[str, State]:
    words = ngettext("preview of invoices waits for your word", "previews of invoices wait for your word", told.things)
    return words, State("run", gettext("To confirm"), "warn", "clock")


def _open(told: Told) -> tuple[str, State]:
    words = ngettext("invoice is open", "invoices are open", told.things)
    return words, State("settlement", gettext("Open"), "info", "empty")


def _new(told: Told) -> tuple[str, State]:
    words = ngettext("new member since your last visit", "new members since your last visit", told.things)
    return words, State("membership", gettext("New"), "good", "plus")


_WORDS: Final[Mapping[Matter, Callable[[Told], tuple[str, State]]]] = {
    Matter.UNDELIVERED: _undelivered,
    Matter.QUEUE: _queue,
    Matter.OVERDUE: _overdue,
    Matter.PREVIEW: _preview,
    Matter.OPEN: _open,
    Matter.NEW: _new,
}
