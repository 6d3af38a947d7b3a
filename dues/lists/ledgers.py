"""The lists that can be taken out: what each is narrowed by, how it is read and counted, and its columns."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from dues.access.permissions import Permission
from dues.invoicing.claim_list import ClaimsWanted, claims, how_many_claims
from dues.invoicing.invoice_list import how_many_invoices, invoices
from dues.invoicing.invoice_wishes import InvoicesWanted
from dues.journal.entry_list import EntriesWanted, entries, how_many_entries
from dues.lists.columns import Column, Words
from dues.lists.errors import NotAListError
from dues.lists.invoice_columns import CLAIMS, INVOICES, Billed, with_more
from dues.lists.member_columns import MEMBERSHIPS, PERSONS, ROLL, Belongs, Reached, with_addresses, with_persons
from dues.lists.money_columns import ENTRIES, MESSAGES, PAYMENTS
from dues.members.membership_list import MembershipsWanted, how_many_memberships, memberships
from dues.members.person_list import PersonsWanted, how_many_persons, persons
from dues.members.roll import RollRow, RollWanted, how_many_on_roll, roll
from dues.overview.message_list import MessagesWanted, how_many_messages, messages
from dues.paging import Page, Place
from dues.payments.payment_list import how_many_payments, payments
from dues.payments.payment_wishes import PaymentsWanted
from language import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which rows of a list are read: as things stand on a day, those behind a key, so many."""

    on: dt.date
    behind: tuple[Any, ...] | None
    rows: int

    @property
    def at(self) -> Place | None:
        """The same as a place of a list."""
        return None if self.behind is None else Place(key=self.behind)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A list: its name, what one must hold to see it, the class of what narrows it, and how it is read and counted.

    A page of rows costs a fixed number of statements, however many rows the list has.
    """

    words: Words
    permission: Permission
    wanted: type[Any]
    columns: Sequence[Column]
    read: Callable[[Session, Any, Stretch], Page[Any]]
    count: Callable[[Session, Any, dt.date], int]


def _invoices(session: Session, wanted: InvoicesWanted, part: Stretch) -> Page[Billed]:
    return with_more(session, invoices(session, wanted, on=part.on, at=part.at, rows=part.rows))


def _persons(session: Session, wanted: PersonsWanted, part: Stretch) -> Page[Reached]:
    page, _read_as = persons(session, wanted, at=part.at, rows=part.rows)
    return with_addresses(session, page)


def _memberships(session: Session, wanted: MembershipsWanted, part: Stretch) -> Page[Belongs]:
    return with_persons(session, memberships(session, wanted, at=part.at, rows=part.rows))


def _roll(session: Session, wanted: RollWanted, part: Stretch) -> Page[RollRow]:
    found = roll(session, wanted, behind=part.behind, limit=part.rows)
    return Page(found, onward=found[-1].key if len(found) == part.rows else None)


LEDGERS: Final[Mapping[str, Ledger]] = {
    "invoices": Ledger(
        *(_("Invoices"), Permission.INVOICES_READ, InvoicesWanted, INVOICES),
        read=_invoices,
        count=lambda session, wanted, on: how_many_invoices(session, wanted, on=on),
    ),
    "persons": Ledger(
        *(_("Persons"), Permission.MEMBERS_READ, PersonsWanted, PERSONS),
        read=_persons,
        count=lambda session, wanted, _on: how_many_persons(session, wanted),
    ),
    "memberships": Ledger(
        *(_("Memberships"), Permission.MEMBERS_READ, MembershipsWanted, MEMBERSHIPS),
        read=_memberships,
        count=lambda session, wanted, _on: how_many_memberships(session, wanted),
    ),
    "members": Ledger(
        *(_("Members"), Permission.MEMBERS_READ, RollWanted, ROLL),
        read=_roll,
        count=lambda session, wanted, _on: how_many_on_roll(session, wanted),
    ),
    "claims": Ledger(
        *(_("Claims"), Permission.INVOICES_READ, ClaimsWanted, CLAIMS),
        read=lambda session, wanted, part: claims(session, wanted, on=part.on, at=part.at, rows=part.rows),
        count=lambda session, wanted, on: how_many_claims(session, wanted, on=on),
    ),
    "payments": Ledger(
        *(_("Payments"), Permission.PAYMENTS_READ, PaymentsWanted, PAYMENTS),
        read=lambda session, wanted, part: payments(session, wanted, at=part.at, rows=part.rows),
        count=lambda session, wanted, _on: how_many_payments(session, wanted),
    ),
    "journal": Ledger(
        *(_("Journal"), Permission.JOURNAL_READ, EntriesWanted, ENTRIES),
        read=lambda session, wanted, part: entries(session, wanted, at=part.at, rows=part.rows),
        count=lambda session, wanted, _on: how_many_entries(session, wanted),
    ),
    "messages": Ledger(
        *(_("Messages"), Permission.MESSAGES_READ, MessagesWanted, MESSAGES),
        read=lambda session, wanted, part: messages(session, wanted, at=part.at, rows=part.rows),
        count=lambda session, wanted, _on: how_many_messages(session, wanted),
    ),
}
"""The lists that can be taken out, by the names that addresses and the command line call them."""


def ledger(name: str) -> Ledger:
    """Return a list by its name; raise NotAListError."""
    if name not in LEDGERS:
        raise NotAListError(name)
    return LEDGERS[name]
