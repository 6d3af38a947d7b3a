"""Members who owe, and money that came and found no invoice, in the database of a town."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, cast, select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.groups.models import BankAgreement, Creditor
from dues.invoicing.issue import start_issue
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.journal.verify import prove
from dues.members.models import Membership, MembershipStatus, Person
from dues.payments.models import Payment
from tests.factories.members import person
from tests.factories.money import banked, camt, paid
from tests.factories.runs import finished
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from database.connect import OpenSession
    from tests.portal.town import Town

FEE: Final = 50000
_names = count(1)


@dataclass(frozen=True)
class Owing:
    """A member with an open invoice, under a name of their own."""

    name: str
    claim: int
    number: int
    reference: str
    email: str


def owing(town: Town) -> Owing:
    """Let somebody join and be invoiced."""
    family = f"Kö{chr(96 + next(_names))}ren"
    with town.database.unit_of_work(Role.JOBS) as session:
        who = person(session, given_name="Åsa", family_name=family)
        joined = Membership(
            person_id=who.id,
            type_id=town.member_type,
            group_id=session.get_one(Creditor, town.creditor).group_id,
            status=MembershipStatus.APPLIED,
            joined_on=TODAY,
        )
        session.add(joined)
        session.flush()
        person_id = who.id
        run = start_issue(session, on=TODAY, by=COMMAND_LINE, confirmed=True, memberships=[joined.id]).id
    opened = town.database.opener(Role.JOBS)
    finished(opened, run)
    with opened() as session:
        found = session.execute(
            select(Claim.id, cast(Invoice.called, BigInteger), PaymentReference.value, Person.email)
            .join(Invoice, Invoice.id == Claim.invoice_id)
            .join(PaymentReference, PaymentReference.claim_id == Claim.id)
            .join(Person, Person.id == Claim.debtor_id)
            .where(Claim.debtor_id == person_id)
        ).one()
    return Owing(f"Åsa {family}", *found)


def came(town: Town, amount: int = FEE, reference: str = "", *, payer: str = "Kassa", message: str = "") -> int:
    """Let money come that finds no invoice; the payment's number."""
    opened = town.database.opener(Role.JOBS)
    with opened() as session:
        agreement = session.scalars(select(BankAgreement).where(BankAgreement.creditor_id == town.creditor)).first()
        assert agreement is not None
        session.expunge(agreement)
    payment = replace(paid(amount, reference, message=message), payer_name=payer)
    banked(opened, camt(agreement, [payment], on=TODAY), on=TODAY)
    with opened() as session:
        return session.scalars(select(Payment.id).order_by(Payment.id.desc())).first() or 0


def sound(open_session: OpenSession) -> bool:
    """Whether the books hold; who owes here has a membership without a history."""
    with open_session() as session:
        found = prove(session).checks
    return not [name for name, broken in found.items() if broken and name != "status_is_history"]
