"""Asks at every door who may pass; what kind of door it is was declared where the view stands."""

from collections.abc import Callable
from typing import Final

from flask import Flask, abort, current_app, request
from werkzeug.wrappers import Response

from dues.access.declare import Access, Kind, access_of, refuse_undeclared

Keeper = Callable[[Access], Response | None]
"""Lets whoever asks through a door (None), answers instead, or aborts."""

_KEEPERS: Final = "keepers"
_OPEN: Final = frozenset({Kind.PUBLIC, Kind.ENTRANCE})


def guard(app: Flask) -> None:
    """Let an application ask at each door; doors of a kind without a keeper stay shut."""
    app.extensions[_KEEPERS] = {}
    app.before_request(_refuse_nul)
    app.before_request(_ask_the_door)


def keep(app: Flask, kind: Kind, keeper: Keeper) -> None:
    """Let somebody keep the doors of a kind."""
    app.extensions[_KEEPERS][kind] = keeper


def refuse_open_doors(app: Flask) -> None:
    """Raise UndeclaredDoorError when any route says nothing of who may use it."""
    refuse_undeclared((rule.endpoint, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules())


def _refuse_nul() -> None:
    """An address with a NUL in it is nobody's, and PostgreSQL takes none."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(404)


def _ask_the_door() -> Response | None:
    if request.endpoint is None:
        return None
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        abort(404)
    if access.kind in _OPEN:
        return None
    keeper: Keeper | None = current_app.extensions[_KEEPERS].get(access.kind)
    if keeper is None:
        abort(404)
    return keeper(access)
