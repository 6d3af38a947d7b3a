"""A refund and a fund for the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dues.invoicing.models import Claim
from dues.payments.gifts.funds import add_fund
from dues.payments.refunds.models import PayoutScheme, Refund
from tests.screens.still import NOTED

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session


def pay_back(session: Session, *, on: dt.date) -> str:
    """Let money go back to a debtor, and be given for an organ; what addresses call the refund."""
    claim = session.scalars(select(Claim).where(Claim.ended == "paid").order_by(Claim.id).limit(1)).one()
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
    return str(refund.uuid)
