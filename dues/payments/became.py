"""What became of payments that are used for no claim: returned, sent back, set aside."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from database.sql import statement


class Became(StrEnum):
    """What a payment was, or became, beside money that is used for claims and credit."""

    RETURN = "return"
    RETURNED = "returned"
    REFUND = "refund"
    REFUND_BACK = "refund back"
    SENT_BACK = "sent back"
    NOT_OURS = "not ours"
    WITHDRAWN = "withdrawn"
    HANDED_ON = "handed on"
    """It paid a slip, so that some of it, or all, is another creditor's."""


def became(session: Session, *, payments: Sequence[int]) -> Mapping[int, Became]:
    """Return what became of some payments, in one statement; what is only used for claims or credit is missing."""
    rows = session.execute(statement("dues/payments/sql/became.sql"), {"payments": list(payments)}) if payments else ()
    return {payment: Became(word) for payment, word in rows if word is not None}
