"""Joint invoices of a run: what a payer who wishes it is charged for several memberships stands on one."""

from collections.abc import Collection

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.models import Creditor
from dues.invoicing.models import InvoiceItem
from dues.members.models import Person
from dues.runs.models import RunSlice


def join_items(session: Session, *, run_id: int, payees: Collection[int], size: int) -> None:
    """Put together what becomes one invoice, of a preview just written; ``size`` rows or so are written at once."""
    if not _asked(session):
        return
    session.execute(statement("dues/invoicing/sql/join_items.sql"), {"run": run_id, "payees": list(payees)})
    session.execute(statement("dues/invoicing/sql/joint_slices.sql"), {"run": run_id, "size": size})


def still_joint(session: Session, *, run_id: int) -> bool:
    """Tell whether the payers of a preview would still get one invoice for the same rows."""
    joined = exists().where(InvoiceItem.run_id == run_id, InvoiceItem.joint_seq.is_not(None))
    if not _asked(session) and not session.scalar(select(joined)):
        return True
    return bool(session.scalar(statement("dues/invoicing/sql/joint_stands.sql"), {"run": run_id}))


def _asked(session: Session) -> bool:
    """Tell whether anybody wishes for such invoices: most organisations have none, and pay nothing for it."""
    wishes = exists().where(Person.one_invoice.is_(True)), exists().where(Creditor.one_invoice.is_(True))
    return any(session.scalar(select(wish)) for wish in wishes)


def is_joint(session: Session, *, part: RunSlice) -> bool:
    """Tell whether a slice holds joint invoices; no slice holds both kinds."""
    within = InvoiceItem.run_id == part.run_id, InvoiceItem.joint_seq.between(part.first, part.last)
    return bool(session.scalar(select(exists().where(*within))))


def count_joint(session: Session, *, part: RunSlice) -> int:
    """Count the joint invoices of a slice."""
    within = InvoiceItem.run_id == part.run_id, InvoiceItem.seq.between(part.first, part.last)
    return session.scalar(select(func.count(InvoiceItem.joint_seq.distinct())).where(*within)) or 0


def hold_members(session: Session, *, part: RunSlice) -> None:
    """Lock the memberships of a slice in the one order in which all work does."""
    values = {"run": part.run_id, "first": part.first, "last": part.last}
    session.execute(statement("dues/invoicing/sql/joint_hold.sql"), values)


def name_heads(session: Session, *, part: RunSlice) -> None:
    """Let the first row that is left stand for each joint invoice of a slice."""
    values = {"run": part.run_id, "first": part.first, "last": part.last}
    session.execute(statement("dues/invoicing/sql/joint_heads.sql"), values)
