"""The list of memberships."""

from typing import Any, ClassVar

from admin import addresses
from admin.ledgers import cells, narrowing, sending
from admin.office import standings
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.filters import day
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Link, Tab, Wanted
from dues.access.permissions import Permission
from dues.members.membership_list import MembershipsWanted, memberships
from dues.paging import Page
from language import gettext_noop as _
from language import pgettext_noop as _p
from web.house import session


class MembershipsView(LedgerView):
    """Every membership, the newest first."""

    door = "memberships"
    address = "/admin/memberships"
    takes_out = "memberships"
    words = _("Memberships")
    doors: ClassVar[Doors] = {"index_view": Permission.MEMBERS_READ}
    search = _("Name of the member, in any order")
    tabs = (
        Tab("", _p("memberships", "All")),
        Tab("applied", _p("memberships", "Applied for")),
        Tab("active", _p("memberships", "Active")),
        Tab("resting", _p("memberships", "Resting")),
        Tab("ended", _p("memberships", "Ended")),
    )
    columns = (
        Column("name", _("Member"), lambda row: row.name),
        Column("type", _("Type"), lambda row: cells.called(row.type_names)),
        Column("group", _("Group")),
        Column("status", _("Status"), lambda row: cells.badges([standings.membership(row.status)])),
        Column("joined", _("Joined"), lambda row: cells.day(row.joined_on)),
        Column("ended", _("Ended on"), lambda row: cells.day(row.ended_on)),
        Column("paid", _("Paid through"), lambda row: cells.day(row.paid_through)),
    )
    filters = (
        narrowing.group(),
        narrowing.membership_type(),
        day("paid-before", _("Paid through before")),
        day("paid-after", _("Paid through after")),
    )
    nothing = _("There is no membership yet. They come in by joining, or with an import.")

    def asked(self, wanted: Wanted) -> MembershipsWanted:
        """Return what is wanted as the list is asked."""
        values = wanted.values
        return MembershipsWanted(
            search=wanted.search,
            standing=wanted.view,
            below=narrowing.below(values.get("group")),
            type_id=int(values["type"]) if "type" in values else None,
            paid_before=values.get("paid-before"),
            paid_after=values.get("paid-after"),
        )

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of memberships."""
        return memberships(session(), self.asked(wanted), at=wanted.place)

    @property
    def neighbours(self) -> list[Link]:
        """Beside the list stands what can be sent to whom it shows."""
        return [*super().neighbours, *sending.to_these()]

    def link(self, row: Any) -> str:
        """A row leads to the member's file."""
        return addresses.person(row.person)
