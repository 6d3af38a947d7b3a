"""Takes in what banks report on orders of refunds (pain.002): accepted ones say so, refused ones wait for somebody.

A report is no proof of money: a refund is booked when an account's statement says that it left. Each report counts
once, by its key; what it says of each order is kept with what came of it, also of orders that are none of ours.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankfiles.types import OrderStatus, ReportOpened
from database.sql import statement
from dues.payments.errors import FileRefusedError
from dues.payments.models import BankFile, Refusal
from dues.payments.refunds.models import Refund, RefundOrder
from dues.payments.refunds.report_models import OrderReport

FORMAT: Final = "pain.002"
"""The format of such a file."""

_MOST: Final = 2_000
"""Orders stored by one statement."""


@dataclass(slots=True)
class Report:
    """A report as it was read: what it says of the message as a whole (or its batch), and of single orders."""

    opened: ReportOpened
    whole: OrderStatus | None = None
    orders: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, status: OrderStatus) -> None:
        """Keep a word of the report; of message and batch the later and narrower one counts."""
        if status.level != "order":
            if status.fate != "part":
                self.whole = status
            return
        self.orders.append(_row(status))


def take_report(session: Session, report: Report, *, file: BankFile, account: int | None, on: dt.date) -> bool:
    """Move the refunds that a report speaks of; False where the same report was taken in before.

    ``account`` is the bank agreement whose orders alone may be meant, None for any. The caller holds the intake. Raises
    FileRefusedError where nothing in the report is about orders of ours.
    """
    key = f"{report.opened.key}|{report.opened.original_id}"
    if session.scalar(select(OrderReport.id).where(OrderReport.key == key)) is not None:
        return False
    order = _order(session, report, account=account)
    creditor_id = order.creditor_id if order else _creditor(session, report)
    if creditor_id is None:
        reason = "this is a report on orders, and none of them is ours; it brings no money"
        raise FileRefusedError(file.name, "", reason, Refusal.STRANGE)
    row = OrderReport(
        file_id=file.id,
        creditor_id=creditor_id,
        order_id=order.id if order else None,
        key=key,
        original_id=report.opened.original_id,
        created_on=report.opened.created,
    )
    session.add(row)
    session.flush()  # what it tells needs the id
    values = {"report": row.id, "creditor": creditor_id, "order": row.order_id, "on": report.opened.created or on}
    names = [told[0] for told in report.orders]
    session.execute(statement("dues/payments/sql/report_hold.sql"), {**values, "names": names})
    for first in range(0, len(report.orders), _MOST):
        told = dict(zip(_COLUMNS, map(list, zip(*report.orders[first : first + _MOST], strict=True)), strict=True))
        session.execute(statement("dues/payments/sql/report_orders.sql"), {**values, **told, "begins": first})
    if report.whole is not None and row.order_id is not None:
        _name, code, fate, why, said, *_others = _row(report.whole)
        whole = {"code": code, "fate": fate, "why": why, "said": said, "begins": len(report.orders)}
        session.execute(statement("dues/payments/sql/report_whole.sql"), {**values, **whole})
    session.execute(statement("dues/payments/sql/report_apply.sql"), values)
    session.expire_all()
    return True


_COLUMNS: Final = ("names", "codes", "fates", "whys", "says", "sums", "currencies", "receivers")


def _row(status: OrderStatus) -> tuple[Any, ...]:
    """Return what is kept of a status, as `report_orders.sql` reads it."""
    reason = status.reasons[0] if status.reasons else None
    words = " ".join(one.text for one in status.reasons if one.text)
    return (
        status.end_to_end_id or status.instruction_id or "",
        status.code,
        status.fate,
        (reason.code or None) if reason else None,
        words,
        status.amount,
        status.currency,
        status.name,
    )


def _order(session: Session, report: Report, *, account: int | None) -> RefundOrder | None:
    """Return the order that a report names by the number the bank was told."""
    try:
        name = UUID(report.opened.original_id)
    except ValueError:
        return None
    wanted = select(RefundOrder).where(RefundOrder.uuid == name)
    if account is not None:
        wanted = wanted.where(RefundOrder.agreement_id == account)
    return session.scalar(wanted)


def _creditor(session: Session, report: Report) -> int | None:
    """Return whose refunds a report speaks of that names the order in a way of the bank's own."""
    names = [told[0] for told in report.orders if told[0]]
    wanted = select(Refund.creditor_id).where(Refund.end_to_end_id.in_(names)).order_by(Refund.id).limit(1)
    return session.scalar(wanted) if names else None
