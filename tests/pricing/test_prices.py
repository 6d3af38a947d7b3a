"""Prices are followed rather than changed, and say beforehand what they will do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from dues.editing import StillUsedError
from dues.pricing.effect import Step, effect_of
from dues.pricing.errors import (
    AgesError,
    AmountError,
    DaysError,
    FollowsTooEarlyError,
    PriceTwiceError,
    PriceUsedError,
)
from dues.pricing.models import PriceRule
from dues.pricing.prices import Priced, change_price, follow_price, followed, remove_price, set_price
from dues.pricing.queries import price_book
from tests.factories.members import member
from tests.factories.organisation import LOCAL_FEE, NATIONAL_FEE, Organisation, organisation
from tests.factories.runs import issued

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

TODAY = dt.date(2026, 11, 22)
NEXT_YEAR = dt.date(2027, 1, 1)


def price_of(session: Session, made: Organisation) -> PriceRule:
    return session.query(PriceRule).filter_by(component_id=made.national.id).one()


def costs(session: Session, made: Organisation, *, on: dt.date, age: int = 40) -> int:
    book = price_book(session, groups=[made.north.id])
    found = book.price(type_id=made.member_type.id, group_id=made.north.id, age=age, on=on, currency="SEK")
    return found.amount


def test_a_price_that_was_never_used_is_changed_and_taken_away(session: Session) -> None:
    made = organisation(session)
    price = price_of(session, made)
    change_price(session, price_id=price.id, priced=replace(Priced.of(price), amount=1))
    assert costs(session, made, on=TODAY) == 1 + LOCAL_FEE
    remove_price(session, price_id=price.id)
    assert session.query(PriceRule).filter_by(component_id=made.national.id).count() == 0


def test_a_price_that_was_used_is_only_followed_or_ended(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    member(session, made, joined_on=TODAY)
    price = price_of(session, made)
    issued(ledger, on=TODAY)
    with pytest.raises(PriceUsedError):
        change_price(session, price_id=price.id, priced=replace(Priced.of(price), amount=1))
    with pytest.raises(StillUsedError):
        remove_price(session, price_id=price.id)
    follow_price(session, price_id=price.id, priced=followed(price, amount=35000, from_on=NEXT_YEAR), today=TODAY)
    assert costs(session, made, on=NEXT_YEAR - dt.timedelta(days=1)) == NATIONAL_FEE + LOCAL_FEE
    assert costs(session, made, on=NEXT_YEAR) == 35000 + LOCAL_FEE
    change_price(session, price_id=price.id, priced=Priced.ending(price, on=dt.date(2026, 12, 31)))
    assert price.valid_to == dt.date(2026, 12, 31)


def test_a_price_follows_from_a_day_that_is_still_to_come(session: Session) -> None:
    made = organisation(session)
    price = price_of(session, made)
    yesterday = TODAY - dt.timedelta(days=1)
    with pytest.raises(FollowsTooEarlyError) as refused:
        follow_price(session, price_id=price.id, priced=followed(price, amount=1, from_on=yesterday), today=TODAY)
    assert refused.value.earliest == TODAY
    price.valid_from = NEXT_YEAR
    with pytest.raises(FollowsTooEarlyError) as refused:
        follow_price(session, price_id=price.id, priced=followed(price, amount=1, from_on=NEXT_YEAR), today=TODAY)
    assert refused.value.earliest == NEXT_YEAR + dt.timedelta(days=1)


def test_two_prices_for_the_same_from_the_same_day_are_one_too_many(session: Session) -> None:
    made = organisation(session)
    price = price_of(session, made)
    with pytest.raises(PriceTwiceError) as refused:
        set_price(session, priced=replace(Priced.of(price), amount=1))
    assert refused.value.price_id == price.id
    set_price(session, priced=replace(Priced.of(price), amount=1, max_age=12))


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"amount": -1}, AmountError),
        ({"amount": 10**15}, AmountError),
        ({"min_age": 20, "max_age": 19}, AgesError),
        ({"min_age": 200}, AgesError),
        ({"valid_from": NEXT_YEAR, "valid_to": TODAY}, DaysError),
    ],
)
def test_what_no_price_can_be_is_refused(session: Session, wrong: dict[str, object], refused: type[Exception]) -> None:
    made = organisation(session)
    with pytest.raises(refused):
        set_price(session, priced=replace(Priced.of(price_of(session, made)), **wrong))  # type: ignore[arg-type]


def people(session: Session, made: Organisation) -> None:
    """Three grown-ups and a child in the north, a grown-up in the south, and somebody who has left."""
    for born in (dt.date(1980, 1, 1), dt.date(1990, 1, 1), dt.date(2000, 1, 1), dt.date(2018, 1, 1)):
        member(session, made, born=born, joined_on=TODAY)
    member(session, made, joined_on=TODAY, group=made.south)
    member(session, made, joined_on=TODAY).ended_on = TODAY
    session.flush()


def test_what_a_price_will_do_is_told_membership_by_membership(session: Session) -> None:
    made = organisation(session)
    people(session, made)
    price = price_of(session, made)
    new = followed(price, amount=35000, from_on=NEXT_YEAR)
    found = effect_of(session, priced=new, replaces=None, on=NEXT_YEAR)
    assert (found.steps, found.unchanged) == ((Step(NATIONAL_FEE, 35000, 5),), 0)
    assert effect_of(session, priced=new, replaces=None, on=TODAY).steps == ()
    children = replace(Priced.of(price), amount=100, max_age=17)
    found = effect_of(session, priced=children, replaces=None, on=TODAY)
    assert (found.steps, found.unchanged) == ((Step(NATIONAL_FEE, 100, 1),), 4)
    south = replace(Priced.of(price), amount=200, group_id=made.south.id)
    assert effect_of(session, priced=south, replaces=None, on=TODAY).steps == (Step(NATIONAL_FEE, 200, 1),)


def test_what_a_nearer_price_covers_is_left_alone(session: Session) -> None:
    made = organisation(session)
    people(session, made)
    price = price_of(session, made)
    set_price(session, priced=replace(Priced.of(price), amount=200, group_id=made.south.id))
    found = effect_of(session, priced=replace(Priced.of(price), amount=1), replaces=price.id, on=TODAY)
    assert (found.steps, found.unchanged) == ((Step(NATIONAL_FEE, 1, 4),), 1)


def test_who_would_have_no_price_is_told(session: Session) -> None:
    made = organisation(session)
    people(session, made)
    price = price_of(session, made)
    found = effect_of(session, priced=Priced.ending(price, on=TODAY), replaces=price.id, on=NEXT_YEAR)
    assert found.steps == (Step(NATIONAL_FEE, None, 5),)


def test_the_effect_is_what_the_run_then_charges(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    people(session, made)
    price = price_of(session, made)
    grown = replace(Priced.of(price), amount=40000, min_age=18)
    effect = effect_of(session, priced=grown, replaces=None, on=TODAY)
    set_price(session, priced=grown)
    outcome = issued(ledger, on=TODAY)
    told = sum((step.after or 0) * step.memberships for step in effect.steps) + effect.unchanged * NATIONAL_FEE
    assert sum(outcome.result["amounts"].values()) == told + 5 * LOCAL_FEE


def test_the_effect_takes_as_many_statements_for_many_as_for_few(session: Session) -> None:
    made = organisation(session)
    priced = followed(price_of(session, made), amount=35000, from_on=NEXT_YEAR)

    def statements() -> int:
        counted: list[str] = []
        connection = session.connection()
        listener = lambda *said: counted.append(said[2])  # noqa: E731  # listened to and let go below
        event.listen(connection, "before_cursor_execute", listener)
        effect_of(session, priced=priced, replaces=None, on=NEXT_YEAR)
        event.remove(connection, "before_cursor_execute", listener)
        return len(counted)

    few = statements()
    people(session, made)
    for amount in range(20):
        set_price(session, priced=replace(priced, amount=amount, min_age=amount + 20, valid_from=None))
    assert statements() == few <= 6
