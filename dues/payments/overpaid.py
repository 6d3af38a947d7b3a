"""Sets what a creditor does with money that is more than was owed, and with small differences."""

from sqlalchemy.orm import Session

from dues.editing import EditingError, held
from dues.groups.models import Creditor, Overpaid
from dues.payments.gifts.models import Fund


class NoFundError(EditingError):
    """A gift needs an open fund of the same creditor."""

    def __init__(self) -> None:
        super().__init__("Choose one of this creditor's own funds.")


class NegativeToleranceError(EditingError):
    """A tolerance lies below nothing."""

    def __init__(self, tolerance: int) -> None:
        super().__init__(f"A tolerance of {tolerance} lies below nothing.")


def set_overpaid(
    session: Session, *, creditor_id: int, overpaid: Overpaid, fund_id: int | None, tolerance: int
) -> Creditor:
    """Set the rule for what is paid too much, and up to which amount (minor units) differences are written off.

    Raises NoFundError, NegativeToleranceError and GoneError.
    """
    if tolerance < 0:
        raise NegativeToleranceError(tolerance)
    creditor = held(session, Creditor, creditor_id)
    fund = session.get(Fund, fund_id) if fund_id is not None else None
    wrong = fund is not None and (fund.creditor_id != creditor_id or fund.closed)
    if wrong or (overpaid is Overpaid.GIFT and fund is None):
        raise NoFundError
    creditor.overpaid, creditor.gift_fund_id, creditor.tolerance = overpaid, fund_id, tolerance
    session.flush()
    return creditor
