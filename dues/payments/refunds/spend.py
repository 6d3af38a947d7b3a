"""Uses a person's credit for something else than waiting: one entry, one posting, one row that says for what."""

import datetime as dt

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.journal.models import Event, Posting
from dues.journal.post import open_entry
from dues.payments.credit import add_credit, take_credit
from dues.payments.refunds.errors import NotEnoughCreditError
from dues.payments.refunds.models import CreditUse, CreditUseKind
from dues.payments.transfer import credit_account

USED = "credit used"
TAKEN_BACK = "credit use taken back"
"""What the journal calls the entries."""


def spend_credit(
    session: Session,
    *,
    creditor_id: int,
    person_id: int,
    amount: int,
    currency: str,
    kind: CreditUseKind,
    of: int,
    account_id: int,
    on: dt.date,
    by: Actor,
) -> CreditUse:
    """Move an amount of a person's credit to an account, for a refund or gift with the id ``of``.

    Raises NotEnoughCreditError.
    """
    if not take_credit(session, creditor_id=creditor_id, person_id=person_id, amount=amount, currency=currency):
        raise NotEnoughCreditError(person_id, amount)
    use = CreditUse(
        id=_next(session),
        creditor_id=creditor_id,
        person_id=person_id,
        kind=kind,
        refund_id=of if kind is CreditUseKind.REFUND else None,
        gift_id=of if kind is CreditUseKind.GIFT else None,
        amount=amount,
        currency=currency,
        actor=str(by),
    )
    return _booked(session, use, account_id=account_id, on=on, by=by)


def give_back(session: Session, *, use: CreditUse, account_id: int, on: dt.date, by: Actor) -> CreditUse:
    """Take a use of credit back: the money is the person's credit again."""
    back = CreditUse(
        id=_next(session),
        creditor_id=use.creditor_id,
        person_id=use.person_id,
        kind=use.kind,
        refund_id=use.refund_id,
        gift_id=use.gift_id,
        claim_id=use.claim_id,
        amount=use.amount,
        currency=use.currency,
        actor=str(by),
        reverses_id=use.id,
    )
    booked = _booked(session, back, account_id=account_id, on=on, by=by)
    add_credit(session, creditor_id=use.creditor_id, person_id=use.person_id, amount=use.amount, currency=use.currency)
    return booked


def _next(session: Session) -> int:
    return int(session.scalars(text("SELECT nextval('credit_use_id_seq')")).one())


def _booked(session: Session, use: CreditUse, *, account_id: int, on: dt.date, by: Actor) -> CreditUse:
    credit = credit_account(session, creditor_id=use.creditor_id, event=Event.CREDIT, currency=use.currency)
    entry = open_entry(
        session,
        creditor_id=use.creditor_id,
        event=TAKEN_BACK if use.reverses_id else USED,
        key=f"credit use:{use.id}",
        on=on,
        by=by,
    )
    session.execute(
        insert(Posting).values(
            entry_id=entry.id,
            debit_account_id=account_id if use.reverses_id else credit,
            credit_account_id=credit if use.reverses_id else account_id,
            amount=use.amount,
            currency=use.currency,
            on_date=entry.on_date,
            value_date=on,
            person_id=use.person_id,
            claim_id=use.claim_id,
        )
    )
    use.on_date, use.entry_id = entry.on_date, entry.id
    session.add(use)
    session.flush()  # what takes it back names it
    return use
