"""Amounts as lists are asked for them: one bound for all currencies, though not all of them have hundredths."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select, union
from sqlalchemy.orm import Session

from dues.groups.models import BankAgreement, Creditor
from language import decimals

_USUAL: Final = 2


def unusual(session: Session) -> dict[int, list[str]]:
    """Return the currencies in use that have another number of decimals than two, by that number."""
    used = union(select(Creditor.currency), select(BankAgreement.currency))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for currency in session.scalars(used):
        if decimals(currency) != _USUAL:
            found[decimals(currency)].append(currency)
    return dict(found)


def within(
    amount: Any, currency: Any, least: int | None, most: int | None, *, other: Mapping[int, list[str]]
) -> ColumnElement[bool]:
    """Return the condition that an amount lies within two bounds, in hundredths of whatever its currency is.

    ``other`` are the currencies that `unusual` found. Where there are none, the amount's index is read as it is.
    """
    usual = and_(*_bounds(amount, least, most, _USUAL))
    if not other:
        return usual
    apart = [and_(currency.in_(codes), *_bounds(amount, least, most, exponent)) for exponent, codes in other.items()]
    codes = [code for some in other.values() for code in some]
    return or_(and_(currency.not_in(codes), usual), *apart)


def _bounds(amount: Any, least: int | None, most: int | None, exponent: int) -> list[ColumnElement[bool]]:
    bounds = [] if least is None else [amount >= -(-least * 10**exponent // 100)]
    return bounds if most is None else [*bounds, amount <= most * 10**exponent // 100]
