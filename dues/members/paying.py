"""Who pays for somebody."""

import datetime as dt

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from dues.groups.models import Creditor, Group
from dues.members.models import Membership, Payer, Person


def pays_all(on: dt.date) -> ColumnElement[bool]:
    """Return the condition that a payer pays everything for somebody on a day."""
    return (Payer.from_on <= on) & or_(Payer.to_on.is_(None), Payer.to_on >= on) & Payer.component_id.is_(None)


def who_pays(session: Session, *, person_id: int, on: dt.date) -> Person | None:
    """Return who pays everything for a person on a day, None where they pay themselves."""
    return session.scalar(
        select(Person)
        .join(Payer, Payer.payer_id == Person.id)
        .where(Payer.person_id == person_id, pays_all(on))
        .order_by(Payer.from_on.desc())
        .limit(1)
    )


def gets_one_invoice(session: Session, *, payer: Person, on: dt.date) -> bool:
    """Tell whether somebody gets one invoice for all whom they pay for: by their wish, or by a creditor's custom."""
    if payer.one_invoice is not None:
        return payer.one_invoice
    custom = (
        select(Creditor.id)
        .join(Group, Group.creditor_id == Creditor.id)
        .join(Membership, Membership.group_id == Group.id)
        .join(Payer, Payer.person_id == Membership.person_id)
        .where(Payer.payer_id == payer.id, pays_all(on), Membership.ended_on.is_(None), Creditor.one_invoice.is_(True))
    )
    return session.scalar(custom.limit(1)) is not None


def wish_one_invoice(session: Session, *, person_id: int, one_invoice: bool | None) -> None:
    """Write down how somebody who pays for others wishes to be invoiced; None leaves it to each creditor."""
    person = session.get_one(Person, person_id, with_for_update={"key_share": True}, populate_existing=True)
    person.one_invoice = one_invoice
    session.flush()
