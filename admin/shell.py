"""What stands around every page of the desk: the places one can go, and what waits in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask, request, url_for

from admin.addresses import address, door, has_door
from admin.user import known
from admin.waits import counted, waits_in_places
from dues.access.permissions import Permission
from language import SUPPORTED, Language
from language import gettext_noop as _
from web.speech import gettext, reader
from web.words import title_first


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the side: its words, its door, the permission it asks for, and which count says how many wait."""

    words: str
    door: str
    permission: Permission
    counts: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A place as a page shows it; ``here`` is where one is, ``waiting`` how many things wait there, in digits."""

    words: str
    address: str
    here: bool
    waiting: str


PLACES: Final[tuple[tuple[str, tuple[Place, ...]], ...]] = (
    ("", (Place(_("Today"), "today.today", Permission.DESK_USE),)),
    (
        _("Members"),
        (
            Place(_("Persons"), "persons.index_view", Permission.MEMBERS_READ),
            Place(_("Memberships"), "memberships.index_view", Permission.MEMBERS_READ, "applied"),
            Place(_("Groups"), "groups.index_view", Permission.SETUP_READ),
            Place(_("Open a group"), "open_group.ask", Permission.GROUPS_OPEN),
        ),
    ),
    (
        _("Charge"),
        (
            Place(_("Renewals and runs"), "runs.runs", Permission.RUNS_READ, "runs"),
            Place(_("Invoices"), "invoices.index_view", Permission.INVOICES_READ),
            Place(_("Templates and series"), "templates.listed", Permission.INVOICES_READ),
            Place(_("Claims"), "claims.index_view", Permission.INVOICES_READ),
            Place(_("Lines from a table"), "charges.tables", Permission.INVOICES_READ),
            Place(_("Invoices from elsewhere"), "taken_in.tables", Permission.INVOICES_READ),
            Place(_("Prices"), "prices.index_view", Permission.SETUP_READ),
        ),
    ),
    (
        _("Money in"),
        (
            Place(_("Without an invoice"), "queue.pile", Permission.PAYMENTS_READ, "queue"),
            Place(_("Bank files"), "bank_files.files", Permission.BANK_FILES_READ, "refused"),
            Place(_("Payments"), "payments.index_view", Permission.PAYMENTS_READ),
            Place(_("Bank accounts"), "bank_accounts.accounts", Permission.BANK_FILES_READ, "missing"),
            Place(_("Refunds"), "refunds.index_view", Permission.PAYMENTS_READ, "refunds"),
            Place(_("Orders to the bank"), "refund_orders.page", Permission.PAYMENTS_READ),
        ),
    ),
    (_("Send"), (Place(_("Messages"), "messages.index_view", Permission.MESSAGES_READ, "undelivered"),)),
    (
        _("Books"),
        (
            Place(_("Journal"), "journal.index_view", Permission.JOURNAL_READ),
            Place(_("Reconciliation"), "reconciliation.page", Permission.JOURNAL_READ),
            Place(_("Settled with groups"), "settlements.page", Permission.JOURNAL_READ),
            Place(_("Gifts"), "gifts.page", Permission.JOURNAL_READ),
            Place(_("Changes"), "audit.index_view", Permission.AUDIT_READ),
        ),
    ),
    (
        "",
        (
            Place(_("Set up"), "setup.index", Permission.SETUP_READ),
            Place(_("Staff"), "staff.index_view", Permission.STAFF_READ),
        ),
    ),
    ("", (Place(_("Your groups"), "group_choice.page", Permission.GROUP_USE),)),
)
"""Every place by the task it belongs to; what may not be used, or is not there yet, is absent."""


def equip(app: Flask) -> None:
    """Let templates of the desk draw their shell."""
    app.jinja_env.globals.update(places=places, clerk=known, shortcuts_on=shortcuts_on, has_door=has_door)
    app.jinja_env.globals.update(reading_choices=reading_choices, door=door, way_to=address)


def places() -> list[tuple[str, list[Shown]]]:
    """Return the places that whoever asks may go to, by task."""
    found = known()
    if found is None:
        return []
    waiting = waits_in_places()
    shown = [
        (
            gettext(task) if task else "",
            [_shown(place, waiting) for place in there if found.may(place.permission) and _is_there(place)],
        )
        for task, there in PLACES
    ]
    return [(task, there) for task, there in shown if there]


def shortcuts_on() -> bool:
    """Tell whether single keys do something for whoever asks."""
    found = known()
    return found is not None and found.shortcuts


def reading_choices() -> list[tuple[str, str]]:
    """Return the languages one may choose, each named in itself."""
    return [(code, title_first(Language(code).name)) for code in SUPPORTED]


def _is_there(place: Place) -> bool:
    return has_door(place.door)


def _shown(place: Place, waiting: Mapping[str, int]) -> Shown:
    address = url_for(place.door)
    waits = counted(waiting.get(place.counts, 0))
    return Shown(reader().gettext(place.words), address, _is_here(place, address), waits)


def _is_here(place: Place, address: str) -> bool:
    """A page below a place belongs to it, unless a nearer place has it; the first page belongs only to itself."""
    if place.door == "today.today":
        return request.path == address
    return _holds(address) and not any(len(other) > len(address) and _holds(other) for other in _addresses())


def _holds(address: str) -> bool:
    return request.path == address or request.path.startswith(address.rstrip("/") + "/")


def _addresses() -> list[str]:
    return [url_for(place.door) for _task, there in PLACES for place in there if _is_there(place)]
