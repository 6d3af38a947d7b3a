"""What a group may know of the money and the family of a person: what is of its own members and invoices."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from dues.groups.below import at_or_below
from dues.groups.models import Creditor
from dues.invoicing.models import Claim, Invoice
from dues.overview.money_file import Use, uses_of_claims
from dues.payments.models import Credit


@dataclass(frozen=True, slots=True)
class Balance:
    """What a person owes on a group's invoices, and their credit with its own creditors: minor units by currency."""

    open: Mapping[str, int]
    overdue: Mapping[str, int]
    credit: Mapping[str, int]


def balance(session: Session, *, person_id: int, path: str, on: dt.date) -> Balance:
    """Sum up what somebody owes in a group and below it on a day."""
    late = func.sum(case((Claim.due_on < on, Claim.open_amount), else_=0))
    rows = session.execute(
        select(Claim.currency, func.sum(Claim.open_amount), late)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .where(Claim.debtor_id == person_id, Claim.ended.is_(None), at_or_below(Invoice.group_id, path))
        .group_by(Claim.currency)
        .order_by(Claim.currency)
    ).all()
    return Balance(
        open={currency: int(left) for currency, left, _late in rows},
        overdue={currency: int(overdue) for currency, _left, overdue in rows if overdue},
        credit=_credit(session, person_id=person_id, path=path),
    )


def _credit(session: Session, *, person_id: int, path: str) -> dict[str, int]:
    own = select(Creditor.id).where(at_or_below(Creditor.group_id, path))
    rows = session.execute(
        select(Credit.currency, func.sum(Credit.balance))
        .where(Credit.creditor_id.in_(own), Credit.person_id == person_id, Credit.balance > 0)
        .group_by(Credit.currency)
    )
    return {currency: int(left) for currency, left in rows}


def received(session: Session, *, invoices: Collection[int]) -> list[Use]:
    """Return the payments that are used for some invoices, the newest first."""
    claims = session.scalars(select(Claim.id).where(Claim.invoice_id.in_(invoices))).all()
    return [use for use in reversed(uses_of_claims(session, claims=claims)) if use.holds]
