"""Sets what a creditor does with money that is more than was owed, and with small differences."""

from sqlalchemy.orm import Session

from dues.editing import EditingError, held
from dues.groups.models import Creditor, Overpaid
from dues.journal.fund_models import Fund


class NoFundError(EditingError):
    """A gift needs an open fund of the same creditor."""

    def __init__(self) -> None:
        super().__init__("Choose one of this creditor's own funds.")


class NoLimitError(EditingError):
    """A limit of gifts lies at nothing, or below."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"A limit of {limit} lets no gift through.")


class NegativeToleranceError(EditingError):
    """A tolerance lies below nothing."""

    def __init__(self, tolerance: int) -> None:
        super().__init__(f"A tolerance of {tolerance} lies below nothing.")


def set_overpaid(
    session: Session,
    *,
    creditor_id: int,
    overpaid: Overpaid,
    fund_id: int | None,
    tolerance: int,
    invites: bool = False,
    gift_limit: int | None = None,
) -> Creditor:
    """Set the rule for what is paid too much, and up to which amount (minor units) differences are written off.

    Where it ``invites``, its invoices for fees say from now on that what is paid beyond them is a gift; a gift above
    ``gift_limit`` waits for somebody. Raises NoFundError, NegativeToleranceError, NoLimitError and GoneError.
    """
    if tolerance < 0:
        raise NegativeToleranceError(tolerance)
    if gift_limit is not None and gift_limit <= 0:
        raise NoLimitError(gift_limit)
    creditor = held(session, Creditor, creditor_id)
    fund = session.get(Fund, fund_id) if fund_id is not None else None
    wrong = fund is not None and (fund.creditor_id != creditor_id or fund.closed)
    if wrong or ((invites or overpaid is Overpaid.GIFT) and fund is None):
        raise NoFundError
    creditor.overpaid, creditor.gift_fund_id, creditor.tolerance = overpaid, fund_id, tolerance
    creditor.invites_gifts, creditor.gift_limit = invites, gift_limit
    session.flush()
    return creditor
