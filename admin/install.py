"""Puts the face of staff into an application: who they are, their doors, their shell, their tables."""

from typing import Final

from flask import Flask, request

from admin import again, login, second, shell, you
from admin.keeper import keeper
from admin.office import today
from admin.user import known, recognise
from dues.access.declare import Kind
from web.errors import frame
from web.guard import keep

_DOORS: Final = (login.doors, again.doors, you.doors, second.doors, today.doors)
_SHELL: Final = "admin/base.html"


def install(app: Flask) -> None:
    """Register the doors of staff; what all faces share stands already."""
    recognise(app)
    keep(app, Kind.PERMISSION, keeper)
    frame(app, _frame)
    shell.equip(app)
    for doors in _DOORS:
        app.register_blueprint(doors)


def _frame() -> str | None:
    """Staff who are logged in stay in their shell when something goes wrong."""
    return _SHELL if request.path.startswith("/admin") and known() is not None else None
