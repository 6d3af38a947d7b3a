"""Payments, entries of the journal and messages as they are taken out."""

from collections.abc import Mapping
from typing import Final

from dues.delivery.models import Channel, MessageState
from dues.journal.entry_list import EntryRow
from dues.lists.columns import Column, Eyes, Words, major, moment, plain
from dues.payments.models import CaseReason
from dues.payments.payment_list import PaymentRow
from language import gettext_noop as _
from language import pgettext_noop as _p

_WAITS: Final[Mapping[CaseReason, str]] = {
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
_EVENTS: Final[Mapping[str, str]] = {
    "issue": _("Invoices issued"),
    "payment": _("Payments taken in"),
    "credit note": _("Invoice credited"),
    "allocation": _("Payment used by hand"),
    "allocation taken back": _("Use of a payment taken back"),
    "settlement": _("Settled with groups"),
}
_MESSAGES: Final[Mapping[str, str]] = {
    "invoice": _("Invoice or credit note"),
    "reminder": _("Reminder"),
    "receipt": _("Receipt"),
    "code": _("Code for a link"),
    "invitation": _("Link to a password"),
    "approval": _("Something waits for a second person"),
}
_CHANNELS: Final[Mapping[Channel, str]] = {Channel.EMAIL: _("E-mail"), Channel.PRINT: _("Letter")}
_STATES: Final[Mapping[MessageState, Words]] = {
    MessageState.QUEUED: _p("message", "Waiting"),
    MessageState.SENDING: _p("message", "Sending"),
    MessageState.SENT: _p("message", "Sent"),
    MessageState.FAILED: _p("message", "Not delivered"),
    MessageState.WITHHELD: _p("message", "Withheld"),
}


def _used(row: PaymentRow, eyes: Eyes) -> str:
    if row.waits is None:
        return eyes.said(_p("payment", "Used"))
    return f"{eyes.said(_p('payment', 'Waiting'))}: {eyes.said(_WAITS[row.waits])}"


def _known(words: Mapping[str, str], key: str, eyes: Eyes) -> str:
    return eyes.said(words[key]) if key in words else key


def _event(row: EntryRow, eyes: Eyes) -> str:
    return _known(_EVENTS, row.event, eyes)


PAYMENTS: Final = (
    plain("number", _("Number"), "id"),
    plain("booked", _("Booked"), "booked_on"),
    plain("payer", _("From"), "payer_name"),
    plain("account", _("Account of the payer"), "payer_account"),
    plain("reference", _("Reference")),
    Column("amount", _("Amount"), lambda row, _eyes: major(row.amount, row.currency)),
    plain("currency", _("Currency")),
    Column("status", _("Status"), _used),
    Column("unused", _("Not used yet"), lambda row, _eyes: major(row.unallocated, row.currency)),
    plain("creditor", _("Creditor")),
    plain("file", _("Bank file")),
)

ENTRIES: Final = (
    plain("number", _("Entry")),
    plain("date", _("Date"), "on_date"),
    Column("event", _("What was booked"), _event),
    plain("description", _("Description")),
    plain("creditor", _("Creditor")),
    plain("reverses", _("Takes back entry")),
    moment("recorded_at", _("Recorded")),
)

MESSAGES: Final = (
    plain("to", _("To"), "name"),
    Column("what", _("Message"), lambda row, eyes: _known(_MESSAGES, row.kind, eyes)),
    Column("how", _("By"), lambda row, eyes: eyes.said(_CHANNELS[row.channel])),
    plain("address", _("Address")),
    Column("status", _("Status"), lambda row, eyes: eyes.said(_STATES[row.state])),
    plain("error", _("What went wrong")),
    moment("recorded_at", _("Written at")),
    moment("sent_at", _("Sent at")),
)
