"""What banks report on orders of refunds (pain.002): taken in like every file, and each word of it counts once."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.payments.errors import FileKnownError, FileRefusedError
from dues.payments.models import BankFile, PaymentCase, Refusal
from dues.payments.refunds import approve
from dues.payments.refunds.models import Refund, RefundOrder, RefundState, Stopped
from dues.payments.refunds.propose import propose
from dues.payments.refunds.report_models import OrderTold, Outcome
from dues.payments.refunds.told import told_of_file
from tests.factories.money import banked, camt, paid, taken
from tests.factories.organisation import Organisation
from tests.payments.test_matching import PAID
from tests.payments.test_refunds import BANKGIRO, LATER, OFFICER, made, ordered

__all__ = ["made"]

AMOUNTS = (10_00, 20_00, 30_00)


def report(original: str, *orders: tuple[str, str, str, int], whole: str = "", number: str = "R1") -> BytesIO:
    """A report: of single orders (number, status, reason, amount), or with a status of the whole message."""
    told = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{code}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{why}</Cd></Rsn><AddtlInf>Closed</AddtlInf></StsRsnInf>" if why else "")
        + f'<OrgnlTxRef><Amt><InstdAmt Ccy="SEK">{amount // 100}.{amount % 100:02}</InstdAmt></Amt></OrgnlTxRef>'
        "</TxInfAndSts>"
        for name, code, why, amount in orders
    )
    batch = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{original}</OrgnlPmtInfId>{told}</OrgnlPmtInfAndSts>" if told else ""
    status = f"<GrpSts>{whole}</GrpSts><StsRsnInf><Rsn><Cd>DT01</Cd></Rsn></StsRsnInf>" if whole else ""
    return BytesIO(
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">'
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>{number}</MsgId><CreDtTm>2026-03-26T07:30:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{status}"
        f"</OrgnlGrpInfAndSts>{batch}</CstmrPmtStsRpt></Document>".encode()
    )


def on_their_way(session: Session, ledger: OpenSession, made: Organisation) -> list[Refund]:
    """Refunds of a payment that were ordered."""
    banked(ledger, camt(made.agreement, [paid(sum(AMOUNTS))], on=PAID), on=PAID)
    payment = session.scalars(select(PaymentCase.payment_id)).one()
    for amount in AMOUNTS:
        refund = propose(
            session,
            creditor_id=made.creditor.id,
            person_id=None,
            payment_id=payment,
            amount=amount,
            currency="SEK",
            name="Bo",
            account=BANKGIRO,
            reason="no member",
            by=OFFICER,
            on=PAID,
        )
        approve.offer_approval(session, refund_id=refund, by=OFFICER, proposer=7)
    session.commit()
    ordered(session, ledger, made)
    return list(session.scalars(select(Refund).order_by(Refund.id)))


def order_of(session: Session, refund: Refund) -> str:
    session.refresh(refund)
    return session.get_one(RefundOrder, refund.order_id).uuid.hex


def states(session: Session) -> list[tuple[RefundState, Stopped | None, str | None, dt.date | None]]:
    session.expire_all()
    found = session.scalars(select(Refund).order_by(Refund.id))
    return [(one.state, one.stopped, one.stop_code, one.accepted_on) for one in found]


def outcomes(session: Session, file: int) -> list[Outcome]:
    """What came of each order of a file, and its bytes are kept."""
    return [one.outcome for one in told_of_file(session, file_id=file, after=-1, limit=9)]


def test_what_a_bank_refused_waits_with_its_reason_and_what_it_took_says_so(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    """Once: not with the same file, not with the same report in other bytes, and not for an attempt that is over."""
    refunds = on_their_way(session, ledger, made)
    names = [one.end_to_end_id or "" for one in refunds]
    original = order_of(session, refunds[0])
    told = [
        (names[0], "RJCT", "AC04", AMOUNTS[0]),
        (names[1], "ACCP", "", AMOUNTS[1]),
        (names[2], "RJCT", "AC04", AMOUNTS[2] + 1),
        ("somebody-elses", "RJCT", "", 1),
    ]
    file = taken(ledger, report(original, *told), on=LATER, name="status.xml")
    day = dt.date(2026, 3, 26)
    expected = [
        (RefundState.BOUNCED, Stopped.REJECTED, "AC04", None),
        (RefundState.SENT, None, None, day),
        (RefundState.SENT, None, None, None),
    ]
    assert states(session) == expected
    assert session.scalars(select(Refund.stop_words).order_by(Refund.id).limit(1)).one() == "Closed"
    assert outcomes(session, file.file_id) == [Outcome.REJECTED, Outcome.ACCEPTED, Outcome.DIFFERS, Outcome.UNKNOWN]
    assert session.get_one(BankFile, file.file_id).format == "pain.002"
    with pytest.raises(FileKnownError):
        taken(ledger, report(original, *told), on=LATER, name="again.xml")

    approve.offer_approval(session, refund_id=refunds[0].id, by=OFFICER, proposer=7)
    session.commit()
    ordered(session, ledger, made)
    before = states(session)
    assert before[0][:3] == (RefundState.SENT, None, None)
    again = taken(ledger, report(original, *told[:2]), on=LATER, name="again.xml")
    assert (again.warnings != (), outcomes(session, again.file_id)) == (True, [])
    late = taken(ledger, report(original, told[0], number="R2"), on=LATER, name="late.xml")
    assert (states(session), outcomes(session, late.file_id)) == (before, [Outcome.LATE])

    whole = taken(ledger, report(order_of(session, refunds[0]), whole="RJCT", number="R3"), on=LATER, name="whole.xml")
    assert outcomes(session, whole.file_id) == [Outcome.REJECTED]
    assert states(session) == [(RefundState.BOUNCED, Stopped.REJECTED, "DT01", None), *before[1:]]


@pytest.mark.usefixtures("made")
def test_a_report_on_orders_of_others_is_refused(session: Session, ledger: OpenSession) -> None:
    with pytest.raises(FileRefusedError, match="none of them is ours") as refused:
        taken(ledger, report("M1", ("E1", "RJCT", "AC04", 1)), on=LATER)
    assert refused.value.kind is Refusal.STRANGE
    assert session.scalars(select(OrderTold)).all() == []
