"""Money that goes back: refunds in each state, from the question for an account to the bank's word that it has left."""

from typing import Final

from sqlalchemy import select

from bankfiles.write import Incoming
from dues.access import approvals
from dues.access.models import Staff
from dues.actor import Actor
from dues.demo.desks import SECOND
from dues.demo.paperwork.bank import came, waits
from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.groups.limits import set_limits
from dues.groups.models import Creditor
from dues.members.models import Person
from dues.payments.models import Credit
from dues.payments.refunds.approve import KIND, approve_proposed, offer_approval
from dues.payments.refunds.mail import ask_for_account
from dues.payments.refunds.models import Refund
from dues.payments.refunds.order import start_order
from dues.payments.refunds.propose import propose
from dues.payments.send_back import send_back
from dues.runs.drive import drive

_LIMIT: Final = 100_000
"""Above it two persons agree, in minor units."""


def two_agree(office: Office, choir: Choir) -> None:
    """Let refunds above a limit take two persons."""
    with office.desk() as session:
        set_limits(session, creditor_id=choir.creditor_id, refund=_LIMIT, write_off=None)


def back_to(office: Office, choir: Choir, name: str, account: str, *, why: str, ago: int) -> int:
    """Send a payment back to whoever it came from, and return the refund, which waits to be approved."""
    with office.desk() as session:
        return send_back(
            session,
            payment_id=waits(session, choir.creditor_id, of=name),
            payer_name=name,
            payer_account=account,
            reason=why,
            seen=None,
            on=office.ago(ago),
            by=office.by,
        ).id


def approve(office: Office, refund_id: int) -> None:
    """Approve a refund; above the limit it was the colleague who did, and it waits for somebody else."""
    approvals.bind(KIND, approve_proposed)  # as the web does when it starts; the command line has nobody to agree
    with office.desk() as session:
        colleague = session.scalars(select(Staff.id).where(Staff.email == SECOND)).one()
        offer_approval(session, refund_id=refund_id, by=Actor("staff", str(colleague)), proposer=colleague)


def order(office: Office, choir: Choir, *, ago: int) -> None:
    """Order from the bank what is approved."""
    on = office.ago(ago)
    with office.desk() as session:
        currency = session.get_one(Creditor, choir.creditor_id).currency
        run_id = start_order(
            session,
            creditor_id=choir.creditor_id,
            currency=currency,
            execute_on=office.ago(ago - 1),
            on=on,
            by=office.by,
        ).id
    drive(office.open_session, run_id)


def it_left(office: Office, choir: Choir, refund_id: int, *, ago: int) -> None:
    """Let the bank say that a refund has left."""
    with office.open_session() as session:
        refund = session.get_one(Refund, refund_id)
        told = Incoming(
            -refund.amount,
            bank_reference=f"6{refund.id:09}",
            payer_name=refund.name,
            end_to_end_id=refund.end_to_end_id or "",
        )
    came(office, [told], choir.creditor_id, ago=ago)


def ask_who_left(office: Office, choir: Choir, person_id: int, *, ago: int) -> None:
    """Propose that the credit of somebody goes back to them, and ask them for an account."""
    on = office.ago(ago)
    with office.desk() as session:
        kept = session.scalars(
            select(Credit).where(Credit.creditor_id == choir.creditor_id, Credit.person_id == person_id)
        ).one()
        refund_id = propose(
            session,
            creditor_id=choir.creditor_id,
            person_id=person_id,
            payment_id=None,
            amount=kept.balance,
            currency=kept.currency,
            name=_name(session.get_one(Person, person_id)),
            account=None,
            reason="Left, and had paid the year to come",
            by=office.by,
            on=on,
        )
        ask_for_account(session, refund_id=refund_id)
    office.post(on)


def _name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}".strip()
