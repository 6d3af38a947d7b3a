"""What happened, in words: one line of a timeline for each happening."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from admin import addresses
from admin.office.actors import Actors
from admin.office.amounts import moment_words, money_words
from admin.office.reasons import case_words
from dues.collection.models import HoldReason
from dues.delivery.models import Channel, MessageState
from dues.members.models import MembershipStatus
from dues.overview.timeline import About, Happening, Kind
from dues.payments.aside_models import Purpose
from dues.payments.refunds.models import CreditUseKind
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, named, reader

_MONEY: Final = frozenset({Kind.RECEIVED, Kind.MATCHED, Kind.ALLOCATED, Kind.KEPT, Kind.EXCHANGED})
_BY_FILE: Final = frozenset({Kind.RECEIVED, Kind.WAITING, Kind.MATCHED})


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a timeline as the macro draws it; ``minor`` is None where no money is meant."""

    at: dt.date
    when: str
    words: str
    by: str
    minor: int | None = None
    currency: str = ""
    planned: bool = False
    marked: bool = False
    tone: str = "quiet"
    address: str = ""


def events(happenings: Sequence[Happening], *, here: UUID | int | None = None) -> list[Event]:
    """Put happenings into words; what is on the page ``here`` (an invoice's or a payment's id) is no link."""
    actors = Actors.of(session(), (one.actor for one in happenings))
    return [_event(one, actors, here=here) for one in happenings]


def _event(one: Happening, actors: Actors, *, here: UUID | int | None) -> Event:
    tone = _tone(one)
    return Event(
        at=one.day,
        when=moment_words(one.day, one.at),
        words=_WORDS[one.kind](one),
        by=one.file_name if one.kind in _BY_FILE else actors.words(one.actor),
        minor=one.amount,
        currency=one.currency or "",
        marked=tone != "quiet",
        tone=tone,
        address=_address(one, here=here),
    )


def _tone(one: Happening) -> str:
    """Only money, reminders, holds and failures stand out."""
    if one.state is MessageState.FAILED:
        return "bad"
    if one.kind in _MONEY:
        return "good"
    if one.kind in (Kind.REMINDER, Kind.WAITING, Kind.TAKEN_BACK, Kind.RETURNED, Kind.REFUND_BOUNCED):
        return "warn"
    return "hold" if one.kind is Kind.HELD else "quiet"


def _address(one: Happening, *, here: UUID | int | None) -> str:
    money = one.kind in KINDS_OF_PAYMENTS
    if money and one.payment is not None and one.payment != here:
        return addresses.payment(one.payment)
    if one.refund is not None:
        return addresses.address("refund.page", public_id=one.refund)
    if one.invoice is not None and one.invoice != here:
        return addresses.invoice(one.invoice)
    return ""


KINDS_OF_PAYMENTS: Final = _MONEY | {Kind.WAITING, Kind.TAKEN_BACK, Kind.RETURNED, Kind.EXCHANGE_BACK}
"""What is told of a payment leads to it."""

_STATUS: Final[Mapping[MembershipStatus, str]] = {
    MembershipStatus.APPLIED: _("Applied: %(type)s, %(group)s"),
    MembershipStatus.ACTIVE: _("Active member: %(type)s, %(group)s"),
    MembershipStatus.RESTING: _("Rests: %(type)s, %(group)s"),
    MembershipStatus.LEFT: _("Left: %(type)s, %(group)s"),
    MembershipStatus.EXCLUDED: _("Excluded: %(type)s, %(group)s"),
    MembershipStatus.DECEASED: _("Died: %(type)s, %(group)s"),
}


def _joined(one: Happening) -> str:
    if one.status is MembershipStatus.APPLIED:
        return gettext("Joined: %(type)s, %(group)s", type=named(one.type_names or {}), group=one.group)
    return _status(one)


def _status(one: Happening) -> str:
    text = _STATUS[one.status or MembershipStatus.APPLIED]
    return gettext(text, type=named(one.type_names or {}), group=one.group)


def _issued(one: Happening) -> str:
    if one.replaces is not None:
        return gettext("Invoice %(number)s issued in place of %(before)s", number=one.number, before=one.replaces)
    if one.system:
        return gettext("Invoice %(number)s issued in %(system)s, taken in here", number=one.number, system=one.system)
    return gettext("Invoice %(number)s issued", number=one.number)


def _credited(one: Happening) -> str:
    if one.withdraws:
        words = _("Invoice %(credits)s cancelled before it was sent; credit note %(number)s stays here")
        return gettext(words, credits=one.credits, number=one.number)
    if one.partly:
        words = _("Invoice %(credits)s credited in part by credit note %(number)s")
        return gettext(words, credits=one.credits, number=one.number)
    return gettext("Invoice %(credits)s credited by credit note %(number)s", credits=one.credits, number=one.number)


_SUBJECTS: Final[Mapping[About, str]] = {
    About.INVOICE: _("Invoice %(number)s"),
    About.CREDIT_NOTE: _("Credit note %(number)s"),
    About.RECEIPT: _("Receipt"),
    About.RETURNED: _("Mail about the returned payment"),
}
_BY_MAIL: Final[Mapping[MessageState, str]] = {
    MessageState.QUEUED: _("%(subject)s waits to be sent to %(address)s"),
    MessageState.SENDING: _("%(subject)s is being sent to %(address)s"),
    MessageState.SENT: _("%(subject)s sent to %(address)s"),
    MessageState.FAILED: _("%(subject)s could not be sent to %(address)s: %(error)s"),
    MessageState.WITHHELD: _("%(subject)s was not sent to %(address)s"),
}
_ON_PAPER: Final[Mapping[MessageState, str]] = {
    MessageState.QUEUED: _("%(subject)s waits to be printed"),
    MessageState.SENDING: _("%(subject)s is being printed"),
    MessageState.SENT: _("%(subject)s printed as a letter"),
    MessageState.FAILED: _("%(subject)s could not be printed: %(error)s"),
    MessageState.WITHHELD: _("%(subject)s was not printed"),
}


def _message(one: Happening) -> str:
    return _delivered(one, gettext(_SUBJECTS[one.about or About.INVOICE], number=one.number))


def _reminder(one: Happening) -> str:
    subject = gettext("Reminder %(level)s of invoice %(number)s", level=one.level, number=one.number)
    return _delivered(one, subject) if one.state is not None else subject


def _delivered(one: Happening, subject: str) -> str:
    texts = _ON_PAPER if one.channel is Channel.PRINT else _BY_MAIL
    return gettext(texts[one.state or MessageState.QUEUED], subject=subject, address=one.address, error=one.error)


def _received(one: Happening) -> str:
    return gettext("Received from %(payer)s", payer=_payer(one))


def _matched(one: Happening) -> str:
    text = _("Received from %(payer)s, matched with invoice %(number)s by its reference")
    return gettext(text, payer=_payer(one), number=one.number)


def _allocated(one: Happening) -> str:
    if one.moved:
        text = _("Payment of %(day)s from %(payer)s moved here, to invoice %(number)s, from %(other)s")
        return gettext(text, **_payment(one), other=_other(one))
    return gettext(_("Payment of %(day)s from %(payer)s used for invoice %(number)s"), **_payment(one))


def _kept(one: Happening) -> str:
    if one.moved:
        text = _("Payment of %(day)s from %(payer)s moved here, to the credit, from %(other)s")
        return gettext(text, **_payment(one), other=_other(one))
    return gettext(_("Rest of the payment of %(day)s from %(payer)s kept as credit"), **_payment(one))


def _taken_back(one: Happening) -> str:
    if one.moved and one.number is None:
        text = _("Payment of %(day)s from %(payer)s moved away, from the credit, to %(other)s")
        return gettext(text, **_payment(one), other=_other(one))
    if one.moved:
        text = _("Payment of %(day)s from %(payer)s moved away, from invoice %(number)s, to %(other)s")
        return gettext(text, **_payment(one), other=_other(one))
    if one.number is None:
        return gettext(_("Credit from the payment of %(day)s from %(payer)s taken back"), **_payment(one))
    return gettext(_("Payment of %(day)s from %(payer)s taken back from invoice %(number)s"), **_payment(one))


def _returned(one: Happening) -> str:
    if one.number is None:
        return gettext(_("Payment returned by the bank; the credit it had become is gone"))
    return gettext(_("Payment returned by the bank; invoice %(number)s is open again"), number=one.number)


def _other(one: Happening) -> str:
    """Return the other end of a move."""
    if one.other_number is not None:
        return gettext(_("invoice %(number)s"), number=one.other_number)
    if one.other_name is not None:
        return gettext(_("credit for %(name)s"), name=one.other_name)
    return gettext(_("somebody else"))


def _payment(one: Happening) -> dict[str, object]:
    day = reader().date(one.came_on or one.day)
    return {"day": day, "payer": _payer(one), "number": one.number}


def _payer(one: Happening) -> str:
    return one.payer_name or gettext("an unnamed payer")


def _waiting(one: Happening) -> str:
    text = _("Payment from %(payer)s names invoice %(number)s and waits: %(reason)s")
    reason = case_words(one.case_reason) if one.case_reason else ""
    return gettext(text, payer=_payer(one), number=one.number, reason=reason)


_ASIDES: Final[Mapping[Purpose, str]] = {
    Purpose.NOT_OURS: _("Taken out of the queue as not ours"),
    Purpose.WITHDRAWN: _("Withdrawn: it never came"),
    Purpose.HANDED_ON: _("Collected for another creditor on the same slip"),
}


def _set_aside(one: Happening) -> str:
    words = gettext(_ASIDES[one.purpose or Purpose.NOT_OURS], payer=_payer(one))
    return f"{words}: {one.note}" if one.note else words


def _brought_back(_one: Happening) -> str:
    return gettext(_("Brought back to the queue"))


_CREDIT: Final[Mapping[CreditUseKind, str]] = {
    CreditUseKind.CLAIM: _("Credit used for invoice %(number)s"),
    CreditUseKind.REFUND: _("Credit is to be paid back"),
    CreditUseKind.GIFT: _("Credit became a gift"),
    CreditUseKind.DIFFERENCE: _("Small difference written off"),
}
_CREDIT_BACK: Final[Mapping[CreditUseKind, str]] = {
    CreditUseKind.CLAIM: _("Credit taken back from invoice %(number)s"),
    CreditUseKind.REFUND: _("Refund cancelled: it is credit again"),
    CreditUseKind.GIFT: _("Gift taken back: it is credit again"),
    CreditUseKind.DIFFERENCE: _("Small difference no longer written off"),
}


def _credit_used(one: Happening) -> str:
    return gettext(_CREDIT[one.credit_kind or CreditUseKind.CLAIM], number=one.number)


def _credit_back(one: Happening) -> str:
    return gettext(_CREDIT_BACK[one.credit_kind or CreditUseKind.CLAIM], number=one.number)


def _exchanged(one: Happening) -> str:
    text = _("Payment of %(day)s from %(payer)s exchanged: %(gave)s for invoice %(number)s")
    return gettext(text, **_payment(one), gave=money_words(one.gave, one.gave_currency))


def _exchange_back(one: Happening) -> str:
    text = _("Exchange of %(gave)s for invoice %(number)s taken back")
    return gettext(text, number=one.number, gave=money_words(one.gave, one.gave_currency))


_REFUNDS: Final[Mapping[Kind, str]] = {
    Kind.SENT_BACK: _("Goes back to %(name)s"),
    Kind.REFUND_UNDONE: _("Refund to %(name)s cancelled"),
    Kind.REFUND_PAID: _("Refund paid out to %(name)s"),
    Kind.REFUND_BOUNCED: _("Refund to %(name)s came back"),
}


def _refund(one: Happening) -> str:
    return gettext(_REFUNDS[one.kind], name=one.other_name)


def _held(one: Happening) -> str:
    text = _("Reminders of invoice %(number)s paused through %(until)s")
    if one.reason is HoldReason.COMPLAINT:
        text = _("Complaint about invoice %(number)s, no reminders through %(until)s")
    until = reader().date(one.until or one.day)
    words = gettext(text, number=one.number, until=until)
    return f"{words}. {one.note}" if one.note else words


def _released(one: Happening) -> str:
    return gettext("Hold on invoice %(number)s ended", number=one.number)


_WORDS: Final[Mapping[Kind, Callable[[Happening], str]]] = {
    Kind.JOINED: _joined,
    Kind.STATUS: _status,
    Kind.ISSUED: _issued,
    Kind.CREDITED: _credited,
    Kind.MESSAGE: _message,
    Kind.REMINDER: _reminder,
    Kind.RECEIVED: _received,
    Kind.WAITING: _waiting,
    Kind.MATCHED: _matched,
    Kind.ALLOCATED: _allocated,
    Kind.KEPT: _kept,
    Kind.TAKEN_BACK: _taken_back,
    Kind.RETURNED: _returned,
    Kind.SET_ASIDE: _set_aside,
    Kind.BROUGHT_BACK: _brought_back,
    Kind.CREDIT_USED: _credit_used,
    Kind.CREDIT_BACK: _credit_back,
    Kind.EXCHANGED: _exchanged,
    Kind.EXCHANGE_BACK: _exchange_back,
    **dict.fromkeys(_REFUNDS, _refund),
    Kind.HELD: _held,
    Kind.RELEASED: _released,
}
