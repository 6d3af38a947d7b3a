"""The front door: find the group to join; tell a watchdog that all is well."""

from typing import Final

from flask import Blueprint, Response, render_template, request
from sqlalchemy import text

from dues.access.declare import public
from dues.groups.find import find_joinable, organisation
from web.house import session
from web.limits import LOOK, limiter

doors = Blueprint("home", __name__)

PAGE: Final = 20


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


@doors.get("/health")
@public
def health() -> Response:
    """Answer 200 when the database answers; a broken one makes this a 500 like any other page."""
    session().execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
