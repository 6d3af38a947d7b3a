"""Where the pages of corrections are in a scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.payments.models import Allocation

if TYPE_CHECKING:
    from tests.screens.scene import Scene


def moving(scene: Scene) -> str:
    """Return where the use of a payment that is used is moved."""
    with scene.database.opener(Role.JOBS)() as session:
        wanted = select(Allocation.id).where(Allocation.payment_id == scene.used_payment).order_by(Allocation.id)
        return f"/admin/payments/allocations/{session.scalars(wanted).first()}/move"
