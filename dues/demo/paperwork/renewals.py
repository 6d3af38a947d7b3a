"""Renewals that the office ran for its choirs, and two members who need no other year."""

from sqlalchemy import select

from dues.demo.paperwork.bank import owed
from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.invoicing import issue, undo
from dues.invoicing.models import Invoice, InvoiceLine
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
    """Take a run back today, and return its undoing: the members are charged again by the next one."""
    on = office.today
    undoing = office.run(lambda session: undo.start_undo(session, run_id=run_id, on=on, by=office.by))
    office.post(on)
    return undoing


def somebody_leaves(office: Office, run_id: int, *, ago: int) -> None:
    """End the membership of the first who was charged and has paid: the year to come becomes credit."""
    on = office.ago(ago)
    paid = select(InvoiceLine.membership_id).join(Invoice, Invoice.id == InvoiceLine.invoice_id)
    with office.desk() as session:
        membership = session.scalars(
            paid.where(Invoice.run_id == run_id).order_by(Invoice.id, InvoiceLine.position).limit(1)
        ).first()
        if membership is not None:
            end_membership(
                session,
                membership_id=membership,
                status=MembershipStatus.LEFT,
                on=on,
                today=on,
                by=office.by,
                paid=True,
            )
    office.post(on)


def somebody_dies(office: Office, run_id: int, *, ago: int) -> None:
    """Record the death of the eldest of those who were charged and have not paid."""
    on = office.ago(ago)
    with office.desk() as session:
        unpaid = [claim.debtor_id for claim in owed(office, Invoice.run_id == run_id)]
        eldest = select(Person.id).where(Person.id.in_(unpaid)).order_by(Person.birth_date).limit(1)
        person = session.scalars(eldest).first()
        if person is not None:
            record_death(session, person_id=person, on=office.ago(ago + 2), today=on, by=office.by)
