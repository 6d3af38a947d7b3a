"""What needs somebody, in words: how many of what, why it matters, and where the work is done."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from admin.addresses import address, run
from admin.user import Clerk
from admin.waits import counted
from dues.access.permissions import Permission
from dues.overview.waiting import PATIENCE, Need, Waiting
from dues.payments.refunds.listing import NEEDS
from dues.runs.listing import View
from language import gettext_noop as _
from web.speech import gettext, ngettext, reader
from web.states import State


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the list: ``count`` in digits, ``state`` its one badge; without an address it leads nowhere."""

    count: str
    words: str
    why: str
    state: State
    address: str


def tasks(found: Sequence[Waiting], *, on: dt.date, clerk: Clerk) -> list[Task]:
    """Return what somebody may do something about, the most harmful first."""
    return [_task(one, on) for one in found if clerk.may(_MAY[one.need])]


def _task(one: Waiting, on: dt.date) -> Task:
    words, why, state = _WORDS[one.need](one, on)
    return Task(counted(one.count), words, why, state, _address(one))


_MAY: Final[Mapping[Need, Permission]] = {
    Need.NIGHT: Permission.RUNS_READ,
    Need.STUCK: Permission.MESSAGES_READ,
    Need.FAILED: Permission.RUNS_READ,
    Need.REFUSED: Permission.BANK_FILES_READ,
    Need.UNFETCHED: Permission.BANK_FILES_READ,
    Need.MISSING: Permission.BANK_FILES_READ,
    Need.SILENT: Permission.BANK_FILES_READ,
    Need.UNREFUNDED: Permission.PAYMENTS_READ,
    Need.QUEUE: Permission.PAYMENTS_READ,
    Need.UNWRITTEN: Permission.RUNS_READ,
    Need.UNREMINDED: Permission.RUNS_READ,
    Need.UNDELIVERED: Permission.MESSAGES_READ,
    Need.EXHAUSTED: Permission.INVOICES_READ,
    Need.READY: Permission.RUNS_READ,
    Need.PAUSED: Permission.RUNS_READ,
    Need.UNPAID: Permission.MEMBERS_READ,
}

# Where the work is done, already filtered to what the row counts.
_DOORS: Final[Mapping[Need, tuple[str, dict[str, Any]]]] = {
    Need.NIGHT: ("runs.runs", {"state": View.AUTOMATIC}),
    Need.STUCK: ("messages.index_view", {"view": "waiting"}),
    Need.FAILED: ("runs.runs", {"state": View.FAILED}),
    Need.REFUSED: ("bank_files.files", {"state": "refused"}),
    Need.UNFETCHED: ("sources.index_view", {}),
    Need.MISSING: ("bank_accounts.accounts", {"state": "missing"}),
    Need.SILENT: ("bank_files.files", {}),
    Need.UNREFUNDED: ("refunds.index_view", {"view": NEEDS}),
    Need.QUEUE: ("queue.pile", {}),
    Need.UNWRITTEN: ("runs.runs", {"state": View.MEND}),
    Need.UNREMINDED: ("runs.runs", {"state": View.MEND}),
    Need.UNDELIVERED: ("messages.index_view", {"view": "failed"}),
    Need.EXHAUSTED: ("claims.index_view", {"view": "exhausted"}),
    Need.READY: ("runs.runs", {"state": View.READY}),
    Need.PAUSED: ("runs.runs", {"state": View.PAUSED}),
    Need.UNPAID: ("memberships.index_view", {"view": "applied"}),
}


def _address(one: Waiting) -> str:
    alone = run(one.run) if one.run else ""
    endpoint, values = _DOORS[one.need]
    return alone or address(endpoint, **values)


Words = tuple[str, str, State]
"""The sentence, why it matters, the badge."""


def _state(word: str, tone: str, picture: str) -> State:
    return State("task", word, tone, picture)


def _day(one: Waiting) -> str:
    return reader().long_date(one.since) if one.since else ""


def _night(one: Waiting, _on: dt.date) -> Words:
    return (
        gettext("The night's work was not done"),
        gettext("Nobody was invoiced or reminded by itself since %(day)s. See that the clock runs.", day=_day(one)),
        _state(gettext("Stopped"), "bad", "cross"),
    )


def _stuck(one: Waiting, _on: dt.date) -> Words:
    if one.part == 0:
        why = _("The mail server takes nothing. The oldest message waits since %(day)s.")
    elif one.part == one.count:
        why = _("The gateway for text messages takes nothing. The oldest message waits since %(day)s.")
    else:
        why = _(
            "Neither the mail server nor the gateway for text messages takes anything. "
            "The oldest message waits since %(day)s."
        )
    return (
        ngettext("Message that cannot leave the house", "Messages that cannot leave the house", one.count),
        gettext(why, day=_day(one)),
        _state(gettext("Stuck"), "bad", "envelope"),
    )


def _failed(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext("Run that failed", "Runs that failed", one.count),
        gettext("What it had done stands, and it goes on from there. The oldest is of %(day)s.", day=_day(one)),
        _state(gettext("Failed"), "bad", "cross"),
    )


def _refused(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext("Bank file that was refused", "Bank files that were refused", one.count),
        gettext("No payment of it is in the books. The oldest was refused on %(day)s.", day=_day(one)),
        _state(gettext("Refused"), "bad", "bank"),
    )


def _unfetched(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext(
            "Bank's server that files cannot be fetched from",
            "Banks' servers that files cannot be fetched from",
            one.count,
        ),
        gettext("Nothing has come from there since %(day)s. Its page says what is wrong.", day=_day(one)),
        _state(gettext("Failed"), "bad", "bank"),
    )


def _missing(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext(
            "Bank statement that seems to be missing", "Places where bank statements seem to be missing", one.count
        ),
        gettext(
            "Numbers or balances do not carry on, first seen on %(day)s. Fetch the file from the bank.", day=_day(one)
        ),
        _state(gettext("Missing"), "warn", "bank"),
    )


def _silent(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext("Bank account without news", "Bank accounts without news", one.count),
        gettext("No file since %(day)s, much longer than usual. Ask the bank.", day=_day(one)),
        _state(gettext("No file"), "warn", "bank"),
    )


def _unrefunded(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext("Refund that was not paid out", "Refunds that were not paid out", one.count),
        gettext(
            "The bank refused it, it came back, or its payment was returned. The oldest is of %(day)s.", day=_day(one)
        ),
        _state(gettext("Not paid out"), "bad", "out"),
    )


def _queue(one: Waiting, on: dt.date) -> Words:
    days = max((on - one.since).days, 0) if one.since else 0
    known = ngettext("One quotes an invoice that we know.", "%(num)s quote an invoice that we know.", one.part)
    oldest = gettext("The oldest came in on %(day)s.", day=_day(one))
    badge = ngettext("Oldest one day", "Oldest %(num)s days", days) if days else gettext("Of today")
    return (
        ngettext("Payment without an invoice", "Payments without an invoice", one.count),
        f"{oldest} {known}" if one.part else oldest,
        _state(badge, "warn" if days else "info", "clock"),
    )


def _unwritten(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext("Member who could not be invoiced", "Members who could not be invoiced", one.count),
        ngettext(
            "The run of %(day)s left them out. What is missing stands beside each.",
            "%(num)s runs left them out, the first on %(day)s. What is missing stands beside each.",
            one.part,
            day=_day(one),
        ),
        _state(gettext("To mend"), "warn", "half"),
    )


def _unreminded(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext("Claim that nobody could be reminded of", "Claims that nobody could be reminded of", one.count),
        gettext("There is no address to write to."),
        _state(gettext("To mend"), "warn", "half"),
    )


def _undelivered(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext("Message that could not be delivered", "Messages that could not be delivered", one.count),
        gettext("The oldest is of %(day)s. Mend the address and send it again.", day=_day(one)),
        _state(gettext("Not delivered"), "bad", "envelope"),
    )


def _exhausted(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext(
            "Claim that the last reminder did not settle", "Claims that the last reminder did not settle", one.count
        ),
        gettext("Nothing more happens by itself. The oldest was due on %(day)s.", day=_day(one)),
        _state(gettext("Overdue"), "warn", "bell"),
    )


def _ready(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext("Run that waits to be confirmed", "Runs that wait to be confirmed", one.count),
        gettext("Nothing is issued before somebody confirms it. The oldest preview is of %(day)s.", day=_day(one)),
        _state(gettext("Ready to confirm"), "hold", "run"),
    )


def _paused(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext("Run that somebody paused", "Runs that somebody paused", one.count),
        gettext("It goes on when somebody resumes it. The oldest is of %(day)s.", day=_day(one)),
        _state(gettext("Paused"), "hold", "bars"),
    )


def _unpaid(one: Waiting, _on: dt.date) -> Words:
    return (
        ngettext("Person who applied and has not paid", "Persons who applied and have not paid", one.count),
        gettext(
            "They applied more than %(days)s days ago; the oldest on %(day)s.",
            days=reader().number(PATIENCE),
            day=_day(one),
        ),
        _state(gettext("Applied"), "quiet", "person"),
    )


_WORDS: Final[Mapping[Need, Callable[[Waiting, dt.date], Words]]] = {
    Need.NIGHT: _night,
    Need.STUCK: _stuck,
    Need.FAILED: _failed,
    Need.REFUSED: _refused,
    Need.UNFETCHED: _unfetched,
    Need.MISSING: _missing,
    Need.SILENT: _silent,
    Need.UNREFUNDED: _unrefunded,
    Need.QUEUE: _queue,
    Need.UNWRITTEN: _unwritten,
    Need.UNREMINDED: _unreminded,
    Need.UNDELIVERED: _undelivered,
    Need.EXHAUSTED: _exhausted,
    Need.READY: _ready,
    Need.PAUSED: _paused,
    Need.UNPAID: _unpaid,
}
