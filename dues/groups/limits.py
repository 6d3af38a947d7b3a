"""Limits of creditors: what one person alone may give back or give up."""

from sqlalchemy.orm import Session

from dues.editing import EditingError, held
from dues.groups.models import Creditor


class NegativeLimitError(EditingError):
    """A limit lies below nothing."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"A limit of {limit} lies below nothing.")


def set_limits(session: Session, *, creditor_id: int, refund: int | None, write_off: int | None) -> Creditor:
    """Set the limits of a creditor, in minor units of its currency; None is no limit. Raises an EditingError."""
    for limit in (refund, write_off):
        if limit is not None and limit < 0:
            raise NegativeLimitError(limit)
    creditor = held(session, Creditor, creditor_id)
    creditor.refund_limit, creditor.write_off_limit = refund, write_off
    session.flush()
    return creditor
