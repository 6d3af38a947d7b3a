"""What somebody paid for a time that they do not need any more is put up for refund."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.invoicing.models import Invoice
from dues.members.estate import estate_of
from dues.members.models import Person
from dues.payments.refunds.propose import propose
from language import Language


def put_up(session: Session, *, kept: Collection[tuple[int, int]], on: dt.date, by: Actor) -> list[int]:
    """Put what became credit up for refund to whoever was to pay: (invoice, minor units); return the refunds."""
    wanted = (
        select(Invoice, Person)
        .join(Person, Person.id == Invoice.payer_id)
        .where(Invoice.id.in_([invoice_id for invoice_id, _ in kept]))
    )
    found = {invoice.id: (invoice, payer) for invoice, payer in session.execute(wanted)}
    refunds = []
    for invoice_id, amount in kept:
        invoice, payer = found[invoice_id]
        refunds.append(
            propose(
                session,
                creditor_id=invoice.creditor_id,
                person_id=payer.id,
                payment_id=None,
                amount=amount,
                currency=invoice.currency,
                name=_called(payer),
                account=None,
                reason=f"membership ended, invoice {invoice.called}",
                by=by,
                on=on,
            )
        )
    return refunds


def _called(payer: Person) -> str:
    """Return to whom it goes: after a death to the estate."""
    name = f"{payer.given_name} {payer.family_name}".strip()
    return name if payer.deceased_on is None else estate_of(name, Language(payer.language))
