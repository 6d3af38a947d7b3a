"""A person's credit with a creditor: money that came, or was credited, beyond what was due."""

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dues.payments.models import Credit


def add_credit(session: Session, *, creditor_id: int, person_id: int, amount: int, currency: str) -> None:
    """Raise a person's credit by an amount in minor units."""
    statement = insert(Credit).values(creditor_id=creditor_id, person_id=person_id, currency=currency, balance=amount)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["creditor_id", "person_id", "currency"], set_={"balance": Credit.balance + amount}
        )
    )


def take_credit(session: Session, *, creditor_id: int, person_id: int, amount: int, currency: str) -> bool:
    """Lower a person's credit; False, and nothing done, when it is not there any more."""
    taken = session.execute(
        update(Credit)
        .where(
            Credit.creditor_id == creditor_id,
            Credit.person_id == person_id,
            Credit.currency == currency,
            Credit.balance >= amount,
        )
        .values(balance=Credit.balance - amount)
        .returning(Credit.balance)
    )
    return taken.first() is not None
