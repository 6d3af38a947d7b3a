"""The next step that happens by itself, in words, and as what is planned on top of a timeline."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from admin import addresses
from admin.office.amounts import money_words
from admin.office.happenings import Event
from dues.overview.next_step import Step, What, Why, first_of
from language import gettext_noop as _
from web.speech import gettext, named, reader
from web.words import title_first

_TONES: Final[Mapping[Why, str]] = {
    Why.DECEASED: "warn",
    Why.NO_ADDRESS: "warn",
    Why.NO_CREDITOR: "warn",
    Why.NO_AGREEMENT: "warn",
    Why.NO_PRICE: "warn",
    Why.NO_POSTING_RULE: "warn",
    Why.NO_MORE_REMINDERS: "warn",
    Why.REMINDERS_REST: "hold",
    Why.INVOICES_REST: "hold",
}
_WHY: Final[Mapping[Why, str]] = {
    Why.PAID: _("nothing. It is paid."),
    Why.CREDITED: _("nothing. It has been credited."),
    Why.CLOSED: _("nothing. It is closed."),
    Why.CREDIT_NOTE: _("nothing. A credit note asks for nothing."),
    Why.NO_REMINDERS: _("nothing. The creditor sends no reminders."),
    Why.NO_MORE_REMINDERS: _("nothing more. All reminders have been sent: somebody has to decide."),
    Why.DECEASED: _("nothing. Whoever is charged or pays has died: somebody has to decide."),
    Why.NO_ADDRESS: _("nothing. There is neither an e-mail address nor a complete postal address."),
    Why.ENDED: _("nothing. The membership has ended."),
    Why.RESTING: _("nothing while the membership rests."),
    Why.DOES_NOT_RENEW: _("nothing. This kind of membership does not renew by itself."),
    Why.FIRST_UNPAID: _("nothing until the first invoice is paid."),
    Why.NO_CREDITOR: _("nothing. The group belongs to no creditor."),
    Why.NO_AGREEMENT: _("nothing. The creditor has no bank agreement to be paid through."),
    Why.NO_PRICE: _("nothing. There is no complete price for the next period."),
    Why.NO_POSTING_RULE: _("nothing. A part of the fee has no account to be booked on."),
    Why.NOTHING_TO_PAY: _("nothing. The next period costs nothing."),
    Why.REMINDERS_REST: _("nothing while the daily reminders rest."),
    Why.INVOICES_REST: _("nothing while the daily invoices rest."),
}

_PLANNED: Final = 5
_NAMED: Final = 2
"""How many invoices that wait for somebody are named beside the next step."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the bar "Next by itself" says; ``change`` is where it can be changed, nothing where it cannot."""

    words: str
    tone: str
    change: str = ""


def said(step: Step | None, *, change: str = "") -> Said:
    """Put a step into words."""
    if step is None:
        return Said(gettext("nothing. Nothing is owed, and there is no membership."), "quiet", change)
    if step.what is What.NOTHING:
        return Said(gettext(_WHY[step.why or Why.CLOSED]), _TONES.get(step.why or Why.CLOSED, "quiet"), change)
    if step.held_until is not None:
        return Said(_held(step), "hold", change)
    return Said(_WORDS[step.what](step), "info" if step.what is What.INVOICE else "warn", change)


def said_of(steps: Sequence[Step]) -> Said:
    """Put the first of a person's steps into words, and what waits for somebody beside it."""
    first = said(first_of(steps))
    stuck = [step for step in steps if step.number is not None and _TONES.get(step.why or Why.PAID) == "warn"]
    if not stuck or not any(step.happens for step in steps):
        return first
    return Said(" ".join([_stuck(step) for step in stuck[:_NAMED]] + [title_first(first.words)]), "warn")


def _stuck(step: Step) -> str:
    """Why an invoice stays as it is until somebody decides."""
    why = gettext(_WHY[step.why or Why.CLOSED])
    return gettext("for invoice %(number)s %(why)s", number=step.number, why=why)


def _held(step: Step) -> str:
    return gettext(
        _("nothing through %(until)s, while it is on hold. After that: %(step)s"),
        until=_long(step.held_until),
        step=_WORDS[step.what](step),
    )


def _reminder(step: Step) -> str:
    return gettext(
        _("reminder %(level)s of invoice %(number)s on %(day)s, %(amount)s."),
        level=step.level,
        number=step.number,
        **_when_and_how_much(step),
    )


def _invoice(step: Step) -> str:
    first, last = step.period or (None, None)
    return gettext(
        _("invoice on %(day)s, %(amount)s, for %(first)s to %(last)s."),
        first=_long(first),
        last=_long(last),
        **_when_and_how_much(step),
    )


def _when_and_how_much(step: Step) -> dict[str, str]:
    return {"day": _long(step.on), "amount": money_words(step.amount or 0, step.currency or "")}


def _long(day: dt.date | None) -> str:
    return reader().long_date(day) if day else ""


_WORDS: Final[Mapping[What, Callable[[Step], str]]] = {What.REMINDER: _reminder, What.INVOICE: _invoice}


def planned(steps: Iterable[Step]) -> list[Event]:
    """Return what is to come next, at most five things, the farthest first, for the top of a timeline."""
    coming = sorted(((step.on, step) for step in steps if step.on is not None), key=lambda one: one[0])
    return [_planned(step, on) for on, step in reversed(coming[:_PLANNED])]


def _planned(step: Step, on: dt.date) -> Event:
    return Event(
        at=on,
        when=reader().date(on),
        words=_planned_words(step),
        by=gettext("Planned"),
        minor=step.amount,
        currency=step.currency or "",
        planned=True,
        address=addresses.invoice(step.invoice) if step.invoice else "",
    )


def _planned_words(step: Step) -> str:
    if step.what is What.REMINDER:
        return gettext("Reminder %(level)s of invoice %(number)s", level=step.level, number=step.number)
    return gettext("Invoice for %(type)s", type=named(step.type_names or {}))
