"""Changes groups, and takes away those that nothing hangs on."""

from typing import TypedDict, Unpack

from sqlalchemy.orm import Session

from dues.editing import MissingError, held, remove
from dues.folding import folded
from dues.groups.errors import LanguageError
from dues.groups.establish import refuse_slug
from dues.groups.look import colour_of
from dues.groups.models import Group
from language import SUPPORTED


class GroupChanges(TypedDict, total=False):
    """What can be changed of a group; where it stands in the tree cannot. ``logo_id`` None takes the logo away."""

    name: str
    slug: str
    language: str
    country: str
    joinable: bool
    colour: str
    welcome: dict[str, str]
    logo_id: int | None
    own_prices: bool


def change_group(session: Session, *, group_id: int, **changes: Unpack[GroupChanges]) -> Group:
    """Change a group; what was printed keeps the name and the look it had.

    Raises SlugError, ColourError, LanguageError, and an EditingError.
    """
    group = held(session, Group, group_id)
    refuse_group(changes)
    if "slug" in changes and changes["slug"] != group.slug:
        refuse_slug(session, changes["slug"])
    if "colour" in changes:
        changes["colour"] = colour_of(changes["colour"])
    for name, value in changes.items():
        setattr(group, name, value)
    group.name_key = folded(group.name)
    session.flush()
    return group


def refuse_group(details: GroupChanges) -> None:
    """Raise MissingError and LanguageError for what no group can be."""
    if not details.get("name", "-").strip():
        raise MissingError("name")
    if details.get("language", SUPPORTED[0]) not in SUPPORTED:
        raise LanguageError(details["language"])


def remove_group(session: Session, *, group_id: int) -> None:
    """Take a group away that nothing refers to; raise an EditingError."""
    group = held(session, Group, group_id)
    remove(session, group)
