"""What lists call things, on pages and in the files that are made of them: the same."""

from collections.abc import Mapping
from typing import Final

from dues.delivery.models import Channel
from dues.payments.models import CaseReason
from language import gettext_noop as _

WAITS: Final[Mapping[CaseReason, str]] = {
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
    CaseReason.RETURNED: _("money that was returned"),
}
"""Why a payment waits for somebody, in words that its payer would understand."""

EVENTS: Final[Mapping[str, str]] = {
    "issue": _("Invoices issued"),
    "take-in": _("Invoices of another system taken in"),
    "paid elsewhere": _("Paid before they were taken in"),
    "payment": _("Payments taken in"),
    "credit note": _("Invoice credited"),
    "matching": _("Waiting payments matched"),
    "allocation": _("Payment used by hand"),
    "allocation taken back": _("Use of a payment taken back"),
    "returned": _("Payments returned"),
    "exchange": _("Payment exchanged"),
    "exchange taken back": _("Exchange taken back"),
    "not ours": _("Payment marked as not ours"),
    "aside brought back": _("Payment brought back to the queue"),
    "withdrawn": _("Payment registered by hand withdrawn"),
    "payer rule": _("Payments booked by a payer's rule"),
    "deduction list": _("Payment shared out by a list"),
    "received by hand": _("Payment received by hand"),
    "small difference": _("Small difference written off"),
    "small difference taken back": _("Small difference owed again"),
    "credit used": _("Credit used"),
    "credit use taken back": _("Use of credit taken back"),
    "refund proposed": _("Refund proposed"),
    "refund paid": _("Refund paid"),
    "refund bounced": _("Refund came back"),
    "refunds in the bank": _("Refunds confirmed by the bank"),
    "settlement": _("Settled with groups"),
    "share": _("Collected by another group"),
    "handed on": _("Payments of slips handed on"),
    "collected": _("Collected by another creditor on its slips"),
}
"""What an entry was booked for."""

MESSAGE_KINDS: Final[Mapping[str, str]] = {
    "invoice": _("Invoice or credit note"),
    "reminder": _("Reminder"),
    "receipt": _("Receipt"),
    "credit used": _("Credit used"),
    "returned": _("Payment returned"),
    "refund": _("Question for an account"),
    "code": _("Code for a link"),
    "invitation": _("Link to a password"),
    "approval": _("Something waits for a second person"),
}
"""What a message brings."""

CHANNELS: Final[Mapping[Channel, str]] = {
    Channel.EMAIL: _("E-mail"),
    Channel.SMS: _("Text message"),
    Channel.PRINT: _("Letter"),
}
"""How a message goes."""
