"""Funds that people give for: opened with an income account of their own, renamed, closed, never taken away."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.editing import EditingError, GoneError, MissingError, held
from dues.groups.models import Creditor, Overpaid
from dues.journal.side_accounts import open_fund
from dues.paging import Page, Place, Walk, read_page
from dues.payments.gifts.models import Fund

_WALK = Walk(Fund, ("id",), "uuid")


class FundInUseError(EditingError):
    """A fund cannot be closed while gifts come for it by rule."""

    def __init__(self) -> None:
        super().__init__("Money that is paid too much is given for this fund by rule.")


@dataclass(frozen=True, slots=True)
class ListedFund:
    """A fund in a list, and whose it is."""

    fund: Fund
    creditor: str


def add_fund(session: Session, *, creditor_id: int, names: Mapping[str, str]) -> Fund:
    """Open a fund of a creditor. Raises MissingError, GoneError and NoBooksError."""
    if not names:
        raise MissingError("names")
    creditor = session.get(Creditor, creditor_id)
    if creditor is None:
        raise GoneError("creditor")
    account = open_fund(session, creditor=creditor, names=dict(names))
    fund = Fund(creditor_id=creditor_id, names=dict(names), account_id=account.id)
    session.add(fund)
    session.flush()
    return fund


def change_fund(session: Session, *, fund_id: int, names: Mapping[str, str], closed: bool) -> Fund:
    """Rename a fund, close it or open it again. Raises MissingError, GoneError and FundInUseError."""
    if not names:
        raise MissingError("names")
    fund = held(session, Fund, fund_id)
    used = select(Creditor.id).where(Creditor.gift_fund_id == fund_id, Creditor.overpaid == Overpaid.GIFT)
    if closed and session.scalar(used.limit(1)) is not None:
        raise FundInUseError
    fund.names, fund.closed = dict(names), closed
    session.flush()
    return fund


def funds_page(session: Session, *, at: Place | None = None) -> Page[ListedFund]:
    """Return a page of funds, as they were opened."""
    page = read_page(session, _WALK, at=at)
    named = dict(
        session.execute(
            select(Creditor.id, Creditor.name).where(Creditor.id.in_({fund.creditor_id for fund in page.rows}))
        ).all()
    )
    return page.turned(lambda fund: ListedFund(fund, named.get(fund.creditor_id, "")))


def open_funds(session: Session) -> list[Fund]:
    """Return the funds that money may be given for."""
    return list(session.scalars(select(Fund).where(~Fund.closed).order_by(Fund.id)))
