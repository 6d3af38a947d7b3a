"""Which rules a creditor lets payments be matched by, in which order; without a word of theirs, the house's order."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dues.editing import EditingError, held
from dues.groups.models import Creditor
from dues.payments.match_models import MatchingRule, Rule

MOST: Final = 99
"""The last place in the order."""

DEFAULT: Final[Mapping[Rule, int]] = {rule: place for place, rule in enumerate(Rule, start=1)}
"""The place of each rule where a creditor says nothing else; 0 would be switched off."""


HOUSE: Final = tuple(Rule)
"""The rules in the order of the house."""


class PlaceTakenError(EditingError):
    """Two rules have the same place in the order, or one has none that there is."""

    def __init__(self, place: int) -> None:
        super().__init__(f"The place {place} is taken by another rule, or there is none.")
        self.place = place


def places(session: Session, *, creditor_id: int) -> dict[Rule, int]:
    """Return the place of each rule in a creditor's order; 0 is switched off."""
    rows = select(MatchingRule.rule, MatchingRule.position).where(MatchingRule.creditor_id == creditor_id)
    return {**DEFAULT, **dict(session.execute(rows).all())}


def in_force(session: Session, *, creditor_id: int) -> list[Rule]:
    """Return the rules that are tried for a creditor, in their order."""
    return _ordered(places(session, creditor_id=creditor_id))


def orders(session: Session) -> dict[int, list[Rule]]:
    """Return the rules in force, in their order, of the creditors that have an order of their own."""
    found: dict[int, dict[Rule, int]] = {}
    for row in session.scalars(select(MatchingRule)):
        found.setdefault(row.creditor_id, dict(DEFAULT))[row.rule] = row.position
    return {creditor_id: _ordered(own) for creditor_id, own in found.items()}


def _ordered(found: Mapping[Rule, int]) -> list[Rule]:
    return sorted((rule for rule, place in found.items() if place), key=lambda rule: (found[rule], DEFAULT[rule]))


def set_places(session: Session, *, creditor_id: int, wanted: Mapping[Rule, int]) -> Creditor:
    """Set a creditor's order of rules; 0 switches one off. Raises an EditingError, and changes nothing then.

    What waits is looked at again soon after.
    """
    used = [place for place in wanted.values() if place != 0]
    for place in used:
        if not 1 <= place <= MOST or used.count(place) > 1:
            raise PlaceTakenError(place)
    creditor = held(session, Creditor, creditor_id)
    if places(session, creditor_id=creditor_id) != {**DEFAULT, **wanted}:
        session.execute(delete(MatchingRule).where(MatchingRule.creditor_id == creditor_id))
        for rule, place in wanted.items():
            session.add(MatchingRule(creditor_id=creditor_id, rule=rule, position=place))
        session.flush()
    return creditor


def last_changed(session: Session) -> dt.datetime | None:
    """Return when any creditor's order was changed last; None where none ever was."""
    return session.scalar(select(func.max(MatchingRule.changed_at)))
