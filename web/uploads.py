"""Doors that take files: larger requests than forms are, and only from who is logged in."""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, current_app, request
from flask import session as cookie

View = TypeVar("View", bound=Callable[..., object])

_MARK: Final = "__largest_request__"
_LOGGED_IN: Final = "_user_id"
"""Where Flask-Login keeps who is logged in; the cookie is signed, so nobody else can claim to be."""


def takes_files(largest: int) -> Callable[[View], View]:
    """Let a view take requests of so many bytes; files in them lie on disk, never in memory as a whole."""

    def mark(view: View) -> View:
        setattr(view, _MARK, largest)
        return view

    return mark


def allow(app: Flask) -> None:
    """Widen the limit at the doors that are marked, before anything reads the request."""
    app.before_request(_widen)


def _widen() -> None:
    if request.endpoint is None or request.method != "POST" or _LOGGED_IN not in cookie:
        return
    largest = getattr(current_app.view_functions[request.endpoint], _MARK, None)
    if largest is not None:
        request.max_content_length = largest
