"""A refund and a fund for the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dues.payments.gifts.funds import add_fund
from dues.payments.refunds.models import PayoutScheme, Refund
from tests.screens.still import NOTED

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from sqlalchemy.orm import Session

    from dues.invoicing.models import Claim


def pay_back(session: Session, *, claim: Claim, on: dt.date) -> UUID:
    """Let money go back to a debtor, and be given for an organ."""
    add_fund(session, creditor_id=claim.creditor_id, names={"en": "Organ", "sv": "Orgel"})
    refund = Refund(
        creditor_id=claim.creditor_id,
        person_id=claim.debtor_id,
        amount=120_00,
        currency=claim.currency,
        name="Kim Ek",
        scheme=PayoutScheme.IBAN,
        number="NL91ABNA0417164300",
        reason="Paid twice",
        on_date=on,
        actor="job:automatic",
        recorded_at=NOTED,
    )
    session.add(refund)
    session.flush()
    return refund.uuid
