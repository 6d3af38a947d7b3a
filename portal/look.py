"""A group's look: its colours as a style sheet and its logo, each under an address that changes with it."""

from flask import Blueprint, Response, abort
from sqlalchemy import select

from dues.access.declare import public
from dues.groups.models import Group, Logo
from web.assets import sent
from web.house import session
from web.look import colours
from web.look import version as newest

doors = Blueprint("look", __name__)


@doors.get("/g/<slug>/look-<version>.css")
@public
def sheet(slug: str, version: str) -> Response:
    """Send a group's colours; an older version is not there any more."""
    colour = session().scalar(select(Group.colour).where(Group.slug == slug))
    if colour is None or newest(colour) != version:
        abort(404)
    return sent(colours(colour).encode(), "text/css; charset=utf-8")


@doors.get("/logo/<digest>")
@public
def logo(digest: str) -> Response:
    """Send a logo as what it was taken in as; a picture with scripts in it can run none."""
    found = session().execute(select(Logo.content, Logo.media_type).where(Logo.digest == digest)).first()
    if found is None:
        abort(404)
    response = sent(found[0], found[1])
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
