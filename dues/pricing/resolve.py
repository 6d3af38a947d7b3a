"""Prices one class: a pure function from rules and discounts to prices, with a trace that explains them.

What a component costs is made in this order, each step rounded half away from zero to whole minor units, per component:
the rule's amount for a whole term, or its share of a yearly income between floor and cap; then the discounts in their
order, a share being of what those before have left, and never more than there is; then, for a first period that is
prorated, its part of the term. The fee is the sum of its components.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

WHOLE: Final = 10_000
"""Basis points of everything."""
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """A price rule as the resolver reads it; null means "any"."""

    id: int
    component_id: int
    type_id: int | None
    group_id: int | None
    min_age: int | None
    max_age: int | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    amount: int
    currency: str
    segment_id: int | None = None
    income_share: int | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Reduction:
    """A discount as the resolver reads it: a ``share`` in basis points, or an ``amount`` of a currency."""

    id: int
    component_id: int | None
    type_id: int | None
    group_id: int | None
    segment_id: int | None
    min_age: int | None
    max_age: int | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    share: int | None
    amount: int | None
    currency: str | None
    position: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """What a price depends on. ``groups`` are the ids from the rule-bearing group up to the root, nearest first.

    ``segments`` are those of the person on the day. ``part`` of ``whole`` is how much of a term of ``months`` is
    charged. ``income`` is a year's, in minor units of the currency; None where nobody knows it.
    """

    type_id: int
    groups: Sequence[int]
    age: int | None
    on: dt.date
    currency: str
    segments: Collection[int] = ()
    part: int = 1
    whole: int = 1
    months: int = _YEAR
    income: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """What a discount takes off, in minor units."""

    discount_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class Price:
    """The amount of one component, in minor units of the case's currency, and what it was made of.

    ``full`` is the rule's price for a whole term, ``cuts`` what was taken off it. With a ``formula`` it follows the
    income; see `formula_of`.
    """

    component_id: int
    amount: int
    rule_id: int
    full: int
    cuts: tuple[Cut, ...] = ()
    formula: tuple[int, ...] | None = None

    @property
    def reduced(self) -> int:
        """What is left of a whole term's price once everything is taken off."""
        return self.full - sum(cut.amount for cut in self.cuts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Prices of all components in their order; or, with a reason, none at all."""

    prices: tuple[Price, ...]
    reason: str | None
    trace: tuple[str, ...]

    @property
    def amount(self) -> int:
        """The sum of all components."""
        return sum(price.amount for price in self.prices)

    @property
    def by_income(self) -> bool:
        """Whether some component follows an income."""
        return any(price.formula is not None for price in self.prices)


def resolve(
    case: Case, components: Sequence[int], rules: Collection[Rule], reductions: Collection[Reduction] = ()
) -> Outcome:
    """Price every component of a case; a component without a rule makes the whole price incomplete."""
    prices: list[Price] = []
    trace: list[str] = []
    for component in components:
        holding = holding_rules(case, component, rules)
        trace.append(f"component {component}: rules {sorted(rule.id for rule in holding)} hold")
        if not holding:
            return Outcome((), "incomplete price", (*trace, f"component {component}: no rule holds"))
        best = holding[0]
        trace.append(f"component {component}: rule {best.id} is the most specific, {best.amount} {best.currency}")
        price = _price(case, best, holding_reductions(case, component, reductions))
        trace.extend(_told(case, price))
        prices.append(price)
    if not prices:
        return Outcome((), "incomplete price", ("the type has no components",))
    return Outcome(tuple(prices), None, tuple(trace))


def holding_rules(case: Case, component: int, rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules that hold for a component, the most specific first.

    The nearest group comes first, then a rule for the type, then one for a segment, then one that names ages, then the
    one that became valid last, then the newest.
    """
    holding = [rule for rule in rules if _holds(rule, component, case)]
    return sorted(holding, key=lambda rule: specificity(rule, case), reverse=True)


def holding_reductions(case: Case, component: int, reductions: Iterable[Reduction]) -> list[Reduction]:
    """Return the discounts that hold for a component, in the order in which they are taken off."""
    holding = [one for one in reductions if _holds(one, component, case)]
    return sorted(holding, key=lambda one: (one.position, one.id))


def _price(case: Case, rule: Rule, reductions: Sequence[Reduction]) -> Price:
    full, formula = rule.amount, None
    if rule.income_share is not None:
        formula = formula_of(case, rule, reductions)
        if case.income is not None:
            full = of_income(case.income, share=rule.income_share, months=case.months, bounds=(rule.least, rule.most))
    cuts = _cuts(full, reductions)
    left = full - sum(cut.amount for cut in cuts)
    return Price(rule.component_id, prorated(left, case.part, case.whole), rule.id, full, cuts, formula)


def _cuts(full: int, reductions: Iterable[Reduction]) -> tuple[Cut, ...]:
    left, cuts = full, []
    for one in reductions:
        off = min(left, one.amount) if one.amount is not None else rounded(left * (one.share or 0), WHOLE)
        left -= off
        cuts.append(Cut(one.id, off))
    return tuple(cuts)


def _told(case: Case, price: Price) -> list[str]:
    told = [f"component {price.component_id}: discount {cut.discount_id} takes off {cut.amount}" for cut in price.cuts]
    if price.formula is not None:
        told.insert(0, f"component {price.component_id}: a share of the yearly income")
    if case.part != case.whole:
        told.append(f"component {price.component_id}: {case.part}/{case.whole} of a term, {price.amount}")
    return told


def rounded(numerator: int, denominator: int) -> int:
    """Return a quotient of no negative number, rounded half away from zero."""
    return (2 * numerator + denominator) // (2 * denominator)


def prorated(amount: int, part: int, whole: int) -> int:
    """Return what a part of a term costs, of what a whole one costs."""
    return amount if part == whole else rounded(amount * part, whole)


def of_income(income: int, *, share: int, months: int, bounds: tuple[int | None, int | None]) -> int:
    """Return the fee for a term of some months: a share (basis points) of a yearly income, between floor and cap."""
    least, most = bounds
    amount = max(rounded(income * share * months, WHOLE * _YEAR), least or 0)
    return amount if most is None else min(amount, most)


def formula_of(case: Case, rule: Rule, reductions: Iterable[Reduction]) -> tuple[int, ...]:
    """Return the numbers from which the database makes the fee of each income, as `income_fee` takes them."""
    bounds = (-1 if bound is None else bound for bound in (rule.least, rule.most))
    cuts = (one.share if one.share is not None else -(one.amount or 0) for one in reductions)
    return (rule.income_share or 0, case.months, *bounds, case.part, case.whole, *cuts)


class _Conditional(Protocol):
    """What rules and discounts have in common: for whom, where and when they hold."""

    @property
    def component_id(self) -> int | None: ...
    @property
    def type_id(self) -> int | None: ...
    @property
    def group_id(self) -> int | None: ...
    @property
    def segment_id(self) -> int | None: ...
    @property
    def min_age(self) -> int | None: ...
    @property
    def max_age(self) -> int | None: ...
    @property
    def valid_from(self) -> dt.date | None: ...
    @property
    def valid_to(self) -> dt.date | None: ...
    @property
    def currency(self) -> str | None: ...


class Unmet(StrEnum):
    """Why a rule or a discount does not hold, the plainest reason first."""

    CURRENCY = "currency"
    TYPE = "type"
    GROUP = "group"
    SEGMENT = "segment"
    AGE = "age"
    NOT_YET = "not yet"
    OVER = "over"


def unmet(rule: _Conditional, case: Case) -> Unmet | None:
    """Return why something that is for a component does not hold for a case; None where it does."""
    reasons = (
        (rule.currency not in (None, case.currency), Unmet.CURRENCY),
        (rule.type_id not in (None, case.type_id), Unmet.TYPE),
        (rule.group_id is not None and rule.group_id not in case.groups, Unmet.GROUP),
        (rule.segment_id is not None and rule.segment_id not in case.segments, Unmet.SEGMENT),
        (not _within(rule.min_age, case.age, rule.max_age), Unmet.AGE),
        (rule.valid_from is not None and rule.valid_from > case.on, Unmet.NOT_YET),
        (rule.valid_to is not None and case.on > rule.valid_to, Unmet.OVER),
    )
    return next((why for missing, why in reasons if missing), None)


def _holds(rule: _Conditional, component: int, case: Case) -> bool:
    return rule.component_id in (None, component) and unmet(rule, case) is None


def _within(lowest: int | None, age: int | None, highest: int | None) -> bool:
    """Who has no known age meets no rule that asks for one."""
    if lowest is None and highest is None:
        return True
    if age is None:
        return False
    return (lowest is None or lowest <= age) and (highest is None or age <= highest)


def specificity(rule: Rule, case: Case) -> tuple[int, bool, bool, bool, dt.date, int]:
    """Return by what rules that hold are compared, the greatest wins: group, type, segment, ages, first day, number."""
    depth = 0 if rule.group_id is None else len(case.groups) - case.groups.index(rule.group_id)
    names_age = rule.min_age is not None or rule.max_age is not None
    named = rule.type_id is not None, rule.segment_id is not None, names_age
    return depth, *named, rule.valid_from or dt.date.min, rule.id


def age_bounds(rules: Iterable[_Conditional]) -> list[int]:
    """Return the ages at which some rule begins or has ended, ascending: the bounds of age brackets."""
    rules = list(rules)
    lowest = {rule.min_age for rule in rules if rule.min_age is not None}
    beyond = {rule.max_age + 1 for rule in rules if rule.max_age is not None}
    return sorted(lowest | beyond)


def day_bounds(rules: Iterable[_Conditional]) -> list[dt.date]:
    """Return the days on which some rule begins or has ended, ascending: the bounds of day brackets."""
    rules = list(rules)
    first = {rule.valid_from for rule in rules if rule.valid_from is not None}
    beyond = {rule.valid_to + dt.timedelta(days=1) for rule in rules if rule.valid_to and rule.valid_to < dt.date.max}
    return sorted(first | beyond)
