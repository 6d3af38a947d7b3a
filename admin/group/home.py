"""The first page of a group's house."""

from flask import render_template

from admin.group.here import group_doors
from dues.access.declare import permission
from dues.access.permissions import Permission

doors = group_doors("group_home")


@doors.get("/")
@permission(Permission.GROUP_USE)
def page() -> str:
    """Show what needs whoever looks, and how the group is doing."""
    return render_template("group/home.html")
