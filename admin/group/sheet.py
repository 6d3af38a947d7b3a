"""The roll of a group as a table for other programs: columns named in the reader's language, no cell a formula."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from dues.members.models import MembershipStatus
from dues.members.roll import RollRow
from language import Language, pick
from language import gettext_noop as _
from language import pgettext_noop as _p

_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By this at its beginning spreadsheets know that a file is UTF-8."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_STATUS: Final[Mapping[MembershipStatus, tuple[str, str]]] = {
    MembershipStatus.APPLIED: _p("membership", "Applied"),
    MembershipStatus.ACTIVE: _p("membership", "Active"),
    MembershipStatus.RESTING: _p("membership", "Resting"),
    MembershipStatus.LEFT: _p("membership", "Left"),
    MembershipStatus.EXCLUDED: _p("membership", "Excluded"),
    MembershipStatus.DECEASED: _p("membership", "Deceased"),
}
_Cell = Callable[[RollRow, Language], str]
_COLUMNS: Final[tuple[tuple[str, _Cell], ...]] = (
    (_("Number"), lambda row, _language: str(row.person_id)),
    (_("First name"), lambda row, _language: row.given_name),
    (_("Family name"), lambda row, _language: row.family_name),
    (_("Birth date"), lambda row, _language: _day(row.birth_date)),
    (_("E-mail address"), lambda row, _language: row.email),
    (_("Telephone"), lambda row, _language: row.phone),
    (_("Street and number"), lambda row, _language: row.street),
    (_("Postcode"), lambda row, _language: row.postcode),
    (_("Town or city"), lambda row, _language: row.city),
    (_("Membership"), lambda row, language: pick(row.type_names, language.code)),
    (_("Group"), lambda row, _language: row.group),
    (_("Status"), lambda row, language: language.pgettext(*_STATUS[row.status])),
    (_("Joined"), lambda row, _language: _day(row.joined_on)),
    (_("Ended"), lambda row, _language: _day(row.ended_on)),
    (_("Paid through"), lambda row, _language: _day(row.paid_through)),
)


def csv_rows(rows: Iterable[RollRow], language: Language) -> Iterator[str]:
    """Yield the lines of the file, heads first; days as ISO 8601, so that every program reads them."""
    yield _MARK + _line([language.gettext(head) for head, _cell in _COLUMNS])
    for row in rows:
        yield _line([_plain(cell(row, language)) for _head, cell in _COLUMNS])


def file_name(slug: str, on: dt.date) -> str:
    """Return what the file is called."""
    return f"{slug}-{on.isoformat()}.csv"


def _line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _plain(text: str) -> str:
    """A cell that a spreadsheet would take for a formula is text: people write their names themselves."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
