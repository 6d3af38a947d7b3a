"""What ids in the audit log stand for: the names of persons, groups, invoices and what is set up, read in sets."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.access.models import Staff, StaffRole
from dues.groups.models import BankAgreement, Creditor, Group
from dues.invoicing.models import Claim, Invoice
from dues.journal.models import Account
from dues.members.models import Membership, MembershipType, Person
from dues.pricing.models import FeeComponent, Product
from dues.runs.models import Run

Thing = tuple[str, int]
"""A kind of thing ("person", "group", "type", …) and its id."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a thing is called, in several languages where ``names`` says so, and what links call it by."""

    words: str = ""
    names: Mapping[str, str] | None = None
    public_id: UUID | None = None


Read = Callable[[Session, Sequence[int]], Mapping[int, Name]]


def referred(session: Session, things: Iterable[Thing]) -> dict[Thing, Name]:
    """Return the names of things; what is not there any more is left out."""
    wanted: dict[str, set[int]] = {}
    for kind, id_ in things:
        wanted.setdefault(kind, set()).add(id_)
    return {
        (kind, id_): name
        for kind, ids in wanted.items()
        if kind in _READERS
        for id_, name in _READERS[kind](session, sorted(ids)).items()
    }


def _persons(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    full = func.btrim(func.concat_ws(" ", Person.given_name, Person.family_name))
    rows = session.execute(select(Person.id, full, Person.uuid).where(Person.id.in_(ids)))
    return {id_: Name(words, public_id=uuid) for id_, words, uuid in rows}


def _groups(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    rows = session.execute(select(Group.id, Group.name, Group.uuid).where(Group.id.in_(ids)))
    return {id_: Name(words, public_id=uuid) for id_, words, uuid in rows}


def _creditors(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    rows = session.execute(select(Creditor.id, Creditor.name, Creditor.uuid).where(Creditor.id.in_(ids)))
    return {id_: Name(words, public_id=uuid) for id_, words, uuid in rows}


def _staff(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    rows = session.execute(select(Staff.id, Staff.name, Staff.uuid).where(Staff.id.in_(ids)))
    return {id_: Name(words, public_id=uuid) for id_, words, uuid in rows}


def _roles(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    rows = session.execute(select(StaffRole.id, StaffRole.slug, StaffRole.names).where(StaffRole.id.in_(ids)))
    return {id_: Name(slug, names or None) for id_, slug, names in rows}


def _types(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    rows = session.execute(select(MembershipType.id, MembershipType.names).where(MembershipType.id.in_(ids)))
    return {id_: Name(names=names) for id_, names in rows}


def _components(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    rows = session.execute(select(FeeComponent.id, FeeComponent.names).where(FeeComponent.id.in_(ids)))
    return {id_: Name(names=names) for id_, names in rows}


def _products(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    rows = session.execute(select(Product.id, Product.names).where(Product.id.in_(ids)))
    return {id_: Name(names=names) for id_, names in rows}


def _accounts(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    rows = session.execute(select(Account.id, Account.code).where(Account.id.in_(ids)))
    return {id_: Name(code) for id_, code in rows}


def _agreements(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    rows = session.execute(select(BankAgreement.id, BankAgreement.number).where(BankAgreement.id.in_(ids)))
    return {id_: Name(number) for id_, number in rows}


def _invoices(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    rows = session.execute(select(Invoice.id, Invoice.called, Invoice.uuid).where(Invoice.id.in_(ids)))
    return {id_: Name(str(number), public_id=uuid) for id_, number, uuid in rows}


def _claims(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    joined = select(Claim.id, Invoice.called, Invoice.uuid).join(Invoice, Invoice.id == Claim.invoice_id)
    rows = session.execute(joined.where(Claim.id.in_(ids)))
    return {id_: Name(str(number), public_id=uuid) for id_, number, uuid in rows}


def _memberships(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    joined = select(Membership.id, MembershipType.names).join(MembershipType, MembershipType.id == Membership.type_id)
    return {id_: Name(names=names) for id_, names in session.execute(joined.where(Membership.id.in_(ids)))}


def _runs(session: Session, ids: Sequence[int]) -> Mapping[int, Name]:
    rows = session.execute(select(Run.id, Run.uuid).where(Run.id.in_(ids)))
    return {id_: Name(str(id_), public_id=uuid) for id_, uuid in rows}


_READERS: Final[Mapping[str, Read]] = {
    "person": _persons,
    "group": _groups,
    "members": _groups,
    "creditor": _creditors,
    "books": _creditors,
    "staff": _staff,
    "role": _roles,
    "type": _types,
    "component": _components,
    "product": _products,
    "account": _accounts,
    "agreement": _agreements,
    "invoice": _invoices,
    "claim": _claims,
    "membership": _memberships,
    "run": _runs,
}
