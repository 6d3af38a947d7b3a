"""The invoices of a group: the newest first, by how they stand, found by number, reference or name."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from flask import Response, render_template, request, stream_with_context, url_for
from sqlalchemy.orm import Session

from admin import addresses
from admin.group.here import group_doors, this_group
from admin.group.sheet import BILLS, file_name
from admin.ledgers.invoices import standing
from admin.tables.sheets import Sheet, csv_answer
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.invoicing.invoice_list import InvoiceRow
from dues.invoicing.invoice_list import invoices as listed
from dues.invoicing.invoice_wishes import InvoicesWanted
from dues.paging import Place
from language import pgettext_noop as _p
from web.house import session
from web.speech import pgettext, reader

doors = group_doors("group_invoices", "/invoices")

_TABS: Final = (
    ("", _p("invoices", "All")),
    ("open", _p("invoices", "Open")),
    ("overdue", _p("invoices", "Overdue")),
    ("part-paid", _p("invoices", "Part-paid")),
    ("paid", _p("invoices", "Paid")),
    ("credited", _p("invoices", "Credited")),
)
_LONGEST: Final = 200


@doors.get("/")
@permission(Permission.INVOICES_READ)
def invoices() -> str:
    """List them."""
    on, here = today(session()), this_group()
    wanted = _wanted(here.path)
    found = listed(session(), wanted, on=on, at=_place())
    return render_template(
        "group/invoices/list.html",
        group=here,
        page=found,
        wanted=wanted,
        states=lambda row: standing(row, on=on),
        tabs=[(pgettext(*words), _address(wanted, settled=key or None), wanted.settled == key) for key, words in _TABS],
        older=_address(wanted, after=found.after) if found.after else "",
        newer=_address(wanted, before=found.before) if found.before else "",
        everything=url_for(".invoices"),
        to_take=_address(wanted, to=".table"),
        to_open=_address(wanted, to=".book"),
        addresses=addresses,
        narrowed=bool(wanted.search or wanted.settled or wanted.delivery),
    )


@doors.get("/invoices.csv")
@permission(Permission.INVOICES_READ)
def table() -> Response:
    """Send the whole list, as it is narrowed, as a table for other programs; a piece at a time."""
    wanted, on = _wanted(this_group().path), today(session())
    rows = Sheet(BILLS, _all(session(), wanted, on=on), reader())
    return csv_answer(stream_with_context(rows.lines()), _name(on, "csv"))


@doors.get("/invoices.xlsx")
@permission(Permission.INVOICES_READ)
def book() -> Response:
    """Send the same as a spreadsheet."""
    on = today(session())
    return Sheet(BILLS, _all(session(), _wanted(this_group().path), on=on), reader()).book(_name(on, "xlsx"))


def _all(of: Session, wanted: InvoicesWanted, *, on: dt.date) -> Iterator[InvoiceRow]:
    """Yield all rows of a list, a page at a time."""
    page = listed(of, wanted, on=on, at=None)
    yield from page.rows
    while page.after:
        page = listed(of, wanted, on=on, at=Place(page.after))
        yield from page.rows


def _name(on: dt.date, kind: str) -> str:
    return file_name(this_group().slug, on, what="-invoices", kind=kind)


def _wanted(path: str) -> InvoicesWanted:
    settled = request.args.get("settled", "")
    return InvoicesWanted(
        search=" ".join(request.args.get("q", "")[:_LONGEST].split()),
        settled=settled if settled in {key for key, _words in _TABS} else "",
        below=path,
        delivery="failed" if "undelivered" in request.args else "",
    )


def _place() -> Place | None:
    after, before = request.args.get("after", ""), request.args.get("before", "")
    return Place(after or before, backwards=not after) if after or before else None


def _address(wanted: InvoicesWanted, *, to: str = ".invoices", **changes: str | None) -> str:
    kept: dict[str, Any] = {
        "q": wanted.search or None,
        "settled": wanted.settled or None,
        "undelivered": "1" if wanted.delivery else None,
    }
    return url_for(to, **{**kept, **changes})
