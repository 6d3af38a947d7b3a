"""The invoices of a group: the newest first, by how they stand, found by number, reference or name."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from admin import addresses
from admin.group.here import group_doors, this_group
from admin.ledgers.invoices import standing
from admin.tables.taking import Taking, begin, begun, taking
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.invoicing.invoice_list import invoices as listed
from dues.invoicing.invoice_wishes import InvoicesWanted
from dues.lists.errors import NotAColumnError
from dues.paging import Place
from language import pgettext_noop as _p
from web.house import session
from web.speech import gettext, pgettext

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
_LIST: Final = "invoices"
"""What the domain calls the list when it is taken out."""


@doors.get("/")
@permission(Permission.INVOICES_READ)
def invoices() -> str:
    """List them."""
    return _list(_wanted(this_group().path, request.args), taking=taking(_LIST))


def _list(wanted: InvoicesWanted, *, taking: Taking) -> str:
    on, here = today(session()), this_group()
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
        taking=taking,
        query=urlencode({name: value for name, value in _kept(wanted).items() if value}),
        addresses=addresses,
        narrowed=bool(wanted.search or wanted.settled or wanted.delivery),
    )


@doors.post("/export")
@permission(Permission.INVOICES_READ)
def take_out() -> str | Answer:
    """Begin to write the whole list, as it is narrowed, into a file."""
    wanted, form = _wanted(this_group().path, dict(parse_qsl(request.form.get("query", "")))), taking(_LIST)
    try:
        export = begin(form, wanted=wanted, said=_told(wanted), path=this_group().path)
    except NotAColumnError:
        return _list(wanted, taking=form.refused())
    return begun(form, export)


def _told(wanted: InvoicesWanted) -> list[str]:
    """Return what the list is narrowed to, in words."""
    settled = next((pgettext(*words) for key, words in _TABS[1:] if key == wanted.settled), "")
    search = f"“{wanted.search}”" if wanted.search else ""
    undelivered = gettext("Could not be delivered") if wanted.delivery else ""
    return [words for words in (settled, search, undelivered) if words]


def _wanted(path: str, given: Mapping[str, str]) -> InvoicesWanted:
    settled = given.get("settled", "")
    return InvoicesWanted(
        search=" ".join(given.get("q", "")[:_LONGEST].split()),
        settled=settled if settled in {key for key, _words in _TABS} else "",
        below=path,
        delivery="failed" if "undelivered" in given else "",
    )


def _place() -> Place | None:
    after, before = request.args.get("after", ""), request.args.get("before", "")
    return Place(after or before, backwards=not after) if after or before else None


def _address(wanted: InvoicesWanted, **changes: str | None) -> str:
    return url_for(".invoices", **{**_kept(wanted), **changes})


def _kept(wanted: InvoicesWanted) -> dict[str, Any]:
    return {
        "q": wanted.search or None,
        "settled": wanted.settled or None,
        "undelivered": "1" if wanted.delivery else None,
    }
