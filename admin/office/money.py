"""Money in each currency: what is open by age, and what came in by week; currencies are never added up."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from admin.office.weeks import Picture, picture
from dues.invoicing.ageing import Age, Open
from dues.overview.day import Weeks
from web.speech import gettext


@dataclass(frozen=True, slots=True)
class Sums:
    """One currency: a row for each age and their sum, and the picture of what came in, where anything did."""

    currency: str
    ages: tuple[tuple[str, Open], ...]
    claims: int
    amount: int
    picture: Picture | None


def by_currency(aged: Sequence[Open], came: Sequence[Weeks], *, on: dt.date) -> list[Sums]:
    """Return what each currency's cards show: that of most payments first, then those in which something is open."""
    currencies = [one.currency for one in came]
    currencies += sorted({one.currency for one in aged} - set(currencies))
    pictures = {one.currency: picture(one, on=on) for one in came}
    return [_sums(currency, aged, pictures.get(currency)) for currency in currencies]


def _sums(currency: str, aged: Sequence[Open], drawn: Picture | None) -> Sums:
    """An age of which nothing is open stands there with nothing."""
    found = {one.age: one for one in aged if one.currency == currency}
    rows = [found.get(age, Open(age, currency, 0, 0)) for age in Age]
    ages = tuple((_words(row.age), row) for row in rows)
    return Sums(currency, ages, sum(row.claims for row in rows), sum(row.amount for row in rows), drawn)


def _words(age: Age) -> str:
    return {
        Age.NOT_DUE: gettext("Not due"),
        Age.FIRST_MONTH: gettext("1–30 days"),
        Age.SECOND_MONTH: gettext("31–60 days"),
        Age.OLDER: gettext("61 days and more"),
    }[age]
