"""What refunds are called at the desk: their states, and accounts as people write them."""

from collections.abc import Mapping
from typing import Final

from admin.office.return_words import return_reason_words
from dues.payments.refunds.models import PayoutScheme, Refund, RefundState, Stopped
from dues.payments.refunds.report_models import Outcome
from language import gettext_noop as _
from language import pgettext_noop as _p
from web.speech import gettext, pgettext
from web.states import State

_STATES: Final[Mapping[RefundState, tuple[tuple[str, str], str, str]]] = {
    RefundState.PROPOSED: (_p("refund", "Proposed"), "warn", "empty"),
    RefundState.APPROVED: (_p("refund", "Approved"), "info", "half"),
    RefundState.SENT: (_p("refund", "On its way"), "info", "clock"),
    RefundState.CONFIRMED: (_p("refund", "Paid out"), "good", "full"),
    RefundState.BOUNCED: (_p("refund", "Came back"), "bad", "warn"),
    RefundState.CANCELLED: (_p("refund", "Cancelled"), "quiet", "undo"),
}
WORDS: Final[Mapping[RefundState, tuple[str, str]]] = {state: told[0] for state, told in _STATES.items()}
"""Their names, to be translated."""

_OUTCOMES: Final[Mapping[Outcome, tuple[tuple[str, str], str, str]]] = {
    Outcome.ACCEPTED: (_p("report", "Accepted"), "good", "half"),
    Outcome.REJECTED: (_p("report", "Refused"), "bad", "cross"),
    Outcome.WAITING: (_p("report", "Not decided yet"), "info", "clock"),
    Outcome.LATE: (_p("report", "Had moved on"), "quiet", "info"),
    Outcome.DIFFERS: (_p("report", "Another amount"), "warn", "warn"),
    Outcome.UNKNOWN: (_p("report", "Not ours"), "warn", "warn"),
}
_GROUP: Final = 4


def outcome_state(outcome: Outcome) -> State:
    """Return what came of a bank's word on an order, as a badge shows it."""
    words, tone, picture = _OUTCOMES[outcome]
    return State("refund", pgettext(*words), tone, picture)


def reason_words(code: str | None, words: str) -> str:
    """Return why a bank refused an order: the code in words, and what the bank wrote itself."""
    return ". ".join(part for part in (return_reason_words(code) if code else "", words) if part)


def stopped_words(refund: Refund) -> str:
    """Return why a refund waits for somebody; nothing where it does not."""
    if refund.stopped is Stopped.SOURCE_RETURNED:
        return gettext(_("Not ordered: the bank has taken back the payment that it is of. Cancel the refund."))
    if refund.stopped is Stopped.REJECTED:
        why = reason_words(refund.stop_code, refund.stop_words)
        return gettext(_("The bank refused the order: %(reason)s"), reason=why) if why else gettext(_BARE)
    return ""


_BARE: Final = _("The bank refused the order.")


def refund_state(state: RefundState, stopped: Stopped | None = None) -> State:
    """Return where a refund stands, as a badge shows it: what did not go out says so."""
    words, tone, picture = _STATES[state]
    if stopped is Stopped.REJECTED and state is RefundState.BOUNCED:
        words = _p("refund", "Refused")
    elif stopped is Stopped.SOURCE_RETURNED and state is RefundState.PROPOSED:
        words, tone, picture = _p("refund", "Stopped"), "bad", "warn"
    return State("refund", pgettext(*words), tone, picture)


def account_words(scheme: PayoutScheme | None, number: str | None) -> str:
    """Return an account as people write it; nothing where it is not known."""
    if scheme is None or number is None:
        return ""
    match scheme:
        case PayoutScheme.BANKGIRO:
            return f"BG {number[:-_GROUP]}-{number[-_GROUP:]}"
        case PayoutScheme.PLUSGIRO:
            return f"PG {number[:-1]}-{number[-1]}"
        case PayoutScheme.IBAN:
            return " ".join(number[at : at + _GROUP] for at in range(0, len(number), _GROUP))
        case PayoutScheme.NORWEGIAN:
            return f"{number[:_GROUP]} {number[_GROUP:6]} {number[6:]}"
        case _:
            return f"{number[:_GROUP]}-{number[_GROUP:]}"
