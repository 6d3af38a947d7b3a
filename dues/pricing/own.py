"""Prices of a group's own: where it is allowed, and only for the parts of fees that are the group's."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from database.base import Names
from dues.editing import held
from dues.groups.models import Creditor, Group
from dues.pricing.errors import ForeignComponentError, PricingError
from dues.pricing.models import FeeComponent, PriceRule
from dues.pricing.prices import Priced, change_price, follow_price, followed, is_used, remove_price, set_price


class NoOwnPricesError(PricingError):
    """The group may not set prices of its own."""

    def __init__(self) -> None:
        super().__init__("Whoever looks after the organisation sets the prices of this group.")


class NoCurrencyError(PricingError):
    """There is no creditor, and so no currency, for the group yet."""

    def __init__(self) -> None:
        super().__init__("Nobody is owed in this group yet, so it has no currency.")


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A part of the fee that is the group's own: what it costs elsewhere, and what here (oldest first)."""

    component_id: int
    names: Names
    elsewhere: Sequence[PriceRule]
    here: Sequence[PriceRule]

    def in_force(self, on: dt.date) -> PriceRule | None:
        """Return the group's own price on a day."""
        return next((rule for rule in reversed(self.here) if _holds(rule, on)), None)


def own_parts(session: Session, *, group: Group) -> list[OwnPart]:
    """Return the parts of fees whose money is the group's own, with their prices in its currency."""
    above = [int(step) for step in group.path.strip(".").split(".")]
    mine = or_(FeeComponent.beneficiary_id.is_(None), FeeComponent.beneficiary_id == group.id)
    components = session.scalars(
        select(FeeComponent).where(FeeComponent.group_id.in_(above), mine).order_by(FeeComponent.id)
    ).all()
    currency = session.scalar(select(Creditor.currency).where(Creditor.id == group.creditor_id))
    near = or_(PriceRule.group_id.is_(None), PriceRule.group_id.in_(above))
    rules = session.scalars(
        select(PriceRule)
        .where(PriceRule.component_id.in_([one.id for one in components]), PriceRule.currency == currency, near)
        .order_by(PriceRule.component_id, PriceRule.valid_from.nulls_first(), PriceRule.id)
    ).all()
    return [
        OwnPart(
            one.id,
            one.names,
            [rule for rule in rules if rule.component_id == one.id and rule.group_id != group.id],
            [rule for rule in rules if rule.component_id == one.id and rule.group_id == group.id],
        )
        for one in components
    ]


def set_own_price(
    session: Session, *, group_id: int, component_id: int, amount: int, from_on: dt.date, today: dt.date
) -> PriceRule:
    """Let a part of the fee cost ``amount`` (minor units, for a whole term) in a group from a day on.

    Raises NoOwnPricesError, ForeignComponentError, NoCurrencyError, and what `set_price` and `follow_price` raise.
    """
    group = held(session, Group, group_id)
    part = _part(session, group, component_id)
    latest = part.here[-1] if part.here else None
    if latest is not None and latest.valid_to is None:
        if not is_used(session, price_id=latest.id) and (latest.valid_from or today) >= from_on:
            priced = Priced.of(latest)
            return change_price(session, price_id=latest.id, priced=_from(priced, amount, from_on))
        priced = followed(latest, amount=amount, from_on=from_on)
        return follow_price(session, price_id=latest.id, priced=priced, today=today)
    currency = session.scalar(select(Creditor.currency).where(Creditor.id == group.creditor_id))
    if currency is None:
        raise NoCurrencyError
    priced = Priced(component_id=component_id, amount=amount, currency=currency, group_id=group_id, valid_from=from_on)
    return set_price(session, priced=priced)


def drop_own_price(session: Session, *, group_id: int, component_id: int, today: dt.date) -> None:
    """Let a part of the fee cost in a group what it costs elsewhere, for periods that begin from tomorrow on.

    Raises NoOwnPricesError and ForeignComponentError.
    """
    group = held(session, Group, group_id)
    for rule in _part(session, group, component_id).here:
        if not is_used(session, price_id=rule.id):
            remove_price(session, price_id=rule.id)
        elif rule.valid_to is None or rule.valid_to > today:
            last = max(today, rule.valid_from or today)
            change_price(session, price_id=rule.id, priced=Priced.ending(rule, on=last))


def _part(session: Session, group: Group, component_id: int) -> OwnPart:
    if not group.own_prices:
        raise NoOwnPricesError
    found = [one for one in own_parts(session, group=group) if one.component_id == component_id]
    if not found:
        raise ForeignComponentError
    return found[0]


def _from(priced: Priced, amount: int, from_on: dt.date) -> Priced:
    return Priced(
        component_id=priced.component_id,
        amount=amount,
        currency=priced.currency,
        type_id=priced.type_id,
        group_id=priced.group_id,
        min_age=priced.min_age,
        max_age=priced.max_age,
        valid_from=from_on,
    )


def _holds(rule: PriceRule, on: dt.date) -> bool:
    return (rule.valid_from is None or rule.valid_from <= on) and (rule.valid_to is None or on <= rule.valid_to)
