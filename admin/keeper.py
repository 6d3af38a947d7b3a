"""Keeps the doors of staff: whoever is not logged in is led to the entrance, whoever may not finds nothing there."""

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from admin.user import clerk
from dues.access.declare import Access
from web.headers import keep_nothing
from web.words import here


def keeper(access: Access) -> Response | None:
    """Let staff through who hold what the door asks for; what they see is kept by no browser."""
    found = clerk()
    if found is None:
        way_back = here() if request.method == "GET" else None
        return redirect(url_for("login.ask", to=way_back), code=303)
    if not found.may(access.permission):
        abort(404)
    keep_nothing()
    return None
