"""The front door: find the group to join; choose a language; tell a watchdog that all is well."""

import datetime as dt
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request
from sqlalchemy import text
from werkzeug.wrappers import Response as Answer

from dues.access.declare import public
from dues.groups.find import find_joinable, organisation
from language import SUPPORTED
from portal.house import house, session
from portal.limits import LOOK, limiter
from portal.speech import COOKIE

doors = Blueprint("home", __name__)

PAGE: Final = 20
_YEAR: Final = dt.timedelta(days=365)


@doors.get("/")
@public
@limiter.limit(LOOK)
def groups() -> str:
    """List the groups one can join: those whose name begins as typed, some at a time."""
    wanted = request.args.get("q", "").strip()[:100]
    after = request.args.get("after", type=int)
    found = find_joinable(session(), beginning=wanted, after=after, limit=PAGE + 1)
    return render_template(
        "portal/home.html",
        organisation=organisation(session()),
        groups=found[:PAGE],
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        wanted=wanted,
        after=after,
    )


@doors.get("/language/<code>")
@public
def speak(code: str) -> Answer:
    """Remember the language a reader chose, and go back to the page; no record changes by it."""
    if code not in SUPPORTED:
        abort(404)
    answer = redirect(_local(request.args.get("to", "/")), code=303)
    secure = house().settings.base_url.startswith("https://")
    answer.set_cookie(COOKIE, code, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer


def _local(path: str) -> str:
    """Return a path of our own, the front door for anything else: browsers take two slashes for another house."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


@doors.get("/health")
@public
def health() -> Response:
    """Answer 200 when the database answers; a broken one makes this a 500 like any other page."""
    session().execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
