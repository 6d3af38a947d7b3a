"""The front door: find the group to join; what the pages keep on one's device; tell a watchdog that all is well."""

from typing import Final

from flask import Blueprint, Response, render_template, request
from sqlalchemy import text

from dues.access.declare import public
from dues.groups.find import find_joinable, organisation
from web.house import session
from web.limits import TYPED, limiter

doors = Blueprint("home", __name__)

PAGE: Final = 20


@doors.get("/")
@public
@limiter.limit(TYPED)
def groups() -> str:
    """List the groups one can join, some at a time: all, or those that what was typed finds."""
    wanted = " ".join(request.args.get("q", "")[:100].split())
    after = request.args.get("after", type=int)
    found = find_joinable(session(), wanted=wanted, after=after, limit=PAGE + 1)
    return render_template(
        "portal/home/home.html",
        organisation=organisation(session()),
        groups=found[:PAGE],
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        wanted=wanted,
        after=after,
    )


@doors.get("/privacy")
@public
def privacy() -> str:
    """Say what these pages keep on one's device, and where what a group keeps is told."""
    return render_template("portal/home/privacy.html")


@doors.get("/health")
@public
def health() -> Response:
    """Answer 200 when the database answers; a broken one makes this a 500 like any other page."""
    session().execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
