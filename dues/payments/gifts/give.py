"""Gives a person's credit to a fund, and takes a gift back; each is one entry, and the gift stays written."""

import datetime as dt

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from database.turns import take_turn
from dues.actor import Actor
from dues.journal.fund_models import Fund
from dues.journal.models import Account
from dues.patience import patiently
from dues.payments.errors import PaymentError
from dues.payments.gifts.models import Gift
from dues.payments.refunds.models import CreditUse, CreditUseKind
from dues.payments.refunds.spend import give_back, spend_credit
from dues.payments.returned import meet_returns


class ClosedFundError(PaymentError):
    """A fund takes no gifts any more, is another creditor's, or takes gifts in another currency."""

    def __init__(self, fund: int) -> None:
        super().__init__(f"Fund {fund} takes no gifts here.")


class UnknownGiftError(PaymentError):
    """There is no such gift, or it was taken back."""

    def __init__(self, gift: int) -> None:
        super().__init__(f"There is no gift {gift}.")


def give(
    session: Session,
    *,
    creditor_id: int,
    person_id: int,
    fund_id: int,
    amount: int,
    currency: str,
    on: dt.date,
    by: Actor,
    payment_id: int | None = None,
) -> int:
    """Give an amount of a person's credit (minor units) to a fund; return the gift's id.

    ``payment_id`` is what the money came with. Raises ClosedFundError, NotEnoughCreditError and BusyError.
    """
    fund = session.get(Fund, fund_id)
    if fund is None or fund.closed or fund.creditor_id != creditor_id or fund_currency(session, fund) != currency:
        raise ClosedFundError(fund_id)
    gift = Gift(
        id=_next(session),
        creditor_id=creditor_id,
        fund_id=fund_id,
        person_id=person_id,
        payment_id=payment_id,
        amount=amount,
        currency=currency,
        on_date=on,
        actor=str(by),
    )
    return patiently(session, lambda: _give(session, gift, fund, on=on, by=by))


def fund_currency(session: Session, fund: Fund) -> str:
    """Return the only currency in which a fund takes gifts: its account's."""
    return session.get_one(Account, fund.account_id).currency


def take_gift_back(session: Session, *, gift_id: int, on: dt.date, by: Actor) -> None:
    """Take a gift back: the money is its donor's credit again. Raises UnknownGiftError and BusyError."""
    patiently(session, lambda: _take_back(session, gift_id, on=on, by=by))


def _give(session: Session, gift: Gift, fund: Fund, *, on: dt.date, by: Actor) -> int:
    session.add(gift)
    session.flush()  # the use of credit names it
    spend_credit(
        session,
        creditor_id=gift.creditor_id,
        person_id=gift.person_id,
        amount=gift.amount,
        currency=gift.currency,
        kind=CreditUseKind.GIFT,
        of=gift.id,
        account_id=fund.account_id,
        on=on,
        by=by,
    )
    return gift.id


def _take_back(session: Session, gift_id: int, *, on: dt.date, by: Actor) -> None:
    take_turn(session, f"gift {gift_id}")
    use = session.scalar(select(CreditUse).where(CreditUse.gift_id == gift_id, CreditUse.reverses_id.is_(None)))
    gone = select(Gift.id).where(Gift.reverses_id == gift_id)
    if use is None or session.scalar(gone) is not None:
        raise UnknownGiftError(gift_id)
    gift = session.get_one(Gift, gift_id)
    account_id = session.get_one(Fund, gift.fund_id).account_id
    back = give_back(session, use=use, account_id=account_id, on=on, by=by)
    session.add(
        Gift(
            creditor_id=gift.creditor_id,
            fund_id=gift.fund_id,
            person_id=gift.person_id,
            payment_id=gift.payment_id,
            amount=gift.amount,
            currency=gift.currency,
            on_date=back.on_date,
            actor=str(by),
            reverses_id=gift.id,
        )
    )
    session.flush()
    meet_returns(session, creditor_id=gift.creditor_id, by=by)


def _next(session: Session) -> int:
    return int(session.scalars(text("SELECT nextval('gift_id_seq')")).one())
