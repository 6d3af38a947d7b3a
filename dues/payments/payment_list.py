"""The list of payments: a page of it at a time, newest first, narrowed by what people ask for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.models import Creditor
from dues.paging import Page, Place, counted, read_page
from dues.payments.became import Became, became
from dues.payments.models import BankFile, CaseReason, Payment, PaymentCase
from dues.payments.payment_wishes import PaymentsWanted, walk, wishes


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as a list shows it; ``waits`` says why it waits for a person, None where it does not.

    ``became`` is what became of it beside being used, None where it is only used.
    """

    id: int
    booked_on: dt.date
    payer_name: str
    payer_account: str | None
    reference: str | None
    amount: int
    currency: str
    creditor: str
    file: str
    file_id: UUID | None
    waits: CaseReason | None
    unallocated: int
    became: Became | None


def payments(session: Session, wanted: PaymentsWanted, *, at: Place | None, rows: int = 50) -> Page[PaymentRow]:
    """Return a page of payments."""
    page = read_page(session, walk(session, wanted), at=at, wishes=wishes(session, wanted), rows=rows)
    drawn = _rows(session, [one.id for one in page.rows])
    return page.turned(lambda one: drawn[one.id])


def how_many_payments(session: Session, wanted: PaymentsWanted) -> int:
    """Return how many payments the list has in all, for work in the background."""
    return counted(session, walk(session, wanted), wishes=wishes(session, wanted))


def _rows(session: Session, ids: Sequence[int]) -> dict[int, PaymentRow]:
    wanted = (
        select(Payment, Creditor.name, BankFile, PaymentCase)
        .join(Creditor, Creditor.id == Payment.creditor_id)
        .outerjoin(BankFile, BankFile.id == Payment.file_id)
        .outerjoin(PaymentCase, (PaymentCase.payment_id == Payment.id) & PaymentCase.closed_at.is_(None))
        .where(Payment.id.in_(ids))
    )
    told = became(session, payments=ids)
    return {
        one.id: _row(one, creditor, file, case, told.get(one.id))
        for one, creditor, file, case in session.execute(wanted)
    }


def _row(
    one: Payment, creditor: str, file: BankFile | None, case: PaymentCase | None, told: Became | None
) -> PaymentRow:
    return PaymentRow(
        id=one.id,
        booked_on=one.booked_on,
        payer_name=one.payer_name,
        payer_account=one.payer_account,
        reference=one.reference,
        amount=one.amount,
        currency=one.currency,
        creditor=creditor,
        file=file.name if file else "",
        file_id=file.uuid if file else None,
        waits=case.reason if case else None,
        unallocated=case.unallocated if case else 0,
        became=told,
    )
