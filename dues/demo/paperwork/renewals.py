"""Renewals that the office ran for its choirs, and two members who need no other year."""

from sqlalchemy import select

from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.invoicing import issue, undo
from dues.invoicing.models import Claim, ClaimEnd, Invoice, InvoiceLine
from dues.loop.death import record_death
from dues.loop.end import end_membership
from dues.members.models import MembershipStatus, Person


def renew(office: Office, choir: Choir, *, ago: int, confirmed: bool = True) -> int:
    """Charge all of a choir whose next year begins soon, and return the run; a preview where it is not confirmed."""
    on = office.ago(ago)
    run_id = office.run(
        lambda session: issue.start_issue(session, on=on, by=office.by, group=choir.slug), confirmed=confirmed
    )
    office.post(on)
    return run_id


def undo_run(office: Office, run_id: int) -> int:
    """Take a run back today, and return its undoing: the members are charged again by the next one.

    Its credit notes wait in the outbox, for whoever starts the program.
    """
    return office.run(lambda session: undo.start_undo(session, run_id=run_id, on=office.today, by=office.by))


def eldest(office: Office, run_id: int) -> int | None:
    """Return the eldest of those whom a run charged for themselves, by person's id."""
    own = (Invoice.run_id == run_id) & (InvoiceLine.person_id == Invoice.payer_id)
    wanted = select(Person.id).join(Invoice, Invoice.payer_id == Person.id)
    wanted = wanted.join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id).where(own)
    with office.open_session() as session:
        return session.scalars(wanted.order_by(Person.birth_date).limit(1)).first()


def somebody_leaves(office: Office, run_id: int, *, ago: int) -> int:
    """End the membership of the first who has paid what a run charged: the year to come becomes credit of the payer.

    Returns the payer, by person's id.
    """
    on = office.ago(ago)
    wanted = select(InvoiceLine.membership_id, Invoice.payer_id).join(Invoice, Invoice.id == InvoiceLine.invoice_id)
    wanted = wanted.join(Claim, Claim.invoice_id == Invoice.id)
    wanted = wanted.where(Invoice.run_id == run_id, Claim.ended == ClaimEnd.PAID)
    with office.desk() as session:
        membership, payer = session.execute(wanted.order_by(Invoice.id).limit(1)).one()
        end_membership(
            session,
            membership_id=membership or 0,
            status=MembershipStatus.LEFT,
            on=on,
            today=on,
            by=office.by,
            paid=True,
        )
    office.post(on)
    return payer


def somebody_dies(office: Office, person_id: int, *, ago: int) -> None:
    """Record a death of the days before."""
    with office.desk() as session:
        record_death(session, person_id=person_id, on=office.ago(ago + 2), today=office.ago(ago), by=office.by)
