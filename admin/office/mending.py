"""What somebody can do about a row that was left out: words, and where it is done."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from admin import addresses
from language import gettext_noop as _
from web.speech import gettext, reader

Mending = tuple[str, str]
"""Words and address; the address is empty where the desk has no such page."""


def _table(endpoint: str) -> Callable[[UUID], str]:
    return lambda _person: addresses.address(endpoint)


_WAYS: Final[Mapping[str, tuple[str, Callable[[UUID], str]]]] = {
    "no address": (_("Add an address"), addresses.person),
    "no creditor": (_("Give the group a creditor"), _table("groups.index_view")),
    "no bank agreement": (_("Add an account to pay to"), _table("agreements.index_view")),
    "incomplete price": (_("Add the price"), _table("prices.index_view")),
    "no posting rule": (_("Add the booking rule"), _table("accounts.index_view")),
    "free": (_("Look at the prices"), _table("prices.index_view")),
    "zero amount": (_("Look at the prices"), _table("prices.index_view")),
    "creditor sends no reminders": (_("Look at the creditor"), _table("creditors.index_view")),
}


def mending(reason: str, person: UUID) -> Mending:
    """Return what can be done about a row of a person that was left out for a reason: at least, look at the person."""
    words, where = _WAYS.get(reason, (_("Look at the person"), addresses.person))
    return reader().gettext(words), where(person)


_BY_ITSELF: Final = frozenset({"paid", "part-paid", "needs two persons"})
"""Reasons for leaving an invoice of an undone run alone that do not keep anybody from crediting it by itself."""


def crediting(reason: str, invoice: UUID) -> Mending:
    """Return what can be done about an invoice that undoing its run left alone: at least, look at it."""
    if reason in _BY_ITSELF and (there := addresses.address("bill_credit.ask", public_id=invoice)):
        return gettext(_("Credit it by itself")), there
    return gettext(_("Look at the invoice")), addresses.invoice(invoice)
