"""Crediting an invoice above its creditor's limit waits for a second person."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from dues.access.approvals import propose
from dues.access.models import Approval
from dues.access.permissions import Permission
from dues.actor import Actor
from dues.dates import today
from dues.groups.models import Creditor
from dues.invoicing.models import Invoice
from dues.payments.credit_invoice import credit_invoice
from dues.trial import try_out

KIND: Final = "credit"
"""What a credit that waits for a second person is called among approvals."""


def offer_credit(
    session: Session, *, invoice_id: int, on: dt.date, by: Actor, proposer: int, seen: int
) -> Approval | None:
    """Credit an invoice, or, above its creditor's limit, ask a second person. Raises what `credit_invoice` raises."""
    invoice = session.get_one(Invoice, invoice_id)
    creditor = session.get_one(Creditor, invoice.creditor_id)
    limit = creditor.write_off_limit
    if limit is None or (invoice.currency == creditor.currency and invoice.amount <= limit):
        credit_invoice(session, invoice_id=invoice_id, on=on, by=by, seen=seen)
        return None
    try_out(session, lambda: credit_invoice(session, invoice_id=invoice_id, on=on, by=by, seen=seen))
    return propose(
        session,
        kind=KIND,
        permission=Permission.INVOICES_CREDIT,
        group_id=creditor.group_id,
        payload={"invoice": invoice_id, "by": proposer},
        by=proposer,
    )


def credit_proposed(session: Session, payload: Mapping[str, Any]) -> None:
    """Credit the invoice that a second person has agreed to."""
    by = Actor("staff", str(payload["by"]))
    credit_invoice(session, invoice_id=payload["invoice"], on=today(session), by=by)
