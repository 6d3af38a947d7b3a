"""Orders approved refunds from the bank: a run that writes files of orders (pain.001), each in one transaction.

What is in a file is on its way in the same commit: killed at any moment, a refund is in exactly one file or in none.
What the bank has taken back meanwhile drops out, and waits with that reason.
The bytes are stored as they were written; a download sends them and never writes anew.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from bankfiles.write_pain001 import Order, Outgoing, PayAccount, PayScheme, write_pain001
from database.sql import statement
from dues.actor import Actor
from dues.groups.models import WITHIN, BankAgreement, Creditor
from dues.payments.refunds.errors import NoOrderAccountError
from dues.payments.refunds.models import Refund, RefundOrder, RefundState
from dues.payments.return_links import stop_refunds, taken_back
from dues.runs.drive import Kind
from dues.runs.models import Run, RunState
from dues.runs.start import finish, start

KIND: Final = "refund order"

ORDERING: Final = "order"
"""The phase in which files are written."""

MOST: Final = 10_000
"""Payments of one file: banks take no more than some ten thousands."""

_SCHEMES: Final[dict[str, PayScheme]] = {"IBAN": "IBAN", "BGNR": "BGNR", "PGNR": "PGNR", "SE": "SE", "NO": "NO"}


def start_order(
    session: Session, *, creditor_id: int, currency: str, execute_on: dt.date, on: dt.date, by: Actor
) -> Run:
    """Begin to order all approved refunds of a creditor in a currency. Raises NoOrderAccountError."""
    paying_account(session, creditor_id=creditor_id, currency=currency)
    params = {"creditor": creditor_id, "currency": currency, "execute_on": execute_on.isoformat()}
    return start(session, kind=KIND, params=params, on=on, by=by, confirmed=True)


def writing(session: Session) -> bool:
    """Tell whether a file of orders is being written now."""
    wanted = select(Run.id).where(Run.kind == KIND, Run.state.in_((RunState.PREPARING, RunState.WORKING))).limit(1)
    return session.scalar(wanted) is not None


def paying_account(session: Session, *, creditor_id: int, currency: str) -> BankAgreement:
    """Return the agreement whose account pays: the preferred one of a currency. Raises NoOrderAccountError."""
    wanted = select(BankAgreement).where(
        BankAgreement.creditor_id == creditor_id,
        BankAgreement.currency == currency,
        BankAgreement.scheme.not_in(WITHIN),
    )
    found = session.scalars(wanted.order_by(BankAgreement.preferred.desc(), BankAgreement.id)).first()
    if found is None or (currency == "EUR" and not found.iban and found.scheme != "IBAN"):
        raise NoOrderAccountError(creditor_id, currency)
    return found


def _step(session: Session, run: Run) -> bool:
    """Write a file of orders, until nothing approved is left."""
    if run.phase != ORDERING:
        run.phase, run.state = ORDERING, RunState.WORKING
        run.started_at = session.scalar(func.now().select())
        run.total = _waiting(session, run)
        run.result = {"files": 0, "issued": 0}
        return True
    taken, written = _write(session, run)
    run.done += written
    known = run.result
    if written:
        known = {**known, "files": int(known.get("files", 0)) + 1, "issued": int(known.get("issued", 0)) + written}
    if written < taken:
        known = {**known, "left_out": int(known.get("left_out", 0)) + taken - written}
        run.total -= taken - written
    run.result = known
    if taken < MOST:
        finish(session, run)
        return False
    return True


def _waiting(session: Session, run: Run) -> int:
    wanted = select(func.count()).where(
        Refund.creditor_id == run.params["creditor"],
        Refund.currency == run.params["currency"],
        Refund.state == RefundState.APPROVED,
    )
    return int(session.scalar(wanted) or 0)


def _write(session: Session, run: Run) -> tuple[int, int]:
    """Write a file of what is still right to be ordered; return how many refunds that was to be, and was."""
    creditor_id, currency = int(run.params["creditor"]), str(run.params["currency"])
    asked = {"creditor": creditor_id, "currency": currency, "most": MOST}
    held = session.scalars(statement("dues/payments/sql/refund_hold.sql"), asked).all()
    # Locked first, and looked at then: what the bank has taken back since it was approved is not ordered.
    stop_refunds(session, payments=taken_back(session, creditor_id=creditor_id), refunds=held)
    # The order stands first, since refunds name it; it is written once its content is known.
    order_id = session.scalars(text("SELECT nextval('refund_order_id_seq')")).one()
    session.execute(text("SET CONSTRAINTS fk_refund_order_id DEFERRED"))
    values = {"id": order_id, "among": list(held)}
    rows = session.execute(statement("dues/payments/sql/refund_order.sql"), values).all()
    if not rows:
        return len(held), 0
    agreement = paying_account(session, creditor_id=creditor_id, currency=currency)
    execute_on = dt.date.fromisoformat(run.params["execute_on"])
    public_id = uuid4()
    created = session.scalars(select(func.now())).one()
    order = Order(
        message_id=public_id.hex,
        created=created.astimezone(dt.UTC),
        debtor=session.get_one(Creditor, creditor_id).name,
        account=_payer(agreement),
        currency=currency,
        execute_on=execute_on,
        payments=_payments(rows, session.get_one(Creditor, creditor_id)),
        bic=agreement.bic or "",
    )
    content = write_pain001(order)
    session.add(
        RefundOrder(
            id=order_id,
            uuid=public_id,
            creditor_id=creditor_id,
            agreement_id=agreement.id,
            run_id=run.id,
            execute_on=execute_on,
            currency=currency,
            payments=len(rows),
            amount=sum(row.amount for row in rows),
            content=content,
            digest=hashlib.sha256(content).hexdigest(),
            actor=run.actor,
        )
    )
    session.flush()
    return len(held), len(rows)


def _payments(rows: Sequence[Row[Any]], creditor: Creditor) -> list[Outgoing]:
    return [
        Outgoing(
            end_to_end_id=row.end_to_end_id,
            amount=row.amount,
            name=row.name,
            account=PayAccount(_SCHEMES[row.scheme], row.number),
            text=row.reason or creditor.name,
        )
        for row in sorted(rows, key=lambda row: row.id)
    ]


def _payer(agreement: BankAgreement) -> PayAccount:
    if agreement.iban:
        return PayAccount("IBAN", agreement.iban)
    return PayAccount("NO" if agreement.scheme == "BBAN" else _SCHEMES[agreement.scheme], agreement.number)


WORK: Final = Kind(_step)
