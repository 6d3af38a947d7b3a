"""Find anything: one box for names, numbers, references, e-mail addresses and telephone numbers."""

from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.office.hits import Hit, group_hits, invoice_hits, person_hits
from admin.office.saved_lists import named_lists
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.invoicing.models import InvoiceKind
from dues.overview.asked import read
from dues.overview.find import SHOWN, find
from dues.overview.found import Findings, FoundInvoice, FoundPerson, How
from web.house import session
from web.notes import note
from web.speech import gettext

doors = Blueprint("find", __name__, url_prefix="/admin")

_LONGEST: Final = 200
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """The hits of one kind, best first; ``more`` says that there are others."""

    key: str
    words: str
    hits: list[Hit]
    more: bool


@doors.get("/find", endpoint="find")
@permission(Permission.MEMBERS_READ)
def find_anything() -> str | Response:
    """Show what was found; what was meant without doubt opens at once."""
    wanted = " ".join(request.args.get("q", "").split())[:_LONGEST]
    if not wanted:
        return render_template("admin/find.html", wanted="", kinds=[], wider="", shown=SHOWN)
    found, lists = _found(wanted), named_lists(wanted)
    one = found.single if not lists else None
    if one is not None and (address := _address(one)):
        note(_why(one, wanted))
        return redirect(address, code=303)
    return render_template(
        "admin/find.html",
        wanted=wanted,
        wanted_everywhere=wanted,
        kinds=[*_kinds(found), *([Kind("lists", gettext("Named lists"), lists, more=False)] if lists else [])],
        wider="" if lists or not found.nothing else _wider(wanted),
        shown=SHOWN,
    )


def _found(wanted: str) -> Findings:
    found = find(session(), asked=read(wanted))
    return found if require().may(Permission.INVOICES_READ) else replace(found, invoices=())


def _address(one: FoundPerson | FoundInvoice) -> str:
    at = addresses.person if isinstance(one, FoundPerson) else addresses.invoice
    return at(one.public_id)


def _why(one: FoundPerson | FoundInvoice, wanted: str) -> str:
    """Say why a page opened by itself."""
    if isinstance(one, FoundInvoice):
        words = {
            InvoiceKind.INVOICE: gettext("“%(wanted)s” means this invoice and nothing else.", wanted=wanted),
            InvoiceKind.CREDIT_NOTE: gettext("“%(wanted)s” means this credit note and nothing else.", wanted=wanted),
        }
        return words[one.kind]
    if one.how is How.EMAIL:
        return gettext("“%(wanted)s” is the e-mail address of this person alone.", wanted=wanted)
    return gettext("“%(wanted)s” means this person and nothing else.", wanted=wanted)


def _kinds(found: Findings) -> list[Kind]:
    """A number means an invoice more often than a person; where both were found the invoice stands first."""
    kinds = [
        Kind(
            "invoices", gettext("Invoices"), invoice_hits(found.invoices, on=today(session())), "invoices" in found.more
        ),
        Kind("persons", gettext("Persons"), person_hits(found.persons), "persons" in found.more),
        Kind("groups", gettext("Groups"), group_hits(found.groups), "groups" in found.more),
    ]
    return [kind for kind in kinds if kind.hits]


def _wider(wanted: str) -> str:
    """Return a search that does find something: the longest word that does, or the beginning of the only one."""
    words = sorted((word for word in read(wanted).words if any(c.isalpha() for c in word)), key=len, reverse=True)
    tried = words if len(words) > 1 else [word[:_SHORTEST] for word in words if len(word) > _SHORTEST]
    return next((word for word in tried if not _found(word).nothing), "")
