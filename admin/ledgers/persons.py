"""The list of persons."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from markupsafe import Markup

from admin import addresses
from admin.ledgers import cells, narrowing, sending
from admin.office import standings
from admin.tables.base import Doors
from admin.tables.columns import NOTHING, Column
from admin.tables.filters import Choices, choice
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Link, Wanted
from dues.access.permissions import Permission
from dues.members.models import MembershipStatus
from dues.members.person_list import PersonRow, PersonsWanted, ReadAs, persons
from dues.paging import Page
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, ngettext

_READ_AS: Final[Mapping[ReadAs, str]] = {
    ReadAs.FAMILY: _("Many are called so. Those whose family name begins so are shown; write more to find others."),
    ReadAs.GIVEN: _("Many are called so. Those whose first name begins so are shown; write more to find others."),
}


def _statuses() -> Choices:
    return [(status.value, standings.membership(status).word) for status in MembershipStatus]


def _mail() -> Choices:
    return narrowing.words_of([("with", _("With an address")), ("without", _("Without, so letters are sent"))])


def _name(row: PersonRow) -> str:
    return ", ".join(part for part in (row.family_name, row.given_name) if part)


def _belongs(row: PersonRow) -> str | Markup:
    """Say what somebody belongs to first; the file tells the rest."""
    if not row.belongings:
        return NOTHING
    first, *more = row.belongings
    others = ngettext("and %(num)s more", "and %(num)s more", len(more)) if more else ""
    return cells.under(cells.called(first.type_names), " · ".join(part for part in (first.group, others) if part))


def _stands(row: PersonRow) -> str | Markup:
    if row.deceased:
        return cells.badges([standings.membership(MembershipStatus.DECEASED)])
    return cells.badges([standings.membership(row.belongings[0].status)]) if row.belongings else NOTHING


class PersonsView(LedgerView):
    """Everybody in the register, by name."""

    door = "persons"
    address = "/admin/persons"
    takes_out = "persons"
    words = _("Persons")
    doors: ClassVar[Doors] = {"index_view": Permission.MEMBERS_READ}
    search = _("Name in any order, or e-mail address")
    columns = (
        Column("name", _("Name"), _name, order="name"),
        Column("born", _("Born"), lambda row: cells.day(row.birth_date)),
        Column("email", _("E-mail address"), lambda row: row.email),
        Column("city", _("Place"), lambda row: row.city),
        Column("belongs", _("Membership"), _belongs),
        Column("status", _("Status"), _stands),
    )
    orders = ("name",)
    filters = (
        narrowing.group(),
        narrowing.membership_type(),
        choice("status", _("Status"), _statuses),
        narrowing.country(),
        choice("mail", _("E-mail address"), _mail),
    )
    nothing = _("Nobody is registered yet. Persons come in by joining, or with an import.")

    def asked(self, wanted: Wanted) -> PersonsWanted:
        """Return what is wanted as the list is asked."""
        values = wanted.values
        return PersonsWanted(
            search=wanted.search,
            below=narrowing.below(values.get("group")),
            type_id=int(values["type"]) if "type" in values else None,
            status=MembershipStatus(values["status"]) if "status" in values else None,
            country=values.get("country", ""),
            with_email=values["mail"] == "with" if "mail" in values else None,
            descending=wanted.descending,
        )

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of persons."""
        page, read_as = persons(session(), self.asked(wanted), at=wanted.place)
        self._template_args["said"] = gettext(_READ_AS[read_as]) if read_as else ""
        return page

    @property
    def neighbours(self) -> list[Link]:
        """Beside the list stands what can be sent to whom it shows."""
        return [*super().neighbours, *sending.to_these()]

    def link(self, row: Any) -> str:
        """A row leads to the person's file."""
        return addresses.person(row.public_id)
