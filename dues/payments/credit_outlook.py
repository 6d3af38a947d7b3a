"""What crediting some lines of an invoice would lead to, without doing it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.invoicing.models import Claim
from dues.payments.credit_books import LineLeft, left_of_lines, taken_of
from dues.payments.credit_invoice import chosen


@dataclass(frozen=True, slots=True)
class PartOutlook:
    """What a credit note over some lines would take back, in minor units.

    ``of_open`` is not to be paid any more, ``of_paid`` becomes credit; of ``freed`` lines nothing is left.
    ``closes`` says that what is left of the invoice has been paid then.
    """

    lines: Mapping[LineLeft, int]
    of_open: int
    of_paid: int
    freed: tuple[LineLeft, ...]
    closes: bool

    @property
    def total(self) -> int:
        """What it takes back."""
        return sum(self.lines.values())

    @property
    def amounts(self) -> dict[int, int]:
        """What it takes back of each line, by position."""
        return {line.position: amount for line, amount in self.lines.items() if amount}


def outlook_of_part(session: Session, *, invoice_id: int, amounts: Mapping[int, int]) -> PartOutlook:
    """Return what would follow. Raises NothingCreditedError and TooMuchCreditedError."""
    lines = chosen(left_of_lines(session, invoice_id=invoice_id), amounts)
    claims = session.scalars(select(Claim).where(Claim.invoice_id == invoice_id).order_by(Claim.id)).all()
    taken = taken_of(claims, sum(lines.values()))
    of_open = sum(one.of_open for one in taken)
    still_open = sum(claim.open_amount for claim in claims)
    return PartOutlook(
        lines=lines,
        of_open=of_open,
        of_paid=sum(one.of_paid for one in taken),
        freed=tuple(line for line, amount in lines.items() if line.membership_id and line.still == amount),
        closes=0 < still_open == of_open,
    )
