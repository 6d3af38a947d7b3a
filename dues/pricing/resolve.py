"""Prices one class: a pure function from rules to prices, with a trace that explains them."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Case:
    """What a price depends on. ``groups`` are the ids from the rule-bearing group up to the root, nearest first."""

    type_id: int
    groups: Sequence[int]
    age: int | None
    on: dt.date
    currency: str


@dataclass(frozen=True, slots=True)
class Price:
    """The amount of one component, in minor units of the case's currency, and the rule that gave it."""

    component_id: int
    amount: int
    rule_id: int


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


def resolve(case: Case, components: Sequence[int], rules: Collection[Rule]) -> Outcome:
    """Price every component of a case; a component without a rule makes the whole price incomplete.

    Among the rules that hold, the most specific wins: the nearest group first, then a rule for the type, then
    one that names ages, then the one that became valid last, then the newest.
    """
    prices: list[Price] = []
    trace: list[str] = []
    for component in components:
        holding = [rule for rule in rules if rule.component_id == component and _holds(rule, case)]
        trace.append(f"component {component}: rules {sorted(rule.id for rule in holding)} hold")
        if not holding:
            return Outcome((), "incomplete price", (*trace, f"component {component}: no rule holds"))
        best = max(holding, key=lambda rule: _specificity(rule, case))
        trace.append(f"component {component}: rule {best.id} is the most specific, {best.amount} {best.currency}")
        prices.append(Price(component, best.amount, best.id))
    if not prices:
        return Outcome((), "incomplete price", ("the type has no components",))
    return Outcome(tuple(prices), None, tuple(trace))


def _holds(rule: Rule, case: Case) -> bool:
    return (
        rule.currency == case.currency
        and rule.type_id in (None, case.type_id)
        and (rule.group_id is None or rule.group_id in case.groups)
        and _within(rule.min_age, case.age, rule.max_age)
        and (rule.valid_from is None or rule.valid_from <= case.on)
        and (rule.valid_to is None or case.on <= rule.valid_to)
    )


def _within(lowest: int | None, age: int | None, highest: int | None) -> bool:
    """Who has no known age meets no rule that asks for one."""
    if lowest is None and highest is None:
        return True
    if age is None:
        return False
    return (lowest is None or lowest <= age) and (highest is None or age <= highest)


def _specificity(rule: Rule, case: Case) -> tuple[int, bool, bool, dt.date, int]:
    depth = 0 if rule.group_id is None else len(case.groups) - case.groups.index(rule.group_id)
    names_age = rule.min_age is not None or rule.max_age is not None
    return depth, rule.type_id is not None, names_age, rule.valid_from or dt.date.min, rule.id


def age_bounds(rules: Collection[Rule]) -> list[int]:
    """Return the ages at which some rule begins or has ended, ascending: the bounds of age brackets."""
    lowest = {rule.min_age for rule in rules if rule.min_age is not None}
    beyond = {rule.max_age + 1 for rule in rules if rule.max_age is not None}
    return sorted(lowest | beyond)


def day_bounds(rules: Collection[Rule]) -> list[dt.date]:
    """Return the days on which some rule begins or has ended, ascending: the bounds of day brackets."""
    first = {rule.valid_from for rule in rules if rule.valid_from is not None}
    beyond = {rule.valid_to + dt.timedelta(days=1) for rule in rules if rule.valid_to is not None}
    return sorted(first | beyond)
