"""What needs whoever looks after a group, and what goes by itself, in words: how many, why it matters, and where."""

from collections.abc import Callable, Mapping, Sequence
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
    return _tasks(found, [matter for matter in _DONE_AT if matter not in _BY_ITSELF])


def by_itself(found: Mapping[Matter, Told]) -> list[Task]:
    """Return what goes on without anybody: who came, and what is open and not due yet."""
    return _tasks(found, _BY_ITSELF)


def _tasks(found: Mapping[Matter, Told], of: Sequence[Matter]) -> list[Task]:
    return [_task(matter, found[matter]) for matter in of if matter in found and may(_MAY[matter])]


def _task(matter: Matter, told: Told) -> Task:
    words, state = _WORDS[matter](told)
    endpoint, values = _DONE_AT[matter]
    return Task(counted(told.things), words, _why(matter, told), state, address(endpoint, **values))


def _why(matter: Matter, told: Told) -> str:
    sums = {currency: amount for currency, amount in (told.amounts or {}).items() if amount}
    parts = [sum_words(sums)] if sums else []
    if told.since is not None:
        words = _("the first due on %(day)s") if matter is Matter.AHEAD else _("since %(day)s")
        parts.append(gettext(words, day=reader().long_date(told.since)))
    if matter is Matter.ACCOUNT:
        parts.append(gettext(_("Until somebody agrees, members pay where they paid before.")))
    return " · ".join(parts)


_DONE_AT: Final[Mapping[Matter, tuple[str, dict[str, Any]]]] = {
    Matter.UNDELIVERED: ("group_invoices.invoices", {"undelivered": "1"}),
    Matter.QUEUE: ("group_money.page", {}),
    Matter.OVERDUE: ("group_invoices.invoices", {"settled": "overdue"}),
    Matter.FAILED: ("runs.runs", {"state": View.FAILED}),
    Matter.PREVIEW: ("runs.runs", {"state": View.READY}),
    Matter.ACCOUNT: ("group_account.ask", {}),
    Matter.AHEAD: ("group_invoices.invoices", {"settled": "open"}),
    Matter.NEW: ("group_members.people", {"new": "1"}),
}
_BY_ITSELF: Final = (Matter.NEW, Matter.AHEAD)
_MAY: Final[Mapping[Matter, Permission]] = {
    Matter.UNDELIVERED: Permission.INVOICES_READ,
    Matter.QUEUE: Permission.PAYMENTS_READ,
    Matter.OVERDUE: Permission.INVOICES_READ,
    Matter.FAILED: Permission.RUNS_READ,
    Matter.PREVIEW: Permission.RUNS_READ,
    Matter.ACCOUNT: Permission.ACCOUNTS_CHANGE,
    Matter.AHEAD: Permission.INVOICES_READ,
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


def _failed(told: Told) -> tuple[str, State]:
    words = ngettext("run of invoices could not go on", "runs of invoices could not go on", told.things)
    return words, State("run", gettext("Failed"), "bad", "warn")


def _account(told: Told) -> tuple[str, State]:
    words = ngettext(
        "changed account waits for a second person", "changed accounts wait for a second person", told.things
    )
    return words, State("approval", gettext("To agree"), "warn", "clock")


def _ahead(told: Told) -> tuple[str, State]:
    words = ngettext("invoice is open and not due yet", "invoices are open and not due yet", told.things)
    return words, State("settlement", gettext("Open"), "info", "empty")


def _new(told: Told) -> tuple[str, State]:
    words = ngettext("new member since your last visit", "new members since your last visit", told.things)
    return words, State("membership", gettext("New"), "good", "plus")


_WORDS: Final[Mapping[Matter, Callable[[Told], tuple[str, State]]]] = {
    Matter.UNDELIVERED: _undelivered,
    Matter.QUEUE: _queue,
    Matter.OVERDUE: _overdue,
    Matter.FAILED: _failed,
    Matter.PREVIEW: _preview,
    Matter.ACCOUNT: _account,
    Matter.AHEAD: _ahead,
    Matter.NEW: _new,
}
