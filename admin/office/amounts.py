"""Amounts and moments as sentences of the desk write them: the ISO code is named, since "kr" means three currencies."""

import datetime as dt
from collections.abc import Mapping

from web.house import house
from web.speech import reader


def money_words(minor: int, currency: str) -> str:
    """Return an amount for a sentence: 350.00 SEK, its parts kept together."""
    return f"{reader().amount(minor, currency)}\N{NO-BREAK SPACE}{currency}"


def sum_words(sums: Mapping[str, int]) -> str:
    """Return sums of several currencies for a sentence."""
    return reader().join([money_words(minor, currency) for currency, minor in sums.items()])


def moment_words(day: dt.date, at: dt.datetime) -> str:
    """Return a business day, with the time of day where it was recorded on that day."""
    local = at.astimezone(house().settings.time_zone)
    return f"{reader().date(day)} {local:%H:%M}" if local.date() == day else reader().date(day)
