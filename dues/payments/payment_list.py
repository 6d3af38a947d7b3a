"""The list of payments: a page of it at a time, newest first, narrowed by what people ask for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, union_all
from sqlalchemy.orm import Session, aliased

from dues.groups.currencies import unusual, within
from dues.groups.models import Creditor
from dues.invoicing.invoice_wishes import as_number
from dues.invoicing.models import PaymentReference
from dues.paging import Page, Place, Walk, Wish, counted, found, read_page
from dues.payments.models import Allocation, BankFile, CaseReason, Payment, PaymentCase, PaymentDay

_WALK: Final = Walk(Payment, ("booked_on", "id"), "id", descending=True)


@dataclass(frozen=True, slots=True)
class PaymentsWanted:
    """What a list of payments is narrowed by; None and nothing narrow nothing.

    ``search`` is a reference, an account, or a piece of the payer's name; ``standing`` is waiting or matched. Amounts
    are minor units, days are both within. ``descending`` puts the newest first.
    """

    search: str = ""
    standing: str = ""
    file: UUID | None = None
    creditor_id: int | None = None
    booked_from: dt.date | None = None
    booked_to: dt.date | None = None
    least: int | None = None
    most: int | None = None
    descending: bool = True


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as a list shows it; ``waits`` says why it waits for a person, None where it does not."""

    id: int
    booked_on: dt.date
    payer_name: str
    payer_account: str | None
    reference: str | None
    amount: int
    currency: str
    creditor: str
    file: str
    file_id: UUID | None
    waits: CaseReason | None
    unallocated: int


def payments(session: Session, wanted: PaymentsWanted, *, at: Place | None, rows: int = 50) -> Page[PaymentRow]:
    """Return a page of payments."""
    page = read_page(session, _walk(session, wanted), at=at, wishes=_wishes(session, wanted), rows=rows)
    drawn = _rows(session, [one.id for one in page.rows])
    return page.turned(lambda one: drawn[one.id])


def how_many_payments(session: Session, wanted: PaymentsWanted) -> int:
    """Return how many payments the list has in all, for work in the background."""
    return counted(session, _walk(session, wanted), wishes=_wishes(session, wanted))


def _walk(session: Session, wanted: PaymentsWanted) -> Walk:
    """Days are the list's own key: its index leads to them, and a file's days are known."""
    first, last = _days(session, wanted.file) if wanted.file else (None, None)
    days: list[ColumnElement[bool]] = [
        *(Payment.booked_on >= day for day in (wanted.booked_from, first) if day is not None),
        *(Payment.booked_on <= day for day in (wanted.booked_to, last) if day is not None),
    ]
    return _WALK.along(*days).turned(descending=wanted.descending)


def _days(session: Session, file: UUID) -> tuple[dt.date | None, dt.date | None]:
    wanted = select(func.min(PaymentDay.booked_on), func.max(PaymentDay.booked_on))
    first, last = session.execute(wanted.where(PaymentDay.file_id == _file_id(file))).one()
    return first, last


def _file_id(file: UUID) -> Any:
    return select(BankFile.id).where(BankFile.uuid == file).scalar_subquery()


def _wishes(session: Session, wanted: PaymentsWanted) -> list[Wish]:
    """Return the wishes, those first that usually find the fewest rows."""
    wishes = []
    if wanted.search:
        wishes.append(_searched(wanted.search))
    if wanted.standing == "waiting":
        wishes.append(Wish(lambda table: _waits(table.id), _waiting))
    if wanted.standing == "matched":
        wishes.append(Wish(lambda table: ~_waits(table.id)))
    if wanted.file is not None:
        file = wanted.file
        wishes.append(Wish(lambda table: table.file_id == _file_id(file)))
    if wanted.creditor_id is not None:
        wishes.append(Wish(lambda table: table.creditor_id == wanted.creditor_id))
    if wanted.least is not None or wanted.most is not None:
        other = unusual(session)
        wishes.append(Wish(lambda table: within(table.amount, table.currency, wanted.least, wanted.most, other=other)))
    return wishes


def _searched(text: str) -> Wish:
    """Return the wish for a reference or an account, where it could be one, and for a payer's name otherwise.

    A reference is found by what it was used for, or among what still waits: payments themselves have no index of it.
    """
    plain = as_number(text)
    if plain is None:
        return Wish(lambda table: func.strpos(func.lower(table.payer_name), text.lower()) > 0)
    used = (
        select(Allocation.payment_id)
        .join(PaymentReference, PaymentReference.claim_id == Allocation.claim_id)
        .where(PaymentReference.creditor_id.in_(select(Creditor.id)), PaymentReference.value == plain)
    )
    waiting = select(PaymentCase.payment_id).where(PaymentCase.closed_at.is_(None), PaymentCase.reference == plain)
    account = select(Payment.id).where(Payment.payer_account == plain)
    return found(lambda table: table.id.in_(union_all(used, waiting, account)))


def _waiting(table: Any) -> ColumnElement[bool]:
    open_cases = select(PaymentCase.payment_id).where(PaymentCase.closed_at.is_(None))
    return table.id.in_(open_cases)  # type: ignore[no-any-return]  # a column of an alias


def _waits(payment: ColumnElement[int]) -> ColumnElement[bool]:
    case = aliased(PaymentCase)
    # The offset keeps the planner from reading all cases for the few rows of a page.
    return exists(select(case.payment_id).where(case.payment_id == payment, case.closed_at.is_(None)).offset(0))


def _rows(session: Session, ids: Sequence[int]) -> dict[int, PaymentRow]:
    wanted = (
        select(Payment, Creditor.name, BankFile, PaymentCase)
        .join(Creditor, Creditor.id == Payment.creditor_id)
        .outerjoin(BankFile, BankFile.id == Payment.file_id)
        .outerjoin(PaymentCase, (PaymentCase.payment_id == Payment.id) & PaymentCase.closed_at.is_(None))
        .where(Payment.id.in_(ids))
    )
    return {one.id: _row(one, creditor, file, case) for one, creditor, file, case in session.execute(wanted)}


def _row(one: Payment, creditor: str, file: BankFile | None, case: PaymentCase | None) -> PaymentRow:
    return PaymentRow(
        id=one.id,
        booked_on=one.booked_on,
        payer_name=one.payer_name,
        payer_account=one.payer_account,
        reference=one.reference,
        amount=one.amount,
        currency=one.currency,
        creditor=creditor,
        file=file.name if file else "",
        file_id=file.uuid if file else None,
        waits=case.reason if case else None,
        unallocated=case.unallocated if case else 0,
    )
