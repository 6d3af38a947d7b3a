"""What somebody earns a year, for fees that are a share of it: known from a day on, until another amount is."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.editing import EditingError
from dues.members.models import PersonIncome

_MOST = 10**14


class IncomeError(EditingError):
    """An income is below zero, or more than anybody earns."""

    def __init__(self) -> None:
        super().__init__("An income is zero or more.")


def incomes_of(session: Session, *, person_id: int) -> Sequence[PersonIncome]:
    """Return the incomes that are known of somebody, the newest first."""
    wanted = select(PersonIncome).where(PersonIncome.person_id == person_id)
    return session.scalars(wanted.order_by(PersonIncome.from_on.desc(), PersonIncome.currency)).all()


def set_income(session: Session, *, person_id: int, amount: int, currency: str, from_on: dt.date) -> PersonIncome:
    """Let a yearly income (minor units) hold from a day on; the one before ends the day before. Raises IncomeError.

    One that was written down for a later day still begins then. Written again for the same day, it is corrected.
    """
    if not 0 <= amount <= _MOST:
        raise IncomeError
    mine = (PersonIncome.person_id == person_id, PersonIncome.currency == currency)
    rows = session.scalars(select(PersonIncome).where(*mine).order_by(PersonIncome.from_on).with_for_update()).all()
    before = next((row for row in reversed(rows) if row.from_on < from_on), None)
    after = next((row for row in rows if row.from_on > from_on), None)
    same = next((row for row in rows if row.from_on == from_on), None)
    day = dt.timedelta(days=1)
    if before is not None and (before.to_on is None or before.to_on >= from_on):
        before.to_on = from_on - day
    row = same or PersonIncome(person_id=person_id, currency=currency, from_on=from_on)
    row.amount, row.to_on = amount, None if after is None else after.from_on - day
    session.add(row)
    session.flush()
    return row


def end_income(session: Session, *, person_id: int, currency: str, on: dt.date) -> None:
    """Let nothing be known any more of what somebody earns, from the day after ``on``."""
    mine = (PersonIncome.person_id == person_id, PersonIncome.currency == currency)
    for row in session.scalars(select(PersonIncome).where(*mine).with_for_update()):
        if row.from_on > on:
            session.delete(row)
        elif row.to_on is None or row.to_on > on:
            row.to_on = on
    session.flush()
