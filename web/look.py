"""A group's look, as every face wears it: its name, its colours as a style sheet, its logo, and their addresses."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Final

from flask import url_for
from sqlalchemy import select

from dues.groups.look import DARK, LIGHT, Shades, shades
from dues.groups.models import Group, Logo
from web.house import session

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
        sheet=url_for("look.sheet", slug=group.slug, version=version(group.colour)),
        logo=url_for("look.logo", digest=digest) if digest else "",
        privacy=url_for("join.privacy", slug=group.slug) if open_to_all else url_for("home.privacy"),
    )


@cache
def colours(colour: str) -> str:
    """Return a colour's style sheet: the values derived from it for light and dark."""
    light, dark = shades(colour, LIGHT), shades(colour, DARK)
    lines = [f"--{name}:light-dark({_of(light, part)},{_of(dark, part)})" for name, part in _VALUES.items()]
    return f":root{{{';'.join(lines)}}}\n"


def _of(found: Shades, part: str) -> str:
    return str(getattr(found, part))


def version(colour: str) -> str:
    """Return what stands in the address of a colour's sheet, and changes with what the sheet says."""
    return hashlib.sha256(colours(colour).encode()).hexdigest()[:12]
