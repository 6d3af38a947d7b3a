"""Postings by account, and the accounts that they are booked on."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from flask import url_for
from markupsafe import Markup

from admin import addresses
from admin.ledgers import cells, narrowing
from admin.tables.base import Doors
from admin.tables.columns import NOTHING, Column
from admin.tables.filters import Choices, Filter, amount, choice, day, read_number
from admin.tables.ledger_view import LedgerView
from admin.tables.listing import Wanted
from dues.access.permissions import Permission
from dues.journal.entry_list import AccountRow, PostingsWanted, accounts
from dues.journal.models import AccountKind
from dues.overview.posted import Posted, posted
from dues.paging import Page
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, named

_KINDS: Final[Mapping[AccountKind, str]] = {
    AccountKind.ASSET: _("What we have"),
    AccountKind.LIABILITY: _("What we owe"),
    AccountKind.INCOME: _("Income"),
    AccountKind.EXPENSE: _("Expense"),
}


def _debit(row: Posted) -> Markup:
    return cells.under(cells.number(row.posting.debit), cells.called(row.posting.debit_names))


def _credit(row: Posted) -> Markup:
    return cells.under(cells.number(row.posting.credit), cells.called(row.posting.credit_names))


def _about(row: Posted) -> str | Markup:
    """Say which invoice or payment a posting is about."""
    if row.invoice is not None:
        words = gettext(_("Invoice %(number)s"), number=row.number)
        return cells.under(cells.link(words, addresses.invoice(row.invoice)), coding_words(row.posting.coding))
    if row.posting.payment_id is not None:
        return cells.link(gettext(_("Payment")), addresses.payment(row.posting.payment_id))
    return NOTHING


def coding_words(coding: Sequence[Mapping[str, Any]]) -> str:
    """Return the dimensions of a posting with their codes."""
    return " · ".join(f"{named(one['names'])} {one['code']}" for one in coding)


def _who(row: Posted) -> str | Markup:
    return cells.link(row.name, addresses.person(row.person)) if row.person else NOTHING


COLUMNS: Final = (
    Column("date", _("Date"), lambda row: cells.day(row.posting.on_date)),
    Column("debit", _("Debit"), _debit),
    Column("credit", _("Credit"), _credit),
    Column("amount", _("Amount"), lambda row: cells.amount(row.posting.amount, row.posting.currency), number=True),
    Column("about", _("About"), _about),
    Column("who", _("Person"), _who),
)


def _accounts() -> Choices:
    found = accounts(session())
    several = len({one.creditor for one in found}) > 1
    return [(str(one.id), _account_words(one, several=several)) for one in found]


def _account_words(one: AccountRow, *, several: bool) -> str:
    words = f"{one.code} {cells.called(one.names)}"
    return f"{words} ({one.creditor})" if several else words


class PostingsView(LedgerView):
    """Every transfer from one account to another, the newest first."""

    door = "postings"
    address = "/admin/postings"
    words = _("Postings")
    doors: ClassVar[Doors] = {"index_view": Permission.JOURNAL_READ}
    columns = COLUMNS
    filters = (
        choice("account", _("Account"), _accounts),
        day("from", _("From")),
        day("to", _("To")),
        amount("least", _("Amount from")),
        amount("most", _("Amount to")),
        Filter("payment", _("Payment"), "hidden", read=read_number, say=str),
    )
    nothing = _("Nothing has been booked yet. The first invoice is the first entry.")

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of postings."""
        values = wanted.values
        asked = PostingsWanted(
            account_id=int(values["account"]) if "account" in values else None,
            payment_id=values.get("payment"),
            from_on=values.get("from"),
            to_on=values.get("to"),
            least=values.get("least"),
            most=values.get("most"),
        )
        return posted(session(), asked, at=wanted.place)

    def link(self, row: Any) -> str:
        """A row leads to its entry."""
        return url_for("journal.entry", entry_id=row.posting.entry_id)


class AccountsView(LedgerView):
    """The accounts of each creditor's books."""

    door = "accounts"
    address = "/admin/accounts"
    words = _("Accounts")
    doors: ClassVar[Doors] = {"index_view": Permission.JOURNAL_READ}
    columns = (
        Column("code", _("Account"), lambda row: cells.number(row.code)),
        Column("name", _("Name"), lambda row: cells.called(row.names)),
        Column("kind", _("Kind"), lambda row: gettext(_KINDS[row.kind])),
        Column("currency", _("Currency")),
        Column("creditor", _("Creditor")),
    )
    filters = (narrowing.creditor(),)
    nothing = _("There are no books yet. A creditor's are set up with it.")

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return the accounts, all of them: a creditor has a few dozen."""
        creditor = wanted.values.get("creditor")
        return Page(accounts(session(), creditor_id=int(creditor) if creditor else None))

    def link(self, row: Any) -> str:
        """A row leads to the account's postings."""
        return url_for("postings.index_view", account=row.id)
