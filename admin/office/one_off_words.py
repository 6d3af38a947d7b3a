"""Why an invoice cannot be written, as a sentence beside the box that it is about."""

from collections.abc import Mapping
from typing import Final

from admin.office import run_words
from admin.office.amounts import money_words
from dues.invoicing.errors import InvoicingError, NumberTooLongError
from dues.invoicing.instalment_errors import PartsError, ShortReferencesError
from dues.invoicing.one_off_errors import (
    DueTooEarlyError,
    DueTooLateError,
    NoBooksHereError,
    NoEarningsError,
    NoLinesError,
    NoPayerError,
    NotChargeableError,
    NothingToPayError,
    NotSoldHereError,
    NoWayError,
    TooMuchError,
)
from language import gettext_noop as _
from web.speech import gettext, reader

_WORDS: Final[Mapping[type[InvoicingError], tuple[str, str]]] = {
    NoLinesError: ("add", _("Add something that is to be paid.")),
    PartsError: ("parts", _("This is too little for so many instalments.")),
    ShortReferencesError: ("parts", _("The references of the bank agreement are too short for instalments.")),
    TooMuchError: ("add", _("This is more than an invoice can ask for.")),
    NoBooksHereError: ("group", _("This group's creditor has no preferred account to be paid on. Set one up first.")),
    NoPayerError: ("group", _("Whoever would pay this has died. No invoice is sent.")),
    NoWayError: ("group", _("There is neither an e-mail address nor a postal one to send it to. Add one first.")),
    NumberTooLongError: (
        "group",
        _("The next number is too long for the references of the creditor's account. Make a new bank agreement."),
    ),
}


def said_at(error: InvoicingError, currency: str) -> tuple[str, str]:
    """Return the id of the box that a refusal is about, and what is said there."""
    match error:
        case NothingToPayError(total=total):
            text = _("The lines add up to %(total)s. An invoice asks for more than nothing.")
            return "add", gettext(text, total=money_words(total, currency))
        case DueTooEarlyError() | DueTooLateError():
            return "due", _due(error)
        case NotSoldHereError(place=place):
            return f"quantity-{place}", gettext(_("This is not sold here any more. Remove it."))
        case NoEarningsError(place=place):
            text = _("This has no revenue account in the creditor's books. Give the product one first.")
            return f"quantity-{place}", gettext(text)
        case NotChargeableError(place=place, reason=reason):
            text = _("This membership cannot be charged: %(reason)s.")
            return f"membership-{place}", gettext(text, reason=run_words.reason(reason))
        case _:
            if type(error) not in _WORDS:
                raise error
            box, words = _WORDS[type(error)]
            return box, gettext(words)


def _due(error: DueTooEarlyError | DueTooLateError) -> str:
    if isinstance(error, DueTooEarlyError):
        return gettext(_("Choose a day, %(day)s at the earliest."), day=reader().long_date(error.earliest))
    return gettext(_("Choose a day, %(day)s at the latest."), day=reader().long_date(error.latest))
