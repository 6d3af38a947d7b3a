"""What an issued invoice says once more: its lines, for a template or for others who are to get the same."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.invoicing.models import FrozenText, Invoice, InvoiceKind, InvoiceLine
from dues.invoicing.templates import TemplateLine


@dataclass(frozen=True, slots=True)
class Repeatable:
    """The lines of an invoice that can be sent to others; ``fees`` counts those that cannot.

    Fees of memberships are left out: each member has their own price and their own periods, and renewals charge them.
    """

    lines: list[TemplateLine]
    fees: int


def repeatable(session: Session, *, invoice: Invoice) -> Repeatable:
    """Return what of an invoice can be sent to others; of a credit note nothing."""
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        return Repeatable([], 0)
    wanted = (
        select(InvoiceLine, FrozenText.content["component"])
        .join(FrozenText, FrozenText.id == InvoiceLine.text_id)
        .where(InvoiceLine.invoice_id == invoice.id)
        .order_by(InvoiceLine.position)
    )
    found = session.execute(wanted).all()
    lines = [
        TemplateLine(
            quantity=line.quantity,
            unit_price=line.unit_price,
            product_id=line.product_id,
            words={} if line.product_id is not None else dict(words),
            account_id=None if line.product_id is not None else line.account_id,
        )
        for line, words in found
        if line.component_id is None and line.quantity is not None
    ]
    return Repeatable(lines, len(found) - len(lines))
