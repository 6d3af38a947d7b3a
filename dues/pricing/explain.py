"""Why somebody pays what they pay: for each part of a fee the rules that hold, which won, and what is taken off."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dues.pricing.queries import PriceBook
from dues.pricing.resolve import (
    Case,
    Outcome,
    Price,
    Reduction,
    Rule,
    Unmet,
    holding_reductions,
    holding_rules,
    resolve,
    specificity,
    unmet,
)


class Won(StrEnum):
    """By what a rule is more specific than the next one that holds."""

    ALONE = "alone"
    GROUP = "group"
    TYPE = "type"
    SEGMENT = "segment"
    AGE = "age"
    LATER = "later"
    NEWER = "newer"


_BY = (Won.GROUP, Won.TYPE, Won.SEGMENT, Won.AGE, Won.LATER, Won.NEWER)


@dataclass(frozen=True, slots=True)
class Part:
    """A component: its price (None where no rule holds), the rules that hold (the winner first) and by what it won.

    ``others`` are rules for it that do not hold here, each with the plainest reason; ``reductions`` the discounts that
    hold, in their order, and ``unmet_reductions`` those that do not.
    """

    component_id: int
    price: Price | None
    holding: Sequence[Rule]
    won: Won | None
    others: Sequence[tuple[Rule, Unmet]]
    reductions: Sequence[Reduction]
    unmet_reductions: Sequence[tuple[Reduction, Unmet]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole fee of a case, part by part; ``outcome`` is what the run would make of it."""

    case: Case
    outcome: Outcome
    parts: Sequence[Part]


def explain(book: PriceBook, case: Case) -> Explanation:
    """Return what makes the price of a case; the same function prices it as in a run."""
    components = book.components.get(case.type_id, ())
    outcome = resolve(case, components, book.rules, book.reductions)
    return Explanation(case, outcome, [_part(book, case, component) for component in components])


def _part(book: PriceBook, case: Case, component: int) -> Part:
    holding = holding_rules(case, component, book.rules)
    alone = resolve(case, (component,), book.rules, book.reductions)
    return Part(
        component,
        alone.prices[0] if alone.prices else None,
        holding,
        _won(case, holding),
        [(one, why) for one in book.rules if one.component_id == component and (why := unmet(one, case))],
        holding_reductions(case, component, book.reductions),
        [(one, why) for one in book.reductions if one.component_id in (None, component) and (why := unmet(one, case))],
    )


def _won(case: Case, holding: Sequence[Rule]) -> Won | None:
    if not holding:
        return None
    if len(holding) == 1:
        return Won.ALONE
    first, second = (specificity(rule, case) for rule in holding[:2])
    return next(by for by, one, other in zip(_BY, first, second, strict=True) if one != other)
