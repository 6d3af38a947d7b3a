"""Why a payment waits for somebody, in words that its payer would understand."""

from collections.abc import Mapping
from typing import Final

from dues.payments.models import CaseReason
from language import gettext_noop as _
from web.speech import gettext

_WORDS: Final[Mapping[CaseReason, str]] = {
    CaseReason.NO_AMOUNT: _("no amount"),
    CaseReason.NO_REFERENCE: _("no reference"),
    CaseReason.UNKNOWN_REFERENCE: _("unknown reference"),
    CaseReason.TOO_MUCH: _("too much"),
    CaseReason.TOO_LITTLE: _("too little"),
    CaseReason.ALREADY_PAID: _("already paid"),
    CaseReason.ALREADY_CREDITED: _("already credited"),
    CaseReason.OTHER_CURRENCY: _("another currency"),
    CaseReason.MONEY_LEFT: _("money that left the account"),
    CaseReason.TAKEN_BACK: _("taken back"),
}


def case_words(reason: CaseReason) -> str:
    """Return why a payment waits, in the reader's language."""
    return gettext(_WORDS[reason])
