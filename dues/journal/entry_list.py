"""The journal to look at: entries a page at a time, newest first, the postings of one, and accounts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from dues.groups.currencies import unusual, within
from dues.groups.models import Creditor
from dues.journal.coding import contents
from dues.journal.models import Account, AccountKind, AccountRole, Entry, Posting
from dues.paging import Page, Place, Walk, Wish, counted, found, read_page

_WALK: Final = Walk(Entry, ("on_date", "id"), "id", descending=True)
# What takes back what was booked before; only some of it takes back a whole entry.
_CORRECTIONS: Final = ("credit note", "allocation taken back")
_POSTINGS: Final = Walk(Posting, ("id",), "id")


@dataclass(frozen=True, slots=True)
class EntriesWanted:
    """What the journal is narrowed by; None and nothing narrow nothing. Days are both within.

    ``descending`` puts the newest first.
    """

    number: int | None = None
    creditor_id: int | None = None
    event: str = ""
    from_on: dt.date | None = None
    to_on: dt.date | None = None
    corrections: bool = False
    descending: bool = True


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as a list shows it; ``reverses`` is the number of the entry that it takes back."""

    id: int
    number: int
    creditor: str
    on_date: dt.date
    event: str
    description: str
    actor: str
    run: int | None
    reverses_id: int | None
    reverses: int | None
    reversed_by: int | None
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A posting as a list shows it: accounts by code and names, amount in minor units, and what it is about."""

    id: int
    entry_id: int
    debit: str
    debit_names: Mapping[str, str]
    credit: str
    credit_names: Mapping[str, str]
    amount: int
    currency: str
    on_date: dt.date
    value_date: dt.date
    claim_id: int | None
    payment_id: int | None
    person_id: int | None
    coding: Sequence[Mapping[str, Any]] = ()
    """``names`` and ``code`` of each of its dimensions."""


@dataclass(frozen=True, slots=True)
class PostingsWanted:
    """What a list of postings is narrowed by; None and nothing narrow nothing. Days are both within."""

    entry_id: int | None = None
    account_id: int | None = None
    claim_id: int | None = None
    payment_id: int | None = None
    from_on: dt.date | None = None
    to_on: dt.date | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as a list shows it."""

    id: int
    creditor: str
    code: str
    names: Mapping[str, str]
    kind: AccountKind
    role: AccountRole
    currency: str


def entries(session: Session, wanted: EntriesWanted, *, at: Place | None, rows: int = 50) -> Page[EntryRow]:
    """Return a page of entries."""
    page = read_page(session, _walk(wanted), at=at, wishes=_wishes(wanted), rows=rows)
    drawn = _rows(session, [one.id for one in page.rows])
    return page.turned(lambda one: drawn[one.id])


def how_many_entries(session: Session, wanted: EntriesWanted) -> int:
    """Return how many entries the list has in all, for work in the background."""
    return counted(session, _walk(wanted), wishes=_wishes(wanted))


def entry(session: Session, *, entry_id: int) -> EntryRow | None:
    """Return one entry."""
    return _rows(session, [entry_id]).get(entry_id)


def postings(session: Session, wanted: PostingsWanted, *, at: Place | None, rows: int = 50) -> Page[PostingRow]:
    """Return a page of postings, newest first; those of one entry, of which a run's has thousands, as it wrote them."""
    walk = _POSTINGS.turned(descending=wanted.entry_id is None)
    page = read_page(session, walk, at=at, wishes=_of_posting(session, wanted), rows=rows)
    debit, credit = aliased(Account), aliased(Account)
    lines = (
        select(Posting, debit, credit)
        .join(debit, debit.id == Posting.debit_account_id)
        .join(credit, credit.id == Posting.credit_account_id)
        .where(Posting.id.in_([one.id for one in page.rows]))
    )
    found_lines = session.execute(lines).all()
    codings = contents(session, codings=[one.coding_id for one, _debited, _credited in found_lines])
    drawn = {
        one.id: _posting(one, debited, credited, codings.get(one.coding_id or 0, ()))
        for one, debited, credited in found_lines
    }
    return page.turned(lambda one: drawn[one.id])


def accounts(session: Session, *, creditor_id: int | None = None) -> Sequence[AccountRow]:
    """Return the accounts of all creditors or of one, by creditor and code."""
    wanted = select(Account, Creditor.name).join(Creditor, Creditor.id == Account.creditor_id)
    if creditor_id is not None:
        wanted = wanted.where(Account.creditor_id == creditor_id)
    ordered = wanted.order_by(Creditor.name, Account.code, Account.id)
    return [
        AccountRow(one.id, creditor, one.code, one.names, one.kind, one.role, one.currency)
        for one, creditor in session.execute(ordered)
    ]


def _walk(wanted: EntriesWanted) -> Walk:
    """Days are the journal's own key: its index leads to them."""
    days: list[ColumnElement[bool]] = []
    if wanted.from_on is not None:
        days.append(Entry.on_date >= wanted.from_on)
    if wanted.to_on is not None:
        days.append(Entry.on_date <= wanted.to_on)
    return _WALK.along(*days).turned(descending=wanted.descending)


def _wishes(wanted: EntriesWanted) -> list[Wish]:
    """Return the wishes, those first that usually find the fewest rows."""
    wishes = []
    if wanted.number is not None:
        numbered = select(Entry.id).where(Entry.creditor_id.in_(select(Creditor.id)), Entry.number == wanted.number)
        wishes.append(found(lambda table: table.id.in_(numbered)))
    if wanted.corrections:
        wishes.append(Wish(lambda table: or_(table.reverses_id.is_not(None), table.event.in_(_CORRECTIONS))))
    if wanted.creditor_id is not None:
        wishes.append(found(lambda table: table.creditor_id == wanted.creditor_id))
    if wanted.event:
        wishes.append(Wish(lambda table: table.event == wanted.event))
    return wishes


def _of_posting(session: Session, wanted: PostingsWanted) -> list[Wish]:
    """Return the wishes; what one statement wrote lies together, so that a coarse index finds it."""
    wishes = []
    if wanted.entry_id is not None:
        wishes.append(found(lambda table: table.entry_id == wanted.entry_id))
    if wanted.claim_id is not None:
        wishes.append(found(lambda table: table.claim_id == wanted.claim_id))
    if wanted.payment_id is not None:
        wishes.append(found(lambda table: table.payment_id == wanted.payment_id))
    if wanted.account_id is not None:
        account = wanted.account_id
        wishes.append(Wish(lambda table: or_(table.debit_account_id == account, table.credit_account_id == account)))
    if wanted.from_on is not None:
        wishes.append(Wish(lambda table: table.on_date >= wanted.from_on))
    if wanted.to_on is not None:
        wishes.append(Wish(lambda table: table.on_date <= wanted.to_on))
    if wanted.least is not None or wanted.most is not None:
        other = unusual(session)
        wishes.append(Wish(lambda table: within(table.amount, table.currency, wanted.least, wanted.most, other=other)))
    return wishes


def _rows(session: Session, ids: Sequence[int]) -> dict[int, EntryRow]:
    reversed_one, later = aliased(Entry), aliased(Entry)
    wanted = (
        select(Entry, Creditor.name, reversed_one.number, later.id)
        .join(Creditor, Creditor.id == Entry.creditor_id)
        .outerjoin(reversed_one, reversed_one.id == Entry.reverses_id)
        .outerjoin(later, later.reverses_id == Entry.id)
        .where(Entry.id.in_(ids))
    )
    found_rows = session.execute(wanted)
    return {one.id: _row(one, creditor, reverses, by) for one, creditor, reverses, by in found_rows}


def _row(one: Entry, creditor: str, reverses: int | None, reversed_by: int | None) -> EntryRow:
    return EntryRow(
        id=one.id,
        number=one.number,
        creditor=creditor,
        on_date=one.on_date,
        event=one.event,
        description=one.description,
        actor=one.actor,
        run=one.run_id,
        reverses_id=one.reverses_id,
        reverses=reverses,
        reversed_by=reversed_by,
        recorded_at=one.recorded_at,
    )


def _posting(one: Posting, debit: Account, credit: Account, coding: Sequence[Mapping[str, Any]]) -> PostingRow:
    return PostingRow(
        id=one.id,
        entry_id=one.entry_id,
        debit=debit.code,
        debit_names=debit.names,
        credit=credit.code,
        credit_names=credit.names,
        amount=one.amount,
        currency=one.currency,
        on_date=one.on_date,
        value_date=one.value_date,
        claim_id=one.claim_id,
        payment_id=one.payment_id,
        person_id=one.person_id,
        coding=coding,
    )
