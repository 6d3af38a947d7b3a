"""A group's look: its colours as a style sheet and its logo, each under an address that changes with it."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Final

from flask import Blueprint, Response, abort, url_for
from sqlalchemy import select

from dues.access.declare import public
from dues.groups.look import DARK, LIGHT, Shades, shades
from dues.groups.models import Group, Logo
from web.assets import sent
from web.house import session

doors = Blueprint("look", __name__)

_VALUES: Final = {
    "brand-fill": "fill",
    "on-brand": "on_fill",
    "brand-edge": "edge",
    "brand-text": "text",
    "brand-tint": "tint",
}


@dataclass(frozen=True, slots=True)
class Brand:
    """What a page in a group's look shows of the group: name, home, style sheet, logo (address, or nothing)."""

    name: str
    home: str
    sheet: str
    logo: str
    privacy: str


def brand(group: Group) -> Brand:
    """Return a group's look; without a logo of its own it wears the nearest one above.

    A group that takes nobody has no form of its own to lead home to.
    """
    open_to_all = group.joinable and group.creditor_id is not None
    digest = session().scalar(
        select(Logo.digest)
        .join(Group, Group.logo_id == Logo.id)
        .where(Group.id.in_([int(step) for step in group.path.strip(".").split(".")]))
        .order_by(Group.path.desc())
        .limit(1)
    )
    return Brand(
        name=group.name,
        home=url_for("join.ask", slug=group.slug) if open_to_all else url_for("home.groups"),
        sheet=url_for("look.sheet", slug=group.slug, version=_version(group.colour)),
        logo=url_for("look.logo", digest=digest) if digest else "",
        privacy=url_for("join.privacy", slug=group.slug) if open_to_all else url_for("home.privacy"),
    )


@cache
def _colours(colour: str) -> str:
    light, dark = shades(colour, LIGHT), shades(colour, DARK)
    lines = [f"--{name}:light-dark({_of(light, part)},{_of(dark, part)})" for name, part in _VALUES.items()]
    return f":root{{{';'.join(lines)}}}\n"


def _of(found: Shades, part: str) -> str:
    return str(getattr(found, part))


def _version(colour: str) -> str:
    return hashlib.sha256(_colours(colour).encode()).hexdigest()[:12]


@doors.get("/g/<slug>/look-<version>.css")
@public
def sheet(slug: str, version: str) -> Response:
    """Send a group's colours; an older version is not there any more."""
    colour = session().scalar(select(Group.colour).where(Group.slug == slug))
    if colour is None or _version(colour) != version:
        abort(404)
    return sent(_colours(colour).encode(), "text/css; charset=utf-8")


@doors.get("/logo/<digest>")
@public
def logo(digest: str) -> Response:
    """Send a logo as what it was taken in as; a picture with scripts in it can run none."""
    found = session().execute(select(Logo.content, Logo.media_type).where(Logo.digest == digest)).first()
    if found is None:
        abort(404)
    response = sent(found[0], found[1])
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
