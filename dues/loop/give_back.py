"""What somebody paid for a time that they do not need any more is put up for refund, where refunds are bound."""

import datetime as dt
from collections.abc import Collection
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.invoicing.models import Invoice
from dues.members.models import Person


class PutsUp(Protocol):
    """Puts an amount of a person's credit up for refund, and returns the refund's id; a second person approves it."""

    def __call__(
        self,
        session: Session,
        /,
        *,
        creditor_id: int,
        person_id: int | None,
        payment_id: int | None,
        amount: int,
        currency: str,
        name: str,
        account: str | None,
        reason: str,
        by: Actor,
        on: dt.date,
    ) -> int:
        """Put it up; ``amount`` is minor units, ``account`` as somebody wrote it, None where it is still asked for."""


_bound: list[PutsUp] = []


def bind(puts_up: PutsUp | None) -> None:
    """Say who puts refunds up; None lets what is not needed stay credit."""
    _bound[:] = [] if puts_up is None else [puts_up]


def offered() -> bool:
    """Tell whether anything can be put up for refund."""
    return bool(_bound)


def put_up(session: Session, *, kept: Collection[tuple[int, int]], on: dt.date, by: Actor) -> list[int]:
    """Put what became credit up for refund to whoever was to pay: (invoice, minor units); return the refunds."""
    if not _bound:
        return []
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
            _bound[0](
                session,
                creditor_id=invoice.creditor_id,
                person_id=payer.id,
                payment_id=None,
                amount=amount,
                currency=invoice.currency,
                name=f"{payer.given_name} {payer.family_name}".strip(),
                account=None,
                reason=f"membership ended, invoice {invoice.called}",
                by=by,
                on=on,
            )
        )
    return refunds
