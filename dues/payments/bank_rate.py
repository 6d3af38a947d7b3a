"""The rate at which a bank exchanged a payment on its way, as its file tells it: what a claim may be settled at."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.payments.models import Payment
from language.currencies import decimals

_DIGITS: Final = 9
_LEAST: Final = Decimal(1).scaleb(-_DIGITS)


@dataclass(frozen=True, slots=True)
class BankRate:
    """What one unit of a payment's currency is worth in another one, and what was sent in that (minor units).

    ``quoted`` says that the bank wrote the rate itself; else it follows from the two amounts.
    """

    rate: Decimal
    sent: int
    currency: str
    quoted: bool


def bank_rate(session: Session, *, payment_id: int, owed: str) -> BankRate | None:
    """Return the rate that a payment's file gives into the currency of a claim, None where it tells of no such."""
    found = session.execute(
        select(Payment.amount, Payment.currency, Payment.exchanged).where(Payment.id == payment_id)
    ).one_or_none()
    if found is None or found.exchanged is None:
        return None
    return rate_of(found.amount, found.currency, found.exchanged, owed=owed)


def rate_of(amount: int, currency: str, exchanged: Mapping[str, Any], *, owed: str) -> BankRate | None:
    """Return the rate that follows from what came (minor units of ``currency``) and what was sent, into ``owed``.

    A rate that the bank quotes goes before the one of the two amounts where they are within a hundredth of each other:
    what is further off was taken for charges, or means another pair of currencies.
    """
    sent = int(exchanged["amount"])
    if exchanged["currency"] != owed or owed == currency or amount <= 0 or sent <= 0:
        return None
    follows = Decimal(sent).scaleb(-decimals(owed)) / Decimal(amount).scaleb(-decimals(currency))
    quoted = _quoted(exchanged, currency=currency, owed=owed)
    near = quoted is not None and abs(quoted - follows) * 100 <= follows
    rate = round(quoted if quoted is not None and near else follows, _DIGITS)
    return BankRate(rate, sent, owed, near) if rate > 0 else None


def _quoted(exchanged: Mapping[str, Any], *, currency: str, owed: str) -> Decimal | None:
    """Return what the bank wrote, turned round where it is the price of the other currency."""
    try:
        rate = Decimal(str(exchanged.get("rate", "")))
    except InvalidOperation:
        return None
    if not rate.is_finite() or rate < _LEAST:
        return None
    return {currency: rate, owed: 1 / rate}.get(str(exchanged.get("unit")))
