"""The first page of a group's house: what needs whoever looks after it, and how the group is doing."""

from flask import Response, abort, render_template, url_for

from admin.group import visit
from admin.group.here import group_doors, this_group
from admin.group.months import picture
from admin.group.needs import by_itself, needs
from documents.qr import png
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.overview.group_day import Matter, Told, group_day, months
from web.house import absolute, session

doors = group_doors("group_home")


@doors.get("/")
@permission(Permission.GROUP_USE)
def page() -> str:
    """Show it; a group that nobody has joined yet is shown how people come."""
    here, on = this_group(), dates.today(session())
    found = group_day(session(), path=here.path, on=on, seen=visit.before())
    moved = months(session(), path=here.path, on=on)
    return render_template(
        "group/home.html",
        group=here,
        tasks=needs(found),
        by_itself=by_itself(found),
        members=found.get(Matter.MEMBERS, Told()).things,
        charged=found.get(Matter.CHARGED, Told()).amounts or {},
        paid=found.get(Matter.PAID, Told()).amounts or {},
        open=found.get(Matter.OPEN, Told()).amounts or {},
        picture=picture(moved),
        year=on.year,
        join_page=_join_page() if here.joinable else "",
    )


@doors.get("/join-code.png")
@permission(Permission.GROUP_USE)
def join_code() -> Response:
    """Send the address of the join page as a code to be scanned."""
    return Response(png(_join_page()), mimetype="image/png") if this_group().joinable else abort(404)


def _join_page() -> str:
    return absolute(url_for("join.ask", slug=this_group().slug))
