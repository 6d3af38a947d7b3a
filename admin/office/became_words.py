"""What became of payments, as badges and in a few words: the same on the list, on a file's page and on their own."""

from collections.abc import Mapping
from typing import Final

from dues.payments.became import Became
from language import pgettext_noop as _p
from web.speech import pgettext
from web.states import State

_STATES: Final[Mapping[Became, tuple[tuple[str, str], str, str]]] = {
    Became.RETURN: (_p("payment", "A return"), "quiet", "out"),
    Became.RETURNED: (_p("payment", "Returned"), "warn", "out"),
    Became.REFUND: (_p("payment", "A refund"), "quiet", "out"),
    Became.REFUND_BACK: (_p("payment", "A refund that came back"), "warn", "out"),
    Became.SENT_BACK: (_p("payment", "Sent back"), "quiet", "out"),
    Became.NOT_OURS: (_p("payment", "Not ours"), "quiet", "out"),
    Became.WITHDRAWN: (_p("payment", "Withdrawn"), "quiet", "out"),
    Became.HANDED_ON: (_p("payment", "Paid a shared slip"), "good", "full"),
}


def became_state(became: Became | None, *, amount: int) -> State:
    """Return where a payment stands that waits for nobody; ``amount`` (minor units) is below zero where it left."""
    if became is not None:
        words, tone, picture = _STATES[became]
        return State("payment", pgettext(*words), tone, picture)
    if amount < 0:
        return State("payment", pgettext("payment", "Money that left"), "quiet", "out")
    return State("payment", pgettext("payment", "Used"), "good", "full")


def became_words(became: Became) -> str:
    """Return the same in words alone."""
    return pgettext(*_STATES[became][0])
