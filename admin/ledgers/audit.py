"""The audit log: every change, by whom and from what to what; narrowed, and exported as a table."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from flask import Response, abort, stream_with_context
from markupsafe import Markup, escape

from admin.ledgers import cells, narrowing
from admin.office.actors import Actors
from admin.office.change_names import KINDS, THINGS, kind
from admin.office.changes import Told, reads_the_log, said_subject, told
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.filters import Choices, Filter, UnreadableFilterError, choice, day
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Wanted, read_wanted
from admin.tables.sheets import csv_answer, csv_lines
from admin.tables.theme import expose
from dues.access.permissions import Permission
from dues.audit.models import ChangeKind
from dues.audit.read import ChangesWanted, Subject, changes, known_actors
from dues.audit.tables import AUDITED
from dues.overview.referred import referred
from dues.paging import Page, Place
from language import gettext_noop as _
from web.house import house, session
from web.speech import gettext, named

_MOST: Final = 100_000
"""Lines of an export; narrow the list down for more."""
_PORTION: Final = 500
_LARGEST: Final = (1 << 63) - 1


def _actors() -> Choices:
    known = known_actors(session())
    words = Actors.of(session(), known)
    return sorted(((actor, words.words(actor)) for actor in known), key=lambda pair: pair[1])


def _kinds() -> Choices:
    return [(one.value, kind(one)) for one in KINDS]


def _things() -> Choices:
    return sorted(narrowing.words_of([(name, THINGS[name]) for name in AUDITED]), key=lambda pair: pair[1])


def _read_about(written: str) -> Subject:
    about, _colon, number = written.partition(":")
    if not about.isalpha() or not number.isdecimal() or int(number) > _LARGEST:
        raise UnreadableFilterError(gettext(_("Nothing is called by this address.")))
    return (about, int(number))


def _say_about(about: Subject) -> str:
    name = referred(session(), [about]).get(about)
    if name is None:
        return said_subject(about)
    return named(name.names) if name.names is not None else name.words


def _what(row: Told) -> Markup:
    facts = Markup("").join(Markup('<span class="under">%s</span>') % fact for fact in row.facts)
    return escape(row.what) + facts


def _by(row: Told) -> Markup:
    return cells.words(cells.under(row.by, " · ".join(part for part in (row.row.address, row.row.why) if part)))


class AuditView(LedgerView):
    """Every line of the audit log, the newest first; none is ever changed."""

    door = "audit"
    address = "/admin/audit"
    words = _("Changes")
    about = _("Who changed what, from what to what, when, from where and why.")
    doors: ClassVar[Doors] = {"index_view": Permission.AUDIT_READ, "table": Permission.AUDIT_READ}
    list_template = "admin/ledgers/audit.html"
    columns = (
        Column("at", _("When"), lambda row: cells.number(row.at)),
        Column("what", _("What changed"), _what),
        Column("whose", _("About"), lambda row: cells.words(cells.link(row.whose, row.address))),
        Column("by", _("Who did it"), _by),
    )
    filters = (
        choice("by", _("Who did it"), _actors),
        choice("kind", _("Kind"), _kinds),
        choice("thing", _("What changed"), _things),
        day("from", _("From")),
        day("to", _("To")),
        Filter("about", _("About"), "hidden", read=_read_about, say=_say_about),
    )
    nothing = _("Nothing has been changed yet.")

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of lines in words."""
        if not reads_the_log():
            abort(404)
        page = changes(session(), _asked(wanted), at=wanted.place)
        return Page(told(page.rows), page.before, page.after, page.unfinished)

    def link(self, _row: Any) -> str:
        """A line has no page of its own."""
        return ""

    @expose("/export")
    def table(self) -> Response:
        """Give what the list is narrowed to as a table of a spreadsheet."""
        if not reads_the_log():
            abort(404)
        wanted = read_wanted(tabs=self.tabs, filters=self.filters, orders=self.orders)
        return csv_answer(stream_with_context(_table(_asked(wanted))), "changes.csv")


def _asked(wanted: Wanted) -> ChangesWanted:
    values = wanted.values
    until = values.get("to")
    return ChangesWanted(
        actor=values.get("by", ""),
        kind=ChangeKind(values["kind"]) if "kind" in values else None,
        relation=values.get("thing", ""),
        since=_midnight(values["from"]) if "from" in values else None,
        until=_midnight(until + dt.timedelta(days=1)) if until else None,
        about=[values["about"]] if "about" in values else [],
    )


def _midnight(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(), house().settings.time_zone)


def _table(asked: ChangesWanted) -> Iterator[str]:
    """Write the table in portions, so that memory does not grow with it."""
    heads = (_("Number"), _("When"), _("Who did it"), _("Kind"), _("What changed"), _("About"), _("Details"))
    yield csv_lines([[*(gettext(head) for head in heads), gettext(_("From where")), gettext(_("Why"))]])
    place: Place | None = None
    for _portion in range(_MOST // _PORTION):
        page = changes(session(), asked, at=place, rows=_PORTION)
        yield csv_lines([_cells(row) for row in told(page.rows)])
        if not page.after:
            return
        place = Place(page.after)


def _cells(row: Told) -> list[str]:
    at = row.row.at.astimezone(house().settings.time_zone).isoformat(timespec="seconds")
    return [
        *(str(row.row.sealed or ""), at, row.by, kind(row.row.kind), row.what, row.whose),
        *("; ".join(row.facts), row.row.address, row.row.why),
    ]
