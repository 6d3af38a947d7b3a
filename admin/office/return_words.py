"""Why banks take payments back or refuse orders: the codes of ISO 20022's list of reasons that they send, in words."""

from collections.abc import Mapping
from typing import Final

from dues.payments.return_models import FoundBy
from language import gettext_noop as _
from web.speech import gettext

_REASONS: Final[Mapping[str, str]] = {
    "AC01": _("the account number is wrong"),
    "AC02": _("the account to pay from is wrong"),
    "AC03": _("the receiver's account number is wrong"),
    "AC04": _("the account is closed"),
    "AC06": _("the account is blocked"),
    "AC13": _("the account is not a consumer's"),
    "AG01": _("the account takes no such payments"),
    "AM04": _("there was not enough money on the account"),
    "AM05": _("it had been paid already"),
    "AM02": _("the amount is above what is allowed"),
    "AM03": _("the currency is not possible"),
    "BE01": _("the name does not belong to the account"),
    "BE04": _("the payer's address is missing"),
    "CUST": _("the payer asked for it"),
    "DT01": _("the day is not possible"),
    "DUPL": _("it had been paid twice"),
    "FF01": _("the file is not as the bank wants it"),
    "FOCR": _("it was cancelled afterwards"),
    "MD01": _("there is no mandate"),
    "MD06": _("the payer asked for the money back"),
    "MD07": _("the payer has died"),
    "MS02": _("the payer refused it, without a reason"),
    "MS03": _("the bank gives no reason"),
    "NARR": _("the bank says why in its own words"),
    "RC01": _("the bank's number is wrong"),
    "RR04": _("a law forbids it"),
    "SL01": _("the payer's bank does not let it through"),
}

_FOUND_BY: Final[Mapping[FoundBy, str]] = {
    FoundBy.END_TO_END: _("found by the payer's number of the payment"),
    FoundBy.BANK_NUMBER: _("found by the bank's number of the payment"),
    FoundBy.REFERENCE: _("found by the reference"),
    FoundBy.ACCOUNT: _("found by the account and the amount"),
    FoundBy.PERSON: _("found by a person"),
}


def return_reason_words(code: str) -> str:
    """Return a reason in words with its code; the code alone where it is not known."""
    known = _REASONS.get(code)
    return f"{gettext(known)} ({code})" if known else code


def found_by_words(found_by: FoundBy) -> str:
    """Return what told which payment a return means."""
    return gettext(_FOUND_BY[found_by])
