"""The list of claims."""

from typing import Any, ClassVar, Final

from markupsafe import Markup

from admin import addresses
from admin.ledgers import cells, narrowing
from admin.ledgers.invoices import standing
from admin.tables.base import Doors
from admin.tables.columns import NOTHING, Column
from admin.tables.filters import Choices, amount, choice
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Tab, Wanted
from dues.access.permissions import Permission
from dues.invoicing.claim_list import ClaimRow, ClaimsWanted, claims
from dues.paging import Page
from language import gettext_noop as _
from language import pgettext_noop as _p
from web.house import session
from web.speech import gettext, ngettext
from web.today import today

_AGES: Final = {
    "30": (1, 30, _("1 to 30 days")),
    "60": (31, 60, _("31 to 60 days")),
    "90": (61, 90, _("61 to 90 days")),
    "older": (91, None, _("More than 90 days")),
}


def _ages() -> Choices:
    return [(age, gettext(words)) for age, (_from, _to, words) in _AGES.items()]


def _debtor(row: ClaimRow) -> str | Markup:
    return narrowing.owed_to(cells.link(row.name, addresses.person(row.debtor)), row.creditor)


def _days(row: ClaimRow) -> str:
    return ngettext("%(num)s day", "%(num)s days", row.days) if row.days else NOTHING


def _stands(row: ClaimRow) -> Markup:
    return cells.badges(standing(row, on=today()))


class ClaimsView(LedgerView):
    """Every amount that is owed or was, by its due day."""

    door = "claims"
    address = "/admin/claims"
    takes_out = "claims"
    words = _("Claims")
    doors: ClassVar[Doors] = {"index_view": Permission.INVOICES_READ}
    search = _("Name of who owes it, in any order")
    tabs = (
        Tab("", _p("claims", "All")),
        Tab("open", _p("claims", "Open")),
        Tab("overdue", _p("claims", "Overdue")),
        Tab("reminded", _p("claims", "Reminded of")),
        Tab("exhausted", _p("claims", "All reminders sent")),
        Tab("held", _p("claims", "On hold")),
        Tab("ended", _p("claims", "Ended")),
    )
    columns = (
        Column("number", _("Invoice"), lambda row: cells.number(row.number)),
        Column("debtor", _("Owed by"), _debtor),
        Column("due", _("Due"), lambda row: cells.day(row.due_on)),
        Column("days", _("Past due"), _days, number=True),
        Column("amount", _("Amount"), lambda row: cells.amount(row.amount, row.currency), number=True),
        Column("left", _("Left to pay"), lambda row: cells.amount(row.open_amount, row.currency), number=True),
        Column("status", _("Status"), _stands),
    )
    filters = (
        narrowing.person("debtor", _("Owed by")),
        choice("age", _("Past due"), _ages),
        narrowing.level(),
        narrowing.creditor(),
        amount("least", _("Open amount from")),
    )
    nothing = _("Nobody owes anything yet. Each invoice becomes a claim.")

    def asked(self, wanted: Wanted) -> ClaimsWanted:
        """Return what is wanted as the list is asked."""
        values = wanted.values
        first, last, _words = _AGES[values["age"]] if "age" in values else (None, None, "")
        return ClaimsWanted(
            search=wanted.search,
            standing=wanted.view,
            debtor=values.get("debtor"),
            creditor_id=int(values["creditor"]) if "creditor" in values else None,
            overdue_from=first,
            overdue_to=last,
            level=int(values["level"]) if "level" in values else None,
            least=values.get("least"),
        )

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of claims."""
        return claims(session(), self.asked(wanted), on=today(), at=wanted.place)

    def link(self, row: Any) -> str:
        """A row leads to the invoice that the claim is of."""
        return addresses.invoice(row.invoice)
