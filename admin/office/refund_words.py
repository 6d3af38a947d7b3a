"""What refunds are called at the desk: their states, and accounts as people write them."""

from collections.abc import Mapping
from typing import Final

from dues.payments.refunds.models import PayoutScheme, RefundState
from language import pgettext_noop as _p
from web.speech import pgettext
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

_GROUP: Final = 4


def refund_state(state: RefundState) -> State:
    """Return where a refund stands, as a badge shows it."""
    words, tone, picture = _STATES[state]
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
