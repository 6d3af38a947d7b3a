"""Reads of invoice runs."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.invoicing.models import InvoiceItem, ItemState


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a run has issued, or its preview would issue: ``ready`` invoices, minor units by currency, reasons."""

    ready: int
    amounts: dict[str, int]
    excluded: dict[str, int]

    @property
    def single(self) -> tuple[int | None, str | None]:
        """The amount and its currency; both None where there are several currencies, or 0 and None without any."""
        if len(self.amounts) > 1:
            return None, None
        return next(((amount, currency) for currency, amount in self.amounts.items()), (0, None))


def outlook(session: Session, *, run_id: int) -> Outlook:
    """Sum up the items of an invoice run."""
    rows = session.execute(
        select(InvoiceItem.state, InvoiceItem.currency, InvoiceItem.reason, func.count(), func.sum(InvoiceItem.amount))
        .where(InvoiceItem.run_id == run_id)
        .group_by(InvoiceItem.state, InvoiceItem.currency, InvoiceItem.reason)
        .order_by(InvoiceItem.currency, InvoiceItem.reason)
    )
    found = Outlook(ready=0, amounts={}, excluded={})
    ready = 0
    for state, currency, reason, count, amount in rows:
        if state is ItemState.READY:
            ready += count
            found.amounts[currency or ""] = int(amount)
        else:
            found.excluded[reason or ""] = found.excluded.get(reason or "", 0) + count
    return Outlook(ready, found.amounts, found.excluded)
