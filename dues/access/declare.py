"""Declares who may pass a door: everybody, members, or staff with a permission; an undeclared door stays shut."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

View = TypeVar("View", bound=Callable[..., object])

_MARK: Final = "__access__"


class Kind(StrEnum):
    """The kinds of doors; at an entrance staff say who they are."""

    PUBLIC = "public"
    MEMBER = "member"
    ENTRANCE = "entrance"
    PERMISSION = "permission"


@dataclass(frozen=True, slots=True)
class Access:
    """What a door asks for; ``permission`` is named where the kind is that.

    ``fresh`` doors let only those through who have proved who they are within the last minutes.
    """

    kind: Kind
    permission: str = ""
    fresh: bool = False


class UndeclaredDoorError(Exception):
    """Some routes say nothing of who may use them, so the program does not start."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"Declare who may use these routes: {', '.join(sorted(names))}.")


def public(view: View) -> View:
    """Everybody may pass."""
    return _declared(view, Access(Kind.PUBLIC))


def member(view: View) -> View:
    """A member who is logged in may pass."""
    return _declared(view, Access(Kind.MEMBER))


def entrance(view: View) -> View:
    """Everybody may knock, to show that they are staff."""
    return _declared(view, Access(Kind.ENTRANCE))


def permission(name: str, *, fresh: bool = False) -> Callable[[View], View]:
    """Staff with a permission may pass: held in the whole organisation, or where an address names a group, there."""
    return lambda view: _declared(view, Access(Kind.PERMISSION, name, fresh=fresh))


def staff(*, fresh: bool = False) -> Callable[[View], View]:
    """Whoever is logged in as staff may pass: what is behind the door is their own."""
    return lambda view: _declared(view, Access(Kind.PERMISSION, fresh=fresh))


def access_of(view: object) -> Access | None:
    """Return what a view declares, None when it declares nothing."""
    found = getattr(view, _MARK, None)
    return found if isinstance(found, Access) else None


def refuse_undeclared(views: Iterable[tuple[str, object]]) -> None:
    """Raise UndeclaredDoorError, naming every (name, view) that declares nothing."""
    names = [name for name, view in views if access_of(view) is None]
    if names:
        raise UndeclaredDoorError(names)


def _declared(view: View, access: Access) -> View:
    setattr(view, _MARK, access)
    return view
