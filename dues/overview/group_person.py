"""What a group may know of the money and the family of a person: what is of its own members and invoices."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from dues.groups.below import at_or_below
from dues.groups.models import Creditor, Group
from dues.invoicing.models import Claim, FeePeriod, FeePeriodState, FrozenText, Invoice, InvoiceLine
from dues.members.models import Membership
from dues.overview.money_file import Use, uses_of_claims
from dues.payments.models import Credit


@dataclass(frozen=True, slots=True)
class Balance:
    """What a person owes on a group's invoices, and their credit with its own creditors: minor units by currency."""

    open: Mapping[str, int]
    overdue: Mapping[str, int]
    credit: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ChargedAbove:
    """A line of an invoice that belongs to a group above: what it says by language, and how its period stands."""

    content: Mapping[str, Any]
    first: dt.date
    last: dt.date
    amount: int
    currency: str
    state: FeePeriodState


_charges: Final = and_(
    FeePeriod.membership_id == InvoiceLine.membership_id,
    FeePeriod.component_id == InvoiceLine.component_id,
    FeePeriod.from_on == InvoiceLine.period_from,
)


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


def charged_above(session: Session, *, person_id: int, path: str, rows: int = 10) -> list[ChargedAbove]:
    """Return what invoices of groups further up charge somebody for memberships in a group, the newest first.

    Whoever pays for members of several groups has one invoice for them, which none of these groups sees whole.
    """
    whole = exists().where(Invoice.id == InvoiceLine.invoice_id, at_or_below(Invoice.group_id, path))
    wanted = (
        select(FrozenText.content, InvoiceLine.period_from, InvoiceLine.period_to, InvoiceLine.amount)
        .add_columns(Creditor.currency, FeePeriod.state)
        .join(FrozenText, FrozenText.id == InvoiceLine.text_id)
        .join(Membership, Membership.id == InvoiceLine.membership_id)
        .join(Group, Group.id == Membership.group_id)
        .join(Creditor, Creditor.id == Group.creditor_id)
        .join(FeePeriod, _charges)
        .where(
            InvoiceLine.person_id == person_id,
            InvoiceLine.member_name != "",
            at_or_below(Membership.group_id, path),
            ~whole,
        )
        # A credit note has the same lines once more; the last release says how the period stands.
        .ext(distinct_on(InvoiceLine.period_from, InvoiceLine.membership_id, InvoiceLine.component_id))
        .order_by(
            InvoiceLine.period_from.desc(),
            InvoiceLine.membership_id,
            InvoiceLine.component_id,
            FeePeriod.release > 0,
            FeePeriod.release.desc(),
        )
        .limit(rows)
    )
    return [ChargedAbove(*row) for row in session.execute(wanted)]


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
