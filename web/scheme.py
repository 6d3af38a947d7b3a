"""Light or dark: the system decides until a reader does; the choice stands on the page itself, so nothing flashes."""

import datetime as dt
from enum import StrEnum
from typing import Final

from flask import Blueprint, Flask, abort, redirect, request
from werkzeug.wrappers import Response

from dues.access.declare import public
from web.house import house
from web.local import local

COOKIE: Final = "scheme"
_YEAR: Final = dt.timedelta(days=365)

doors = Blueprint("scheme", __name__)


class Scheme(StrEnum):
    """What a reader may choose."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


def equip(app: Flask) -> None:
    """Let templates ask for the scheme, and readers choose one."""
    app.jinja_env.globals.update(scheme=chosen)
    app.register_blueprint(doors)


def chosen() -> str:
    """Return what the reader chose, "auto" where nothing was."""
    asked = request.cookies.get(COOKIE, "")
    return asked if asked in set(Scheme) else Scheme.AUTO.value


def remember(answer: Response, wanted: Scheme) -> None:
    """Keep a choice in a cookie for a year."""
    secure = house().settings.base_url.startswith("https://")
    answer.set_cookie(COOKIE, wanted.value, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax")


@doors.get("/scheme/<wanted>")
@public
def choose(wanted: str) -> Response:
    """Remember a scheme, and go back to the page; no record changes by it."""
    if wanted not in set(Scheme):
        abort(404)
    answer = redirect(local(request.args.get("to", "/")), code=303)
    remember(answer, Scheme(wanted))
    return answer
