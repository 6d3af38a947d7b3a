"""The list of messages."""

from typing import Any, ClassVar

from markupsafe import Markup

from admin import addresses
from admin.ledgers import cells, narrowing
from admin.tables.base import Doors
from admin.tables.columns import NOTHING, Column
from admin.tables.filters import Choices, choice
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Tab, Wanted
from dues.access.permissions import Permission
from dues.delivery.models import Channel, MessageState
from dues.lists.words import CHANNELS, MESSAGE_KINDS
from dues.overview.invoice_file import delivery_of
from dues.overview.message_list import MessageRow, MessagesWanted, messages
from dues.paging import Page
from language import gettext_noop as _
from language import pgettext_noop as _p
from web import states
from web.house import session
from web.speech import gettext


def _kinds() -> Choices:
    return narrowing.words_of(list(MESSAGE_KINDS.items()))


def _channels() -> Choices:
    return narrowing.words_of([(channel.value, words) for channel, words in CHANNELS.items()])


def _what(row: MessageRow) -> Markup:
    """Say what is sent, and whether it is sent once more."""
    words = gettext(MESSAGE_KINDS[row.kind]) if row.kind in MESSAGE_KINDS else row.kind
    again = gettext(_("Sent again")) if row.copy else ""
    return cells.under(words, again)


def _stands(row: MessageRow) -> Markup:
    badge = cells.badges([states.delivery(delivery_of(row.state))])
    return cells.under(badge, row.error or "") if row.state is MessageState.FAILED else badge


def _address(row: MessageRow) -> Markup:
    return cells.under(gettext(CHANNELS[row.channel]), row.address)


def _to(row: MessageRow) -> str | Markup:
    return cells.link(row.name, addresses.person(row.person))


class MessagesView(LedgerView):
    """Everything that was sent or waits to be, the newest first."""

    door = "messages"
    address = "/admin/messages"
    takes_out = "messages"
    words = _("Messages")
    doors: ClassVar[Doors] = {"index_view": Permission.MESSAGES_READ}
    search = _("Name in any order, or the e-mail address it goes to")
    tabs = (
        Tab("", _p("messages", "All")),
        Tab("waiting", _p("messages", "Waiting")),
        Tab("sent", _p("messages", "Sent")),
        Tab("failed", _p("messages", "Not delivered")),
        Tab("withheld", _p("messages", "Withheld")),
    )
    columns = (
        Column("to", _("To"), _to),
        Column("what", _("Message"), _what),
        Column("how", _("By"), _address),
        Column("status", _("Status"), _stands),
        Column("recorded", _("Written at"), lambda row: cells.moment(row.recorded_at)),
        Column("sent", _("Sent at"), lambda row: cells.moment(row.sent_at) if row.sent_at else NOTHING),
    )
    filters = (
        narrowing.person("person", _("Person")),
        choice("kind", _("Message"), _kinds),
        choice("channel", _("By"), _channels),
    )
    nothing = _("Nothing has been sent yet. Invoices and reminders are sent by themselves.")

    def asked(self, wanted: Wanted) -> MessagesWanted:
        """Return what is wanted as the list is asked."""
        values = wanted.values
        return MessagesWanted(
            search=wanted.search,
            standing=wanted.view,
            kind=values.get("kind", ""),
            channel=Channel(values["channel"]) if "channel" in values else None,
            person=values.get("person"),
        )

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of messages."""
        return messages(session(), self.asked(wanted), at=wanted.place)

    def link(self, _row: Any) -> str:
        """A row has no page of its own; the name leads to the person's file."""
        return ""
