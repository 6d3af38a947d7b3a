"""Whom payers' rules mean by a payment that waits."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dues.payments.aside_models import PayerRule
from dues.payments.case import Case
from dues.payments.models import PaymentCase


def persons_ruled(session: Session, found: Case) -> list[int]:
    """Return the ids of the persons whose such a payment is by a rule in force."""
    key = select(PaymentCase.search_key).where(PaymentCase.payment_id == found.payment_id).scalar_subquery()
    by_words = (PayerRule.words != "") & (func.strpos(func.coalesce(key, ""), PayerRule.words) > 0)
    wanted = select(PayerRule.person_id).where(
        PayerRule.creditor_id == found.creditor_id,
        PayerRule.active,
        or_(PayerRule.payer_account == found.payer_account, by_words),
    )
    return [person_id for person_id in session.scalars(wanted) if person_id is not None]
