"""What came with payments as gifts, for the receipts that thank for it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from database.base import Names
from dues.journal.fund_models import Fund
from dues.payments.gifts.models import Gift


@dataclass(frozen=True, slots=True)
class GivenWith:
    """What somebody gave with a payment beyond what they owed, in minor units of its currency, and for which fund."""

    amount: int
    fund: Names


def given_with(session: Session, *, payments: Collection[int]) -> dict[tuple[int, int], GivenWith]:
    """Return what was given with some payments and not taken back, by payment and by whom: one gift each."""
    back = aliased(Gift)
    wanted = (
        select(Gift.payment_id, Gift.person_id, Gift.amount, Fund.names)
        .join(Fund, Fund.id == Gift.fund_id)
        .where(
            Gift.payment_id.in_(payments),
            Gift.reverses_id.is_(None),
            ~select(back.id).where(back.reverses_id == Gift.id).exists(),
        )
    )
    return {
        (payment_id, person_id): GivenWith(amount, names)
        for payment_id, person_id, amount, names in session.execute(wanted)
        if payment_id is not None
    }
