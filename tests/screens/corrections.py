"""Where the pages of corrections are in a scene."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.invoicing.models import Claim
from dues.payments.by_hand import How, Received, receive
from dues.payments.models import Allocation

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from tests.screens.scene import Scene


def moving(scene: Scene) -> str:
    """Return where the use of a payment that is used is moved."""
    with scene.database.opener(Role.JOBS)() as session:
        wanted = select(Allocation.id).where(Allocation.payment_id == scene.used_payment).order_by(Allocation.id)
        return f"/admin/payments/allocations/{session.scalars(wanted).first()}/move"


def cash(session: Session, *, on: dt.date) -> str:
    """Let an officer receive cash that is kept as credit; what addresses call its payment."""
    claim = session.scalars(select(Claim).where(Claim.ended == "paid").order_by(Claim.id).limit(1)).one()
    came = Received(
        creditor_id=claim.creditor_id,
        person_id=claim.debtor_id,
        amount=40_00,
        how=How.CASH,
        received_on=on,
        key=UUID(int=7),
        note="At the annual meeting",
    )
    return str(receive(session, received=came, on=on, by=COMMAND_LINE))
