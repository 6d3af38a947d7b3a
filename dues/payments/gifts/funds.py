"""Funds that people give for: opened with an income account of their own, renamed, closed, never taken away."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dues.editing import EditingError, GoneError, MissingError, held
from dues.groups.models import Creditor, Overpaid
from dues.journal.fund_models import Fund
from dues.journal.side_accounts import open_fund
from dues.paging import Page, Place, Walk, read_page

_WALK = Walk(Fund, ("id",), "uuid")


class FundInUseError(EditingError):
    """A fund cannot be closed while gifts come for it by rule."""

    def __init__(self) -> None:
        super().__init__("Money that is paid too much is given for this fund by rule, or invoices invite to.")


@dataclass(frozen=True, slots=True)
class ListedFund:
    """A fund in a list, and whose it is."""

    fund: Fund
    creditor: str


def add_fund(session: Session, *, creditor_id: int, names: Mapping[str, str], offered: bool = True) -> Fund:
    """Open a fund of a creditor. Raises MissingError, GoneError and NoBooksError."""
    if not names:
        raise MissingError("names")
    creditor = session.get(Creditor, creditor_id)
    if creditor is None:
        raise GoneError("creditor")
    account = open_fund(session, creditor=creditor, names=dict(names))
    fund = Fund(creditor_id=creditor_id, names=dict(names), account_id=account.id, offered=offered)
    session.add(fund)
    session.flush()
    return fund


def change_fund(
    session: Session, *, fund_id: int, names: Mapping[str, str], closed: bool, offered: bool = True
) -> Fund:
    """Rename a fund, offer it to members or not, close it or open it again.

    Raises MissingError, GoneError and FundInUseError.
    """
    if not names:
        raise MissingError("names")
    fund = held(session, Fund, fund_id)
    used = select(Creditor.id).where(
        Creditor.gift_fund_id == fund_id, or_(Creditor.overpaid == Overpaid.GIFT, Creditor.invites_gifts)
    )
    if closed and session.scalar(used.limit(1)) is not None:
        raise FundInUseError
    fund.names, fund.closed, fund.offered = dict(names), closed, offered
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
