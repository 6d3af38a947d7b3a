"""Why a payment waits for somebody, in words that its payer would understand."""

from dues.lists.words import WAITS
from dues.payments.models import CaseReason
from web.speech import gettext


def case_words(reason: CaseReason) -> str:
    """Return why a payment waits, in the reader's language."""
    return gettext(WAITS[reason])
