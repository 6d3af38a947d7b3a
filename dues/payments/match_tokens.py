"""Turns what a payer wrote into what is looked up: one token for each thing it may mean. Pure."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from dues.payments.free_text import references_in, words_in
from dues.payments.match_models import Rule
from dues.payments.names import name_keys, plain_keys
from dues.payments.slips import one_digit_wrong, with_other_zeros

MOST: Final = 60
"""Tokens of one sort that are looked up for one payment; whoever writes more is copying a list."""

_PARTS: Final = re.compile(r"[^\W\d_]+|\d+")
_LEAST_TELLING: Final = 5
_LONGEST: Final = 12
_SHORTEST_SLIP: Final = 6
_YEARS: Final = range(1900, 2100)
_INVOICE: Final = ("faktura", "fakt", "faktnr", "invoice", "inv", "factuur", "fact", "rechnung", "regning", "avi", "f")
_MEMBER: Final = ("medlem", "medlems", "medl", "mitglied", "lid", "lidmaatschap", "member", "m")
_NUMBER: Final = frozenset({"nr", "no", "nummer", "number", "num", "numret", "nummeret"})
_AND: Final = frozenset({"och", "og", "en", "und", "and", "samt"})


class Sort(StrEnum):
    """What a token is looked up as."""

    LISTED = "listed"
    TEXT = "text"
    ZEROS = "zeros"
    DIGIT = "digit"
    INVOICE = "invoice"
    MEMBER = "member"
    PRINTED = "printed"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Written:
    """What a bank says of a payment, as far as it may tell whose it is."""

    payment_id: int
    reference: str | None
    references: Sequence[Sequence[object]]
    message: str
    payer_name: str


@dataclass(frozen=True, slots=True)
class Token:
    """A value to look up for a payment.

    ``at`` is the place of the digit that was changed; of a number, how much it says: 2 where a word announces it, 1
    where it is unlikely to be anything else, 0 where it may be. ``amount`` is what was given with a reference, in minor
    units, and ``source`` what stood there.
    """

    payment_id: int
    sort: Sort
    value: str
    at: int = 0
    amount: int | None = None
    source: str = ""


def tokens_of(written: Written, rules: Collection[Rule]) -> Iterator[Token]:
    """Return what some rules look up for one payment.

    References that were given as a list mean what the list says, each with its amount: only one rule reads them.
    """
    text = written.message
    both = f"{written.reference or ''} {text}"
    in_text = [*references_in(text), *(references_in(written.reference) if written.reference else ())]
    meant = list(dict.fromkeys([*([written.reference] if written.reference else []), *in_text]))
    found: dict[Rule, Callable[[], Iterator[Token]]] = {
        Rule.SEVERAL: lambda: _listed(written),
        Rule.IN_TEXT: lambda: _in_text(written, [*in_text, *words_in(text)]),
        Rule.ZEROS: lambda: _zeros(written.payment_id, meant),
        Rule.DIGIT: lambda: _digits(written.payment_id, meant),
        Rule.NUMBER: lambda: _numbers(written.payment_id, both, Sort.INVOICE),
        Rule.MEMBER: lambda: _numbers(written.payment_id, both, Sort.MEMBER),
        Rule.NAME: lambda: _names(written),
    }
    for rule, lay_out in found.items():
        if rule in rules:
            yield from islice(lay_out(), MOST)
    if Rule.NUMBER in rules or Rule.MEMBER in rules:
        yield from _printed(written.payment_id, both)


def _in_text(written: Written, values: Sequence[str]) -> Iterator[Token]:
    for value in dict.fromkeys(values):
        if value != written.reference:
            yield Token(written.payment_id, Sort.TEXT, value, source=value)


def _printed(payment_id: int, text: str) -> Iterator[Token]:
    """Numbers as other systems print them."""
    for value in words_in(text):
        telling = _telling(value) if value.isdigit() else len(value) >= _LEAST_TELLING
        yield Token(payment_id, Sort.PRINTED, value, at=int(telling), source=value)


def _names(written: Written) -> Iterator[Token]:
    for value in dict.fromkeys([*name_keys(written.payer_name), *plain_keys(written.payer_name)]):
        yield Token(written.payment_id, Sort.NAME, value, source=written.payer_name)


def _listed(written: Written) -> Iterator[Token]:
    """References that were given as such; the amount of nothing says that no amounts are given."""
    for value, amount, _ in written.references:
        plain = "".join(str(value).upper().split())
        given = amount if isinstance(amount, int) and amount != 0 else None
        yield Token(written.payment_id, Sort.LISTED, plain, amount=given, source=plain)


def _zeros(payment_id: int, given: Sequence[str]) -> Iterator[Token]:
    for one in given:
        for value in with_other_zeros(one):
            yield Token(payment_id, Sort.ZEROS, value, source=one)


def _digits(payment_id: int, given: Sequence[str]) -> Iterator[Token]:
    for one in given:
        if len(one) >= _SHORTEST_SLIP:
            for value, at in one_digit_wrong(one).items():
                yield Token(payment_id, Sort.DIGIT, value, at=at, source=one)


def _numbers(payment_id: int, text: str, sort: Sort) -> Iterator[Token]:
    """Numbers of invoices, or of members; what stands before one says which, and that it is meant at all."""
    said: Sort | None = None
    for part in _PARTS.findall(text.lower()):
        if not part.isdigit():
            said = said if part in _NUMBER or part in _AND else _said(part)
        elif part.isascii() and len(part) <= _LONGEST and int(part) > 0:
            telling = 2 if said else int(_telling(part))
            if said in (None, sort):
                yield Token(payment_id, sort, str(int(part)), at=telling, source=part)


def _said(word: str) -> Sort | None:
    """Return what a word announces: "Faktnr", "fakturanummer", "medlemsnr"."""
    bare = word
    for ending in ("nummer", "nr", "s"):
        bare = bare.removesuffix(ending)
    if bare in _INVOICE or word in _INVOICE:
        return Sort.INVOICE
    return Sort.MEMBER if bare in _MEMBER or word in _MEMBER else None


def _telling(number: str) -> bool:
    """Tell whether a number that stands alone is unlikely to be a year, a day, an age or a sum."""
    if len(number) < _LEAST_TELLING:
        return False
    try:
        day = dt.datetime.strptime(number, "%Y%m%d").replace(tzinfo=dt.UTC)
    except ValueError:
        return True
    return day.year not in _YEARS
