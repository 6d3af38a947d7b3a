"""The price of one class: whatever the rules are, one answer, and the same one for all who share the class."""

import datetime as dt
from bisect import bisect_right

from hypothesis import given, settings
from hypothesis import strategies as st

from dues.pricing.resolve import Case, Outcome, Rule, age_bounds, day_bounds, resolve

DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 20))
AGES = st.integers(0, 9)
GROUPS = (3, 2, 1)
"""A local group, its region, its country."""


def rule(number: int = 1, **given_: object) -> Rule:
    columns: dict[str, object] = dict.fromkeys(
        ("type_id", "group_id", "min_age", "max_age", "valid_from", "valid_to"), None
    )
    return Rule(**{**columns, "id": number, "component_id": 1, "amount": 100 * number, "currency": "SEK", **given_})  # type: ignore[arg-type]


def case(age: int | None = 30, on: dt.date = dt.date(2026, 1, 10)) -> Case:
    return Case(type_id=7, groups=GROUPS, age=age, on=on, currency="SEK")


@st.composite
def rule_books(draw: st.DrawFn) -> list[Rule]:
    """Some rules, as many as one likes may hold at once."""
    return [
        rule(
            number,
            component_id=draw(st.sampled_from([1, 1, 2])),
            type_id=draw(st.sampled_from([None, 7, 8])),
            group_id=draw(st.sampled_from([None, 1, 2, 3, 4])),
            currency=draw(st.sampled_from(["SEK", "SEK", "EUR"])),
            **dict(zip(("min_age", "max_age"), draw(_stretches(AGES)), strict=True)),
            **dict(zip(("valid_from", "valid_to"), draw(_stretches(DAYS)), strict=True)),
        )
        for number in range(1, draw(st.integers(0, 6)) + 1)
    ]


def _stretches(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, object]]:
    """From and to, each possibly open, in order where both are given."""
    ends = st.tuples(st.none() | values, st.none() | values)
    return ends.map(lambda pair: pair if None in pair else tuple(sorted(pair)))  # type: ignore[type-var,arg-type,return-value]


def price(rules: list[Rule], age: int | None = 30, on: dt.date = dt.date(2026, 1, 10)) -> int | None:
    """The amount of component 1, or None where there is no price."""
    outcome = resolve(case(age, on), [1], rules)
    return None if outcome.reason else outcome.amount


@settings(max_examples=60)
@given(rule_books(), st.none() | AGES, DAYS, st.randoms())
def test_the_order_in_which_rules_are_read_does_not_matter(
    rules: list[Rule], age: int | None, on: dt.date, luck: object
) -> None:
    shuffled = list(rules)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    assert resolve(case(age, on), [1, 2], rules) == resolve(case(age, on), [1, 2], shuffled)


@settings(max_examples=60)
@given(rule_books(), st.none() | AGES, DAYS)
def test_every_component_is_priced_or_none_is(rules: list[Rule], age: int | None, on: dt.date) -> None:
    outcome = resolve(case(age, on), [1, 2], rules)
    if outcome.reason is None:
        assert [one.component_id for one in outcome.prices] == [1, 2]
        amounts = {one.id: one.amount for one in rules}
        assert [one.amount for one in outcome.prices] == [amounts[one.rule_id] for one in outcome.prices]
    else:
        assert outcome == Outcome((), "incomplete price", outcome.trace)
    assert outcome.trace


@settings(max_examples=60)
@given(rule_books(), AGES, AGES, DAYS, DAYS)
def test_no_price_changes_within_a_bracket(
    rules: list[Rule], age: int, other_age: int, on: dt.date, other_day: dt.date
) -> None:
    ages, days = age_bounds(rules), day_bounds(rules)
    if bisect_right(ages, age) == bisect_right(ages, other_age) and bisect_right(days, on) == bisect_right(
        days, other_day
    ):
        assert price(rules, age, on) == price(rules, other_age, other_day)


@settings(max_examples=60)
@given(rule_books())
def test_brackets_are_ascending_and_distinct(rules: list[Rule]) -> None:
    assert age_bounds(rules) == sorted(set(age_bounds(rules)))
    assert day_bounds(rules) == sorted(set(day_bounds(rules)))


def test_the_nearest_group_beats_everything_else() -> None:
    everything = rule(1, type_id=7, min_age=0, max_age=99, valid_from=dt.date(2026, 1, 1), group_id=1)
    assert price([everything, rule(2, group_id=3), rule(3, group_id=2), rule(4)]) == 200


def test_a_rule_for_the_type_beats_one_for_an_age() -> None:
    assert price([rule(1, type_id=7), rule(2, min_age=18)]) == 100


def test_a_rule_for_an_age_beats_one_for_all() -> None:
    assert price([rule(1, max_age=64), rule(2)]) == 100


def test_the_rule_that_became_valid_last_beats_an_older_one() -> None:
    newer, older = rule(1, valid_from=dt.date(2026, 1, 2)), rule(2, valid_from=dt.date(2025, 1, 1))
    assert price([newer, older]) == 100


def test_of_two_equal_rules_the_newest_holds() -> None:
    assert price([rule(1), rule(2)]) == 200


def test_ages_and_days_are_inclusive() -> None:
    first, last = dt.date(2026, 1, 5), dt.date(2026, 1, 6)
    only = [rule(1, min_age=13, max_age=17, valid_from=first, valid_to=last)]
    assert [price(only, age, first) for age in (12, 13, 17, 18)] == [None, 100, 100, None]
    assert [price(only, 15, first + dt.timedelta(days=n)) for n in (-1, 0, 1, 2)] == [None, 100, 100, None]


def test_who_has_no_known_age_meets_only_rules_for_all() -> None:
    assert price([rule(1, min_age=0)], age=None) is None
    assert price([rule(1, min_age=0), rule(2)], age=None) == 200


def test_a_component_without_a_rule_leaves_the_whole_fee_unpriced_and_says_so() -> None:
    outcome = resolve(case(), [1, 2], [rule(1)])
    assert outcome.reason == "incomplete price"
    assert outcome.prices == ()
    assert outcome.trace[-1] == "component 2: no rule holds"


def test_a_type_without_components_has_no_price() -> None:
    assert resolve(case(), [], [rule(1)]).reason == "incomplete price"


def test_the_trace_names_the_rule_that_won() -> None:
    outcome = resolve(case(), [1], [rule(1), rule(2, group_id=3)])
    assert outcome.trace == (
        "component 1: rules [1, 2] hold",
        "component 1: rule 2 is the most specific, 200 SEK",
    )
