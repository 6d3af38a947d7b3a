"""What the file of a person shows: who it is, memberships, what is open, invoices, and payments that point here."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from database.sql import statement
from dues.delivery.models import MessageState
from dues.groups.below import at_or_below
from dues.groups.models import Creditor, Group
from dues.invoicing.models import Claim, ClaimEnd, Invoice, InvoiceKind
from dues.invoicing.standing import Owed, Settlement, settlement
from dues.members.models import Membership, MembershipStatus, MembershipType, Payer, Person
from dues.members.paying import pays_all, who_pays
from dues.payments.models import CaseReason, Credit, Payment, PaymentCase

BILLS: Final = 10
"""How many invoices a file shows before it leads to the list of all."""

RELATIVES: Final = 12
"""How many of those somebody pays for a file names."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person as others name them."""

    id: int
    uuid: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Family:
    """Who pays for a person on a day (None: they do), and for whom they pay; ``more`` says that not all are named."""

    payer: Named | None
    pays_for: tuple[Named, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A membership with what it is and where it stands."""

    id: int
    uuid: UUID
    type_names: Mapping[str, str]
    group: str
    group_slug: str
    status: MembershipStatus
    joined_on: dt.date
    ended_on: dt.date | None
    charged_through: dt.date | None
    paid_through: dt.date | None


@dataclass(frozen=True, slots=True)
class Sums:
    """What a person owes and is owed, in minor units by currency; ``held_until`` ends the longest hold."""

    open: Mapping[str, int]
    overdue: Mapping[str, int]
    credit: Mapping[str, int]
    claims: int
    held: int
    held_until: dt.date | None


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice or a credit note in a list, and how it stands; amounts in minor units of ``currency``."""

    id: int
    uuid: UUID
    kind: InvoiceKind
    number: str
    issued_on: dt.date
    due_on: dt.date
    amount: int
    currency: str
    payer_name: str
    paid_by_other: bool
    credits: str | None
    open_amount: int | None
    credited_amount: int | None
    ended: ClaimEnd | None
    held_until: dt.date | None
    hold_reason: str | None
    dunning_level: int
    message_state: MessageState | None

    def settlement(self, *, on: dt.date) -> Settlement | None:
        """Return how it is settled on a day; None for a credit note, on which nothing is owed."""
        if self.open_amount is None:
            return None
        return settlement(
            Owed(self.amount - (self.credited_amount or 0), self.open_amount, self.due_on, self.ended), on=on
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A payment that waits for a person to decide, and points to somebody's invoice."""

    payment_id: int
    booked_on: dt.date
    unallocated: int
    currency: str
    payer_name: str
    reason: CaseReason
    invoice: UUID
    number: str


def find_person(session: Session, *, public_id: UUID) -> Person | None:
    """Return a person by the id that leaves the house."""
    return session.scalar(select(Person).where(Person.uuid == public_id))


def full_name(person: Person) -> str:
    """Return a person's whole name; an organisation has no given one."""
    return f"{person.given_name} {person.family_name}".strip()


def family(session: Session, *, person_id: int, on: dt.date, below: str = "") -> Family:
    """Return who pays for whom on a day; with the path ``below`` of a group only for its members and those below it."""
    payer = who_pays(session, person_id=person_id, on=on)
    wanted = (
        select(Person)
        .join(Payer, Payer.person_id == Person.id)
        .where(Payer.payer_id == person_id, pays_all(on))
        .order_by(Person.id)
        .limit(RELATIVES + 1)
    )
    if below:
        members = select(Membership.person_id).where(at_or_below(Membership.group_id, below))
        wanted = wanted.where(Person.id.in_(members))
    others = session.scalars(wanted).all()
    named = tuple(_named(person) for person in others[:RELATIVES])
    return Family(payer=_named(payer) if payer else None, pays_for=named, more=len(others) > RELATIVES)


def _named(person: Person) -> Named:
    return Named(person.id, person.uuid, full_name(person))


def memberships(session: Session, *, person_id: int, below: str = "") -> list[Held]:
    """Return a person's memberships in a group with the path ``below`` or below it: going on first, then the newest."""
    wanted = (
        select(Membership, MembershipType.names, Group.name, Group.slug)
        .join(MembershipType, MembershipType.id == Membership.type_id)
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.person_id == person_id, *([Group.path.op("^@")(below)] if below else []))
        .order_by(Membership.ended_on.is_not(None), Membership.joined_on.desc(), Membership.id.desc())
    )
    return [_held(held, names, group, slug) for held, names, group, slug in session.execute(wanted)]


def find_membership(session: Session, *, person_id: int, public_id: UUID, below: str = "") -> Held | None:
    """Return one membership of a person by the id that leaves the house, as `memberships` does."""
    found = memberships(session, person_id=person_id, below=below)
    return next((held for held in found if held.uuid == public_id), None)


def _held(held: Membership, names: Mapping[str, str], group: str, slug: str) -> Held:
    return Held(
        id=held.id,
        uuid=held.uuid,
        type_names=names,
        group=group,
        group_slug=slug,
        status=held.status,
        joined_on=held.joined_on,
        ended_on=held.ended_on,
        charged_through=held.charged_through,
        paid_through=held.paid_through,
    )


def sums(session: Session, *, person_id: int, on: dt.date) -> Sums:
    """Sum up what a person owes on a day, and their credit."""
    late = func.sum(case((Claim.due_on < on, Claim.open_amount), else_=0))
    held = Claim.held_until >= on
    rows = session.execute(
        select(
            Claim.currency,
            func.sum(Claim.open_amount),
            late,
            func.count(),
            func.count().filter(held),
            func.max(Claim.held_until).filter(held),
        )
        .where(Claim.debtor_id == person_id, Claim.ended.is_(None))
        .group_by(Claim.currency)
        .order_by(Claim.currency)
    ).all()
    return Sums(
        open={row[0]: int(row[1]) for row in rows},
        overdue={row[0]: int(row[2]) for row in rows if row[2]},
        credit=credit(session, person_id=person_id),
        claims=sum(row[3] for row in rows),
        held=sum(row[4] for row in rows),
        held_until=max((row[5] for row in rows if row[5]), default=None),
    )


def credit(session: Session, *, person_id: int) -> dict[str, int]:
    """Return what creditors owe a person, in minor units by currency."""
    creditors = select(Creditor.id)  # the key of a credit begins with its creditor, and there are few of them
    rows = session.execute(
        select(Credit.currency, func.sum(Credit.balance))
        .where(Credit.creditor_id.in_(creditors), Credit.person_id == person_id, Credit.balance > 0)
        .group_by(Credit.currency)
        .order_by(Credit.currency)
    )
    return {currency: int(balance) for currency, balance in rows}


def bills(session: Session, *, person_id: int, size: int = BILLS, below: str = "") -> list[Bill]:
    """Return a person's newest invoices and credit notes, also those that somebody else pays for them.

    ``below`` is the path of the group that they are of, or lie below.
    """
    values = {"person": person_id, "size": size, "scope": below}
    rows = session.execute(statement("dues/overview/sql/bills.sql"), values)
    return [
        Bill(
            **{
                **row,
                "kind": InvoiceKind(row["kind"]),
                "ended": ClaimEnd(row["ended"]) if row["ended"] else None,
                "dunning_level": row["dunning_level"] or 0,
                "message_state": MessageState(row["message_state"]) if row["message_state"] else None,
            }
        )
        for row in rows.mappings()
    ]


def waiting_payments(session: Session, *, person_id: int) -> list[Waiting]:
    """Return the payments without a use that name an invoice of a person, oldest first."""
    owed = aliased(Claim)
    rows = session.execute(
        select(
            Payment.id,
            Payment.booked_on,
            PaymentCase.unallocated,
            Payment.currency,
            Payment.payer_name,
            PaymentCase.reason,
            Invoice.uuid,
            Invoice.called,
        )
        .join(PaymentCase, PaymentCase.payment_id == Payment.id)
        .join(owed, owed.id == PaymentCase.claim_id)
        .join(Invoice, Invoice.id == owed.invoice_id)
        .where(owed.debtor_id == person_id, PaymentCase.closed_at.is_(None))
        .order_by(Payment.id)
        .limit(BILLS)
    )
    return [Waiting(*row) for row in rows]
