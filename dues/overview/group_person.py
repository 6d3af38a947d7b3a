"""What a group may know of the money and the family of a person: what is of its own members and invoices."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from dues.groups.below import at_or_below
from dues.groups.models import Creditor
from dues.invoicing.models import Claim, Invoice
from dues.members.models import Membership, Payer, Person
from dues.overview.money_file import Use, uses_of_claims
from dues.overview.person_file import RELATIVES, Family, Named, full_name
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


def family_within(session: Session, *, person_id: int, path: str, on: dt.date) -> Family:
    """Return who pays for a person on a day, and for which members of a group and below it the person pays."""
    valid = (Payer.from_on <= on) & or_(Payer.to_on.is_(None), Payer.to_on >= on) & Payer.component_id.is_(None)
    payer = session.scalar(
        select(Person)
        .join(Payer, Payer.payer_id == Person.id)
        .where(Payer.person_id == person_id, valid)
        .order_by(Payer.from_on.desc())
        .limit(1)
    )
    members = select(Membership.person_id).where(at_or_below(Membership.group_id, path))
    others = session.scalars(
        select(Person)
        .join(Payer, Payer.person_id == Person.id)
        .where(Payer.payer_id == person_id, valid, Person.id.in_(members))
        .order_by(Person.id)
        .limit(RELATIVES + 1)
    ).all()
    named = tuple(Named(one.id, one.uuid, full_name(one)) for one in others[:RELATIVES])
    return Family(
        payer=Named(payer.id, payer.uuid, full_name(payer)) if payer else None,
        pays_for=named,
        more=len(others) > RELATIVES,
    )
