"""What a creditor does when money is returned."""

from sqlalchemy.orm import Session

from dues.editing import held
from dues.groups.models import Creditor, ReturnedCover, ReturnedFee


def set_returned(session: Session, *, creditor_id: int, cover: ReturnedCover, fee: ReturnedFee) -> Creditor:
    """Say what becomes of memberships and of the bank's fee from now on. Raises an EditingError."""
    creditor = held(session, Creditor, creditor_id)
    creditor.returned_cover, creditor.returned_fee = cover, fee
    session.flush()
    return creditor
