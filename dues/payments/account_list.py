"""Bank accounts as an economist looks at them: what each statement said last, and whether something is missing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from dues.groups.models import CASH, WITHIN, BankAgreement, Creditor
from dues.paging import Page, Place, Walk, read_page
from dues.payments.models import BankSection
from dues.payments.statement_models import BankGap

_WALK = Walk(BankAgreement, ("id",), "id")
_OF_BANKS = BankAgreement.scheme.not_in(WITHIN)


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account of ours: when a file told of it last, its last balance (minor units) and day, and what is missing."""

    id: int
    scheme: str
    number: str
    currency: str
    creditor_id: int
    creditor: str
    heard_on: dt.date | None
    balance: int | None
    balance_on: dt.date | None
    gaps: int


def bank_accounts(session: Session, *, missing: bool, at: Place | None, cash: bool = False) -> Page[BankAccount]:
    """Return a page of accounts in the order they were made; only those on which something is ``missing``, or all.

    With ``cash`` what officers receive themselves is among them, of which no bank tells.
    """
    walk = _WALK.along(_has_gap()) if missing else _WALK
    if not cash:
        walk = walk.along(_OF_BANKS)
    page = read_page(session, walk, at=at)
    found = {one.id: one for one in _told(session, [row.id for row in page.rows])}
    return page.turned(lambda row: found[row.id])


def bank_account(session: Session, *, agreement_id: int, cash: bool = False) -> BankAccount | None:
    """Return one account, None where there is none such."""
    found = next(iter(_told(session, [agreement_id])), None)
    return None if found is not None and found.scheme == CASH and not cash else found


def account_currencies(session: Session) -> Sequence[str]:
    """Return the currencies of all accounts."""
    return session.scalars(select(BankAgreement.currency).distinct().order_by(BankAgreement.currency)).all()


def _has_gap() -> ColumnElement[bool]:
    return BankAgreement.id.in_(select(BankGap.agreement_id).where(BankGap.closed_at.is_(None)))


def _told(session: Session, ids: list[int]) -> list[BankAccount]:
    """Return what is to be told of some accounts, in one statement."""
    newest = (
        select(BankSection.created_on)
        .where(BankSection.agreement_id == BankAgreement.id)
        .order_by(BankSection.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    last = (
        select(BankSection.closing_balance, BankSection.closing_on)
        .where(BankSection.agreement_id == BankAgreement.id, BankSection.closing_on.is_not(None))
        .order_by(BankSection.closing_on.desc(), BankSection.id.desc())
        .limit(1)
        .lateral()
    )
    gaps = (
        select(func.count())
        .where(BankGap.agreement_id == BankAgreement.id, BankGap.closed_at.is_(None))
        .scalar_subquery()
    )
    wanted = (
        select(BankAgreement, Creditor.name, newest, last.c.closing_balance, last.c.closing_on, gaps)
        .join(Creditor, Creditor.id == BankAgreement.creditor_id)
        .outerjoin(last, last.c.closing_on.is_not(None))
        .where(BankAgreement.id.in_(ids))
    )
    return [
        BankAccount(
            id=one.id,
            scheme=one.scheme,
            number=one.number,
            currency=one.currency,
            creditor_id=one.creditor_id,
            creditor=creditor,
            heard_on=heard_on,
            balance=balance,
            balance_on=balance_on,
            gaps=count,
        )
        for one, creditor, heard_on, balance, balance_on, count in session.execute(wanted)
    ]
