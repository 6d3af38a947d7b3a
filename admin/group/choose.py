"""Which of one's groups to go to; who has one only goes there at once."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.user import require
from dues.access.declare import staff
from dues.access.permissions import Permission
from dues.groups.find import find_within
from web.house import session
from web.limits import TYPED, limiter

doors = Blueprint("group_choice", __name__, url_prefix="/group")

_MOST: Final = 50


@doors.get("/")
@staff()
@limiter.limit(TYPED)
def page() -> str | Response:
    """Show the groups one administers, as far as a page holds them; what was typed narrows them."""
    wanted = " ".join(request.args.get("q", "")[:100].split())
    reach = require().where(Permission.GROUP_USE)
    found = find_within(session(), within=reach.within, wanted=wanted, limit=_MOST + 1)
    if len(found) == 1 and not wanted:
        return redirect(url_for("group_home.page", group_slug=found[0].slug), code=303)
    return render_template("group/choose.html", groups=found[:_MOST], more=len(found) > _MOST, wanted=wanted)
