"""Which group's house one is in: found by the keeper of its doors, known to its pages, its shell and its addresses."""

from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from flask import Blueprint, Flask, current_app, g

from dues.groups.below import has_below
from dues.groups.find import by_slug
from web.house import session
from web.look import Brand, brand

HOUSE: Final = "/group/<group_slug>"
"""Where the house of a group stands."""
_SLUG: Final = "group_slug"
_HERE: Final = "group_here"


@dataclass(frozen=True, slots=True)
class Here:
    """The group whose house one is in; all that its pages read and write lies at ``path`` or below it.

    ``own_creditor`` is the group's own, and None where it uses that of a group above it: ``creditor_id``.
    """

    id: int
    public_id: UUID
    slug: str
    name: str
    path: str
    language: str
    country: str
    creditor_id: int | None
    joinable: bool
    has_below: bool
    brand: Brand


def group_doors(name: str, below: str = "") -> Blueprint:
    """Return a blueprint for a room of the house; ``below`` is its place in it.

    Its views take no slug, and addresses of its doors need none: both are the house one is in.
    """
    return Blueprint(name, __name__, url_prefix=f"{HOUSE}{below}")


def equip(app: Flask) -> None:
    """Let an application know by an address which house one is in, and stay there in the addresses it makes."""
    app.url_value_preprocessor(_take_slug)
    app.url_defaults(_give_slug)


def named_slug() -> str:
    """Return the slug in the address, nothing outside of houses."""
    return str(g.get(_SLUG, ""))


def find_here() -> Here | None:
    """Return the group that the address names, None where there is none; whoever asks may still be refused it."""
    group = by_slug(session(), slug=named_slug())
    if group is None:
        return None
    return Here(
        id=group.id,
        public_id=group.uuid,
        slug=group.slug,
        name=group.name,
        path=group.path,
        language=group.language,
        country=group.country,
        creditor_id=group.creditor_id,
        joinable=group.joinable and group.creditor_id is not None,
        has_below=has_below(session(), group_id=group.id),
        brand=brand(group),
    )


def enter(found: Here) -> None:
    """Let the request be in a group's house; its keeper has asked."""
    setattr(g, _HERE, found)


def known_here() -> Here | None:
    """Return the group whose house one is in, None outside."""
    return cast("Here | None", g.get(_HERE))


def this_group() -> Here:
    """Return the group whose house one is in, behind one of its doors."""
    found = known_here()
    if found is None:
        raise RuntimeError("a page of a group's house was asked for outside of it")
    return found


def _take_slug(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None and _SLUG in values:
        setattr(g, _SLUG, values.pop(_SLUG))


def _give_slug(endpoint: str, values: dict[str, Any]) -> None:
    if _SLUG in g and current_app.url_map.is_endpoint_expecting(endpoint, _SLUG):
        values.setdefault(_SLUG, named_slug())
