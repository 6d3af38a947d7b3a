"""The invoices of a group: the newest first, by how they stand, found by number, reference or name."""

from typing import Any, Final

from flask import render_template, request, url_for

from admin import addresses
from admin.group.here import group_doors, this_group
from admin.ledgers.invoices import standing
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.invoicing.invoice_list import InvoicesWanted
from dues.invoicing.invoice_list import invoices as listed
from dues.paging import Place
from language import pgettext_noop as _p
from web.house import session
from web.speech import pgettext

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
        addresses=addresses,
        narrowed=bool(wanted.search or wanted.settled or wanted.undelivered),
    )


def _wanted(path: str) -> InvoicesWanted:
    settled = request.args.get("settled", "")
    return InvoicesWanted(
        search=" ".join(request.args.get("q", "")[:_LONGEST].split()),
        settled=settled if settled in {key for key, _words in _TABS} else "",
        below=path,
        undelivered="undelivered" in request.args,
    )


def _place() -> Place | None:
    after, before = request.args.get("after", ""), request.args.get("before", "")
    return Place(after or before, backwards=not after) if after or before else None


def _address(wanted: InvoicesWanted, **changes: str | None) -> str:
    kept: dict[str, Any] = {
        "q": wanted.search or None,
        "settled": wanted.settled or None,
        "undelivered": "1" if wanted.undelivered else None,
    }
    return url_for(".invoices", **{**kept, **changes})
