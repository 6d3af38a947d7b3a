"""Keeps the doors of staff: whoever is not logged in is led to the entrance, whoever may not finds nothing there."""

from typing import Final

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from admin.again import ask_again
from admin.group.here import enter, find_here, named_slug
from admin.user import Clerk, clerk, require
from dues.access.declare import Access
from dues.access.permissions import Permission
from dues.access.roles import MOVES_MONEY
from dues.access.scope import EVERYWHERE
from web.headers import keep_nothing
from web.house import house
from web.words import here

_OWN: Final = ""
"""The permission that doors to one's own things ask for."""


def keeper(access: Access) -> Response | None:
    """Let staff through who hold what the door asks for; what they see is kept by no browser.

    The desk shows the whole organisation, so it asks for what is held in the whole organisation. The house of a group
    asks for what is held in that group or above it.
    """
    found = clerk()
    if found is None:
        return redirect(url_for("login.ask", to=_way_back()), code=303)
    keep_nothing()
    if access.permission != _OWN:
        if not (_in_house(found, access) if named_slug() else found.may(access.permission, EVERYWHERE)):
            return _nothing_here()
        if lacks_second_factor(found):
            return redirect(url_for("second.set_up"), code=303)
    return ask_again() if access.fresh else None


def _in_house(found: Clerk, access: Access) -> bool:
    """Let somebody into a group's house; there is none, or none for them, looks the same."""
    here = find_here()
    if here is None or not found.may(access.permission, here.path):
        return False
    enter(here)
    return True


def _nothing_here() -> Response:
    """Whoever has no desk is led from its first page to their groups' houses, or else to a page of their own."""
    if request.endpoint != "today.today":
        abort(404)
    has_none = require().where(Permission.GROUP_USE).nowhere
    return redirect(url_for("you.page" if has_none else "group_choice.page"), code=303)


def lacks_second_factor(found: Clerk) -> bool:
    """Tell whether somebody may move money and has not proved who they are by a second factor.

    In a demonstration, where no money is, it is offered and not asked for.
    """
    if found.strong or house().settings.demo:
        return False
    return any(found.may(permission) for permission in MOVES_MONEY)


def _way_back() -> str | None:
    """Return the page to come back to: for a press, the page it was on."""
    if request.method == "GET":
        return here()
    page = request.referrer or ""
    return page.removeprefix(house().settings.base_url) or None
