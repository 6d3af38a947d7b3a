"""What stands around every page of a group's house: its five places, and the way to another house."""

from dataclasses import dataclass
from typing import Final

from flask import Flask, request, url_for

from admin.addresses import has_door
from admin.group import here
from admin.group.here import known_here, this_group
from admin.user import known
from dues.access.permissions import Permission
from language import gettext_noop as _
from web.speech import reader


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the house: its words, its first door, and its picture."""

    words: str
    door: str
    picture: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A place as a page shows it; ``here`` is where one is."""

    words: str
    address: str
    picture: str
    here: bool


PLACES: Final = (
    Place(_("Home"), "group_home.page", "home"),
    Place(_("Members"), "group_members.people", "person"),
    Place(_("Invoices"), "group_invoices.invoices", "page"),
    Place(_("Money"), "group_money.page", "money"),
    Place(_("Our look"), "group_look.page", "look"),
)
"""The five places; what may not be used, or is not there yet, is absent."""


def equip(app: Flask) -> None:
    """Let templates of the house draw their shell."""
    here.equip(app)
    app.jinja_env.globals.update(group_places=group_places, this_group=this_group, may_switch=may_switch, frame=frame)


def frame() -> str:
    """Return the frame of a page that stands both at the desk and in houses."""
    return "admin/base.html" if known_here() is None else "group/base.html"


def group_places() -> list[Shown]:
    """Return the places of this house that whoever asks may go to."""
    shown = [(place, url_for(place.door)) for place in PLACES if has_door(place.door)]
    return [Shown(reader().gettext(one.words), to, one.picture, _is_here(one, to)) for one, to in shown]


def may_switch() -> bool:
    """Tell whether whoever asks has several houses."""
    found, at = known(), known_here()
    if found is None or at is None:
        return False
    paths = found.where(Permission.GROUP_USE).paths
    return at.has_below or len(paths) > 1 or at.path not in paths


def _is_here(place: Place, address: str) -> bool:
    """A page below a place belongs to it; the first page belongs only to itself."""
    if place.door == PLACES[0].door:
        return request.path == address
    return request.path == address or request.path.startswith(address.rstrip("/") + "/")
