"""What a line of the proof's table says of a door, and short ways to say it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Whose(StrEnum):
    """For whom a door is."""

    ANYBODY = "anybody"
    ENTRANCE = "entrance"
    STAFF = "staff"
    DESK = "desk"
    HOUSE = "house"


@dataclass(frozen=True)
class Door:
    """One method of one route. ``answers`` are the statuses for whoever may, ``gone`` those for what is not there.

    ``page`` is the endpoint whose page holds the form, of which ``form`` changes single fields. ``besides`` is somebody
    who may pass with what is their own, too.
    """

    whose: Whose
    asks: tuple[str, ...] = ()
    at: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)
    page: str = ""
    answers: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    besides: str = ""


def anybody(
    *, query: Mapping[str, str] | None = None, answers: int = 200, gone: int = 404, form: Any = None, **at: str
) -> Door:
    """Everybody may pass."""
    return _door(Whose.ANYBODY, (), query, form, "", (answers,), (gone if at else answers,), at)


def entrance(*, answers: tuple[int, ...] = (200,), form: Any = None, **at: str) -> Door:
    """Everybody may knock, to show that they are staff."""
    return _door(Whose.ENTRANCE, (), None, form, "", answers, answers, at)


def staff(*, answers: int = 200, gone: int = 0, query: Any = None, form: Any = None, page: str = "", **at: str) -> Door:
    """Whoever is staff may pass: what is behind the door is their own."""
    return _door(Whose.STAFF, (), query, form, page, (answers,), (gone or answers,), at)


def desk(
    *asks: str,
    answers: int = 0,
    gone: int = 0,
    query: Any = None,
    form: Any = None,
    page: str = "",
    besides: str = "",
    **at: str,
) -> Door:
    """Staff who hold everything that is asked for, in the whole organisation."""
    usual = 303 if form is not None or page else 200
    missing = gone or (404 if at else answers or usual)
    door = _door(Whose.DESK, asks, query, form, page, (answers or usual,), (missing,), at)
    return replace(door, besides=besides)


def house(
    *asks: str, answers: int = 0, gone: int = 404, query: Any = None, form: Any = None, page: str = "", **at: str
) -> Door:
    """Staff who hold what is asked for in the group whose house it is, or above it; what is named there is of it."""
    usual = 303 if form is not None or page else 200
    where = {"group_slug": "slug", **at}
    return _door(Whose.HOUSE, asks, query, form, page, (answers or usual,), (gone,), where)


def _door(  # noqa: PLR0917 -- the makers of lines above are its only callers
    whose: Whose,
    asks: tuple[str, ...],
    query: Mapping[str, str] | None,
    form: Mapping[str, Any] | None,
    page: str,
    answers: Collection[int],
    gone: Collection[int],
    at: Mapping[str, str],
) -> Door:
    return Door(whose, asks, at, query or {}, form or {}, page, frozenset(answers), frozenset(gone))


def table(
    at: str,
    kind: str,
    edits: str,
    *,
    opens: str = "",
    more: Mapping[str, Door] | None = None,
    saved: int = 303,
    taken: int = 200,
) -> dict[str, Door]:
    """Return the doors of a table that is set up: to look, to change, to add, to take away."""
    return {
        f"{at}.index_view": desk("setup.read", query={"q": f"{{{kind}}}"}),
        f"{at}.edit_view": desk("setup.read", key=kind),
        f"POST {at}.edit_view": desk("setup.read", edits, page=f"{at}.edit_view", answers=saved, key=kind),
        f"{at}.create_view": desk(opens or edits),
        f"POST {at}.create_view": desk(opens or edits, form={}, answers=200),
        f"{at}.delete_view": desk(opens or edits, key=kind),
        f"POST {at}.delete_view": desk(opens or edits, form={}, answers=taken, key=kind),
        **(more or {}),
    }
