"""Today: what needs whoever looks, what was done by itself, and how money comes in."""

from flask import Blueprint, render_template

from dues.access.declare import permission
from dues.access.permissions import Permission

doors = Blueprint("today", __name__, url_prefix="/admin")


@doors.get("/")
@permission(Permission.DESK_USE)
def today() -> str:
    """Show the day."""
    return render_template("admin/today.html")
