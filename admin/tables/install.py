"""Puts the generated views into an application, and declares of each door what the view says it asks for."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_admin import BaseView

from admin.tables.index import SetupIndex
from admin.tables.ledger_view import LedgerView
from admin.tables.ledgers import LEDGERS
from admin.tables.setup_view import SetupView
from admin.tables.setups import SETUPS
from admin.tables.theme import bare_admin
from dues.access.declare import permission


class ForeignViewError(Exception):
    """A generated view stands on neither of our two bases, so the program does not start."""

    def __init__(self, view: object) -> None:
        super().__init__(f"{type(view).__name__} is neither a SetupView nor a LedgerView.")


def install(app: Flask) -> None:
    """Register the views; what one exposes without naming it in its ``doors`` stays undeclared, and stops the start.

    Raises ForeignViewError for a view of another make.
    """
    made = [view() for view in SETUPS]
    views: list[BaseView] = [*made, *(view() for view in LEDGERS)]
    for view in views:
        if not isinstance(view, SetupView | LedgerView):
            raise ForeignViewError(view)
    index = SetupIndex(made)
    tables = bare_admin(index)
    tables.add_views(*views)
    tables.init_app(app)
    for view in (index, *views):
        _declare(app, view)


def _declare(app: Flask, view: SetupView | LedgerView | SetupIndex) -> None:
    for name, asked in view.doors.items():
        endpoint = f"{view.door}.{name}"
        if endpoint in app.view_functions:
            # A view's methods are bound anew at each look: the mark goes on what the application calls.
            app.view_functions[endpoint] = permission(asked)(_call(app.view_functions[endpoint]))


def _call(method: Callable[..., Any]) -> Callable[..., Any]:
    def call(**values: object) -> Any:
        return method(**values)

    return call
