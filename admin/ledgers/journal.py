"""The journal: entries, and one entry with its postings."""

from typing import Any, ClassVar, Final

from flask import abort, url_for
from markupsafe import Markup

from admin.ledgers import cells, narrowing
from admin.ledgers.postings import COLUMNS
from admin.office.actors import Actors
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.filters import Choices, choice, day, number
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Listing, Tab, Wanted, read_wanted
from admin.tables.theme import expose
from dues.access.permissions import Permission
from dues.journal.entry_list import EntriesWanted, EntryRow, PostingsWanted, entries, entry
from dues.lists.words import EVENTS
from dues.overview.posted import posted
from dues.paging import Page
from language import gettext_noop as _
from language import pgettext_noop as _p
from web.house import session
from web.speech import gettext

_LARGEST: Final = (1 << 63) - 1


def event_words(event: str) -> str:
    """Return what an entry was booked for, in the reader's language."""
    return gettext(EVENTS[event]) if event in EVENTS else event


def _events() -> Choices:
    return narrowing.words_of(list(EVENTS.items()))


def _corrects(row: EntryRow) -> str:
    if row.reverses is not None:
        return gettext(_("Takes back entry %(number)s"), number=row.reverses)
    return gettext(_("Taken back later")) if row.reversed_by is not None else ""


def _event(row: EntryRow) -> Markup:
    facts = " · ".join(part for part in (row.description, _corrects(row)) if part)
    return cells.under(event_words(row.event), facts)


class JournalView(LedgerView):
    """Every entry of every creditor, the newest first; none is ever changed."""

    door = "journal"
    address = "/admin/journal"
    takes_out = "journal"
    words = _("Journal")
    doors: ClassVar[Doors] = {"index_view": Permission.JOURNAL_READ, "entry": Permission.JOURNAL_READ}
    tabs = (Tab("", _p("entries", "All")), Tab("corrections", _("Corrections")))
    columns = (
        Column("number", _("Entry"), lambda row: cells.number(row.number)),
        Column("date", _("Date"), lambda row: cells.day(row.on_date), order="date"),
        Column("event", _("What was booked"), _event),
        Column("creditor", _("Creditor")),
        Column("recorded", _("Recorded"), lambda row: cells.moment(row.recorded_at)),
    )
    orders = ("-date",)
    filters = (
        number("number", _("Number of the entry")),
        narrowing.creditor(),
        choice("event", _("What was booked"), _events),
        day("from", _("From")),
        day("to", _("To")),
    )
    nothing = _("Nothing has been booked yet. The first invoice is the first entry.")
    beside = (("postings.index_view", _("Postings by account")), ("accounts.index_view", _("Accounts")))

    def asked(self, wanted: Wanted) -> EntriesWanted:
        """Return what is wanted as the list is asked."""
        values = wanted.values
        return EntriesWanted(
            number=values.get("number"),
            creditor_id=int(values["creditor"]) if "creditor" in values else None,
            event=values.get("event", ""),
            from_on=values.get("from"),
            to_on=values.get("to"),
            corrections=wanted.view == "corrections",
            descending=wanted.descending,
        )

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of entries."""
        return entries(session(), self.asked(wanted), at=wanted.place)

    def link(self, row: Any) -> str:
        """A row leads to the entry with its postings."""
        return url_for("journal.entry", entry_id=row.id)

    @expose("/<int:entry_id>")
    def entry(self, entry_id: int) -> str:
        """Show one entry, and a page of its postings."""
        found = entry(session(), entry_id=entry_id) if entry_id <= _LARGEST else None
        if found is None:
            abort(404)
        wanted = read_wanted(tabs=(), filters=(), orders=())
        page = posted(session(), PostingsWanted(entry_id=entry_id), at=wanted.place)
        listing = Listing("journal.entry", wanted, page, (), (), COLUMNS, {"entry_id": entry_id})
        told = {
            "event": event_words(found.event),
            "by": Actors.of(session(), [found.actor]).words(found.actor),
            "recorded": cells.moment(found.recorded_at),
        }
        return str(self.render("admin/ledgers/entry.html", entry=found, listing=listing, **told))
