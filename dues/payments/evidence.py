"""Evidence of whose a payment is: typed facts, each of which can be said in words; never a score."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dues.invoicing.models import ClaimEnd
from dues.payments.slips import Slip


class Fact(StrEnum):
    """What connects a payment with a claim or a person."""

    REFERENCE = "reference"
    """The reference given is this claim's."""
    LISTED = "listed"
    """It is one of several references given."""
    IN_TEXT = "in text"
    """Its reference stands in the free text."""
    SETTLED = "settled"
    """The reference given belongs to another invoice of theirs, which has ended."""
    RULE = "rule"
    """A rule that an officer made says that it is theirs."""
    ACCOUNT = "account"
    """They were paid for from this account before."""
    NAME = "name"
    """The payer has the same name."""
    PLAIN = "plain"
    """The payer has the same name, but for the accents of its letters."""
    SLIP = "slip"
    """The reference given is one slip away from this claim's."""
    NUMBER = "number"
    """The invoice's number stands in the text or in place of the reference."""
    MEMBER = "member"
    """The member's number stands in the text."""
    ZEROS = "zeros"
    """The reference given is this claim's, but for zeros at its beginning."""
    COLLECTION = "collection"
    """It was sent with this claim's reference as its id."""
    AMOUNT = "amount"
    """What is open is exactly what came."""
    ALIKE = "alike"
    """The payer's name begins like theirs, or the other way round."""
    CHOSEN = "chosen"
    """An officer looked them up."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact and its details: the slip and its place, the day of an earlier payment, the invoice that has ended."""

    fact: Fact
    slip: Slip | None = None
    position: int = 0
    on: dt.date | None = None
    number: str | None = None
    ended: ClaimEnd | None = None


_ORDER: Final = {fact: place for place, fact in enumerate(Fact)}
_DECISIVE: Final = frozenset({Fact.CHOSEN, Fact.REFERENCE, Fact.LISTED, Fact.IN_TEXT, Fact.RULE})


def sorted_evidence(found: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return evidence with the more telling facts first, each fact once."""
    kept: dict[Fact, Evidence] = {}
    for one in sorted(found, key=lambda one: _ORDER[one.fact]):
        kept.setdefault(one.fact, one)
    return tuple(kept.values())


Rank = tuple[bool, int, tuple[int, ...]]


def rank(evidence: tuple[Evidence, ...]) -> Rank:
    """Return what sorts the better founded first: what the payer pointed at, then more facts, then telling ones."""
    facts = {one.fact for one in evidence}
    return (not facts & _DECISIVE, -len(facts), tuple(sorted(_ORDER[fact] for fact in facts)))


def worth_showing(evidence: tuple[Evidence, ...]) -> bool:
    """Tell whether evidence is more than chance.

    A slip of the pen reaches a dozen numbers of other people, so it says something only beside the amount, the name or
    the account; an amount alone says nothing.
    """
    facts = {one.fact for one in evidence}
    if facts <= {Fact.AMOUNT}:
        return False
    return not facts <= {Fact.SLIP}
