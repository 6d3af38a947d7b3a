"""What tests of files set up before somebody looks: members, invoices, money; committed, under names of their own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.groups.models import BankAgreement
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.loop.join import admit
from dues.members.models import Membership, Person
from tests.factories.members import person
from tests.factories.money import banked, camt, paid
from tests.factories.runs import finished
from tests.portal.town import TODAY, Town

if TYPE_CHECKING:
    from io import BytesIO
    from uuid import UUID

    from sqlalchemy.orm import Session

    from bankfiles.write import Incoming
    from database.connect import OpenSession

_numbers = count(1)
_NAME: Final = "Filer"


@dataclass(frozen=True)
class Member:
    """Somebody with a membership and its first invoice, by the ids of their pages and of their rows."""

    name: str
    email: str
    person: UUID
    person_id: int
    membership: UUID
    invoice: UUID
    invoice_id: int
    claim_id: int
    number: int
    reference: str


def jobs(town: Town) -> OpenSession:
    return town.database.opener(Role.JOBS)


def registered(
    town: Town, *, email: str | None = None, born: dt.date | None = dt.date(1980, 5, 17)
) -> tuple[UUID, str]:
    """Register somebody without a membership; their public id and name."""
    with town.database.unit_of_work(Role.JOBS) as session:
        found = _somebody(session, email=email, born=born)
        return found.uuid, f"{found.given_name} {found.family_name}"


def _somebody(session: Session, *, email: str | None, born: dt.date | None) -> Person:
    return person(session, email=email, born=born, family_name=f"{_NAME}{next(_numbers)}")


def billed(town: Town, *, email: str | None = None, on: dt.date = TODAY) -> Member:
    """Let somebody become a member on a day, and have it invoiced."""
    with town.database.unit_of_work(Role.JOBS) as session:
        who = _somebody(session, email=email, born=dt.date(1980, 5, 17))
        joined = admit(session, person_id=who.id, group=town.slug, type_id=town.member_type, on=on, by=COMMAND_LINE)
        person_id, run_id = who.id, joined.run_id
    finished(jobs(town), run_id or 0)
    with jobs(town)() as session:
        return _told(session, person_id)


def _told(session: Session, person_id: int) -> Member:
    who = session.get_one(Person, person_id)
    invoice = session.scalars(select(Invoice).where(Invoice.payer_id == person_id)).one()
    claim = session.scalars(select(Claim).where(Claim.invoice_id == invoice.id)).one()
    return Member(
        name=f"{who.given_name} {who.family_name}",
        email=who.email,
        person=who.uuid,
        person_id=who.id,
        membership=session.scalars(select(Membership.uuid).where(Membership.person_id == person_id)).one(),
        invoice=invoice.uuid,
        invoice_id=invoice.id,
        claim_id=claim.id,
        number=int(invoice.called),
        reference=session.scalars(select(PaymentReference.value).where(PaymentReference.claim_id == claim.id)).one(),
    )


def pays(town: Town, amount: int, reference: str = "", *, on: dt.date = TODAY, reason: str = "") -> None:
    """Let money come (or, with a reason, be returned), and have it booked."""
    file = _file(town, replace(paid(amount, reference), return_reason=reason), on)
    banked(jobs(town), file, on=on, name=f"bank-{next(_numbers)}.xml")


def _file(town: Town, payment: Incoming, on: dt.date) -> BytesIO:
    with jobs(town)() as session:
        agreement = session.scalars(
            select(BankAgreement).where(BankAgreement.creditor_id == town.creditor).limit(1)
        ).one()
        return camt(agreement, [payment], on=on)
