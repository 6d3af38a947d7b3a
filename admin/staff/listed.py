"""The list of staff."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import url_for
from markupsafe import Markup

from admin.addresses import has_door
from admin.ledgers import cells, narrowing
from admin.staff.words import role_words, standing_state
from admin.tables.base import Doors
from admin.tables.columns import NOTHING, Column
from admin.tables.filters import Choices, choice
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Link, Tab, Wanted
from dues.access.people import Listed, StaffWanted, Standing, staff_page
from dues.access.permissions import Permission
from dues.access.roles import all_roles
from dues.dates import today
from dues.paging import Page
from language import gettext_noop as _
from web.house import session
from web.speech import named, ngettext, reader

_SHOWN = 3


def role_choices() -> Choices:
    """Return the roles by their names."""
    return [(str(role.id), named(role.names)) for role in all_roles(session())]


def _roles(row: Listed) -> Markup | str:
    words = [role_words(one) for one in row.held[:_SHOWN]]
    more = len(row.held) - _SHOWN
    if more > 0:
        words.append(ngettext("and one more", "and %(num)s more", more))
    return Markup("<br>").join(words) if words else NOTHING


class StaffView(LedgerView):
    """Everybody who works at a desk."""

    door = "staff"
    address = "/admin/staff"
    words = _("Staff")
    about = _("Who works here, in which roles, and where.")
    doors: ClassVar[Doors] = {"index_view": Permission.STAFF_READ}
    search = _("A part of the name, or the beginning of the e-mail address")
    tabs = (
        Tab("", _("Everybody")),
        Tab(Standing.ACTIVE.value, _("At work")),
        Tab(Standing.INVITED.value, _("Invited")),
        Tab(Standing.DISABLED.value, _("Let in no more")),
    )
    columns = (
        Column("name", _("Name"), lambda row: row.staff.name),
        Column("email", _("E-mail address"), lambda row: row.staff.email),
        Column("roles", _("Roles"), _roles),
        Column("standing", _("Status"), lambda row: cells.badges([standing_state(row.standing)])),
        Column("seen", _("Last seen"), lambda row: cells.moment(row.seen_at) if row.seen_at else NOTHING),
    )
    filters = (choice("role", _("Role"), role_choices), narrowing.group())
    nothing = _("Nobody works here yet.")

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of staff."""
        group = wanted.values.get("group")
        asked = StaffWanted(
            search=wanted.search,
            standing=wanted.view,
            role=int(wanted.values["role"]) if "role" in wanted.values else None,
            group=group.id if group else None,
        )
        return staff_page(session(), asked, on=today(session()), at=wanted.place)

    def link(self, row: Listed) -> str:
        """A row leads to somebody's page."""
        return url_for("colleague.page", public_id=row.staff.uuid)

    @property
    def neighbours(self) -> Sequence[Link]:  # type: ignore[override]  # read only
        """What else there is to do about staff, for who may."""
        ways = (
            ("invite.ask", _("Invite somebody")),
            ("roles.index_view", _("Roles")),
            ("approvals.page", _("For a second person")),
        )
        return [Link(reader().gettext(words), url_for(door)) for door, words in ways if has_door(door)]
