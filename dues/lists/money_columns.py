"""Payments, entries of the journal and messages as they are taken out."""

from collections.abc import Mapping
from typing import Final

from dues.delivery.models import MessageState
from dues.journal.entry_list import EntryRow
from dues.lists.columns import Column, Eyes, Words, major, moment, plain
from dues.lists.words import CHANNELS, EVENTS, MESSAGE_KINDS, WAITS
from dues.payments.payment_list import PaymentRow
from language import gettext_noop as _
from language import pgettext_noop as _p

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
    return f"{eyes.said(_p('payment', 'Waiting'))}: {eyes.said(WAITS[row.waits])}"


def _known(words: Mapping[str, str], key: str, eyes: Eyes) -> str:
    return eyes.said(words[key]) if key in words else key


def _event(row: EntryRow, eyes: Eyes) -> str:
    return _known(EVENTS, row.event, eyes)


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
    Column("what", _("Message"), lambda row, eyes: _known(MESSAGE_KINDS, row.kind, eyes)),
    Column("how", _("By"), lambda row, eyes: eyes.said(CHANNELS[row.channel])),
    plain("address", _("Address")),
    Column("status", _("Status"), lambda row, eyes: eyes.said(_STATES[row.state])),
    plain("error", _("What went wrong")),
    moment("recorded_at", _("Written at")),
    moment("sent_at", _("Sent at")),
)
