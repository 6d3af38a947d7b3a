"""The list of claims: a page of it at a time, by due day, the longest due first, narrowed by what people ask for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from dues.groups.currencies import unusual, within
from dues.groups.models import Creditor
from dues.invoicing.invoice_list import owed
from dues.invoicing.models import Claim, Invoice
from dues.invoicing.standing import Settlement, settlement
from dues.members.called import called
from dues.members.models import Person
from dues.paging import Page, Place, Walk, Wish, counted, found, read_page

_WALK: Final = Walk(Claim, ("due_on", "id"), "id")


@dataclass(frozen=True, slots=True)
class ClaimsWanted:
    """What a list of claims is narrowed by; None and nothing narrow nothing.

    ``standing`` is open, overdue, reminded, exhausted (no reminder is left to send), held or ended. ``overdue_from``
    and ``overdue_to`` are days past the due day, both within; ``level`` is how often it was reminded of.
    """

    search: str = ""
    standing: str = ""
    debtor: UUID | None = None
    creditor_id: int | None = None
    overdue_from: int | None = None
    overdue_to: int | None = None
    level: int | None = None
    least: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as a list shows it; amounts in minor units, ``days`` past the due day (0 where it is not)."""

    invoice: UUID
    number: str
    debtor: UUID
    name: str
    creditor: str
    due_on: dt.date
    days: int
    amount: int
    open_amount: int
    currency: str
    settled: Settlement
    dunning_level: int
    dunned_on: dt.date | None
    hold_reason: str | None
    held_until: dt.date | None


def claims(session: Session, wanted: ClaimsWanted, *, on: dt.date, at: Place | None, rows: int = 50) -> Page[ClaimRow]:
    """Return a page of claims as they stand on a day."""
    page = read_page(session, _walk(wanted, on=on), at=at, wishes=_wishes(session, wanted, on=on), rows=rows)
    drawn = _rows(session, [one.id for one in page.rows], on=on)
    return page.turned(lambda one: drawn[one.id])


def how_many_claims(session: Session, wanted: ClaimsWanted, *, on: dt.date) -> int:
    """Return how many claims the list has in all, for work in the background."""
    return counted(session, _walk(wanted, on=on), wishes=_wishes(session, wanted, on=on))


def _walk(wanted: ClaimsWanted, *, on: dt.date) -> Walk:
    """Return the way along due days: all of them, or only of what was ever reminded of or held, the longest due first.

    An index of what is open would make every settlement a quarter dearer; reminded and held ones change seldom.
    """
    latest = on - dt.timedelta(days=max(wanted.overdue_from or 1, 1))
    if wanted.standing == "overdue" or wanted.overdue_from is not None:
        walk = _WALK.along(Claim.due_on <= latest)
    else:
        walk = _WALK
    if wanted.overdue_to is not None:
        walk = walk.along(Claim.due_on >= on - dt.timedelta(days=wanted.overdue_to))
    if wanted.standing == "held":
        return walk.along(Claim.hold_reason.is_not(None))
    if wanted.standing in {"reminded", "exhausted"} or wanted.level:
        return walk.along(Claim.dunning_level > 0)
    return walk.turned(descending=True)


def _wishes(session: Session, wanted: ClaimsWanted, *, on: dt.date) -> list[Wish]:
    """Return the wishes, those first that usually find the fewest rows."""
    wishes = []
    if wanted.search:
        wishes.append(called(session, wanted.search, column="debtor_id"))
    if wanted.debtor is not None:
        debtor = select(Person.id).where(Person.uuid == wanted.debtor).scalar_subquery()
        wishes.append(found(lambda table: table.debtor_id == debtor))
    if wanted.standing or wanted.overdue_from is not None:
        wishes.append(Wish(lambda table: _stands(table, wanted.standing, on=on)))
    if wanted.level is not None:
        wishes.append(Wish(lambda table: table.dunning_level == wanted.level))
    if wanted.creditor_id is not None:
        wishes.append(Wish(lambda table: table.creditor_id == wanted.creditor_id))
    if wanted.least is not None:
        other = unusual(session)
        wishes.append(Wish(lambda table: within(table.open_amount, table.currency, wanted.least, None, other=other)))
    return wishes


def _stands(table: Any, standing: str, *, on: dt.date) -> ColumnElement[bool]:
    if standing == "ended":
        return table.ended.is_not(None)  # type: ignore[no-any-return]  # a column of an alias
    if standing == "exhausted":
        most = select(Creditor.max_reminders).where(Creditor.id == table.creditor_id).scalar_subquery()
        return and_(table.ended.is_(None), table.dunning_level >= most)
    if standing == "held":
        return and_(table.ended.is_(None), or_(table.held_until.is_(None), table.held_until >= on))
    return table.ended.is_(None)  # type: ignore[no-any-return]  # a column of an alias


def _rows(session: Session, ids: Sequence[int], *, on: dt.date) -> dict[int, ClaimRow]:
    wanted = (
        select(Claim, Invoice, Person, Creditor.name)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .join(Person, Person.id == Claim.debtor_id)
        .join(Creditor, Creditor.id == Claim.creditor_id)
        .where(Claim.id.in_(ids))
    )
    found_rows = session.execute(wanted)
    return {one.id: _row(one, invoice, debtor, creditor, on=on) for one, invoice, debtor, creditor in found_rows}


def _row(one: Claim, invoice: Invoice, debtor: Person, creditor: str, *, on: dt.date) -> ClaimRow:
    return ClaimRow(
        invoice=invoice.uuid,
        number=invoice.called,
        debtor=debtor.uuid,
        name=f"{debtor.given_name} {debtor.family_name}".strip(),
        creditor=creditor,
        due_on=one.due_on,
        days=max((on - one.due_on).days, 0) if one.ended is None else 0,
        amount=one.amount,
        open_amount=one.open_amount,
        currency=one.currency,
        settled=settlement(owed(one), on=on),
        dunning_level=one.dunning_level,
        dunned_on=one.dunned_on,
        hold_reason=one.hold_reason,
        held_until=one.held_until,
    )
