"""A refund and a fund for the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from dues.invoicing.models import Claim
from dues.payments.gifts.funds import add_fund
from dues.payments.models import BankFile, FileState
from dues.payments.refunds.models import PayoutScheme, Refund, RefundState, Stopped
from dues.payments.refunds.report_models import OrderReport, OrderTold, Outcome
from tests.screens.still import NOTED

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session


def pay_back(session: Session, *, on: dt.date) -> str:
    """Let money go back to a debtor, and be given for an organ; what addresses call the refund."""
    claim = session.scalars(select(Claim).where(Claim.ended == "paid").order_by(Claim.id).limit(1)).one()
    add_fund(session, creditor_id=claim.creditor_id, names={"en": "Organ", "sv": "Orgel"})
    refund = Refund(
        creditor_id=claim.creditor_id,
        person_id=claim.debtor_id,
        amount=120_00,
        currency=claim.currency,
        name="Kim Ek",
        scheme=PayoutScheme.IBAN,
        number="NL91ABNA0417164300",
        reason="Paid twice",
        on_date=on,
        actor="job:automatic",
        recorded_at=NOTED,
    )
    session.add(refund)
    session.flush()
    return str(refund.uuid)


def reported(session: Session, *, on: dt.date) -> tuple[str, str]:
    """A bank's report that refuses one refund of two orders, the other of them nobody's; what addresses call both."""
    before = session.scalars(select(Refund).order_by(Refund.id).limit(1)).one()
    refund = Refund(
        creditor_id=before.creditor_id,
        person_id=before.person_id,
        amount=75_00,
        currency=before.currency,
        name="Anna Berg",
        scheme=PayoutScheme.IBAN,
        number="NL02ABNA0123456789",
        reason="Left in time",
        state=RefundState.BOUNCED,
        stopped=Stopped.REJECTED,
        stop_code="AC04",
        on_date=on,
        actor="job:automatic",
        recorded_at=NOTED,
    )
    file = _report_file()
    session.add_all((refund, file))
    session.flush()
    report = OrderReport(
        file_id=file.id,
        creditor_id=refund.creditor_id,
        key="status",
        original_id="M1",
        created_on=on,
        recorded_at=NOTED,
    )
    session.add(report)
    session.flush()
    _told(session, refund, report)
    return str(refund.uuid), str(file.uuid)


def _report_file() -> BankFile:
    return BankFile(
        name="status-of-refunds.xml",
        state=FileState.ACCEPTED,
        digest="status",
        size=2048,
        format="pain.002",
        actor="job:automatic",
        warnings=[],
        recorded_at=NOTED,
    )


def _told(session: Session, refund: Refund, report: OrderReport) -> None:
    told: dict[str, Any] = {
        "report_id": report.id,
        "creditor_id": refund.creditor_id,
        "currency": refund.currency,
    }
    session.add_all(
        (
            OrderTold(
                **told,
                position=1,
                end_to_end_id="a1",
                code="RJCT",
                reason="AC04",
                amount=75_00,
                refund_id=refund.id,
                outcome=Outcome.REJECTED,
            ),
            OrderTold(
                **told, position=2, end_to_end_id="rent-2026-11", code="ACCP", amount=900_00, outcome=Outcome.UNKNOWN
            ),
        )
    )
    session.flush()
