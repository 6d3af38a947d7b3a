"""Slips: what several creditors charge somebody, asked for by one document with one reference."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from database.sql import statement
from dues.groups.models import Creditor
from dues.invoicing.slip_models import SlipPart
from dues.runs.models import Run

PHASE: Final = "slips"
"""The phase after the last: all is written, and what stands on slips is queued to be delivered."""
BATCH: Final = 2500
"""Slips whose messages are queued in one transaction."""
_AFTER: Final = "slips_after"


def put_on_slips(session: Session, *, run_id: int) -> None:
    """Put rows of a preview just written on the slips of who collects them; most organisations have none."""
    if session.scalar(select(exists().where(Creditor.collected_by_id.is_not(None)))):
        session.execute(statement("dues/invoicing/sql/slip_items.sql"), {"run": run_id})


def tell_slips(session: Session, run: Run) -> bool:
    """Queue the next slips of a run that is written to be delivered; False when all are."""
    values = {
        "run": run.id,
        "after": run.params.get(_AFTER, 0),
        "size": BATCH,
        "urgent": run.params["memberships"] is not None,
    }
    last = session.scalar(statement("dues/invoicing/sql/slip_tell.sql"), values)
    if last is None:
        return False
    run.phase, run.params = PHASE, {**run.params, _AFTER: last}
    return True


def beside(session: Session, *, invoices: Collection[int]) -> dict[int, list[int]]:
    """Return the other invoices of the slips that some invoices collect, in the order in which they were written."""
    own, other = aliased(SlipPart), aliased(SlipPart)
    wanted = (
        select(own.invoice_id, other.invoice_id)
        .join(other, (other.run_id == own.run_id) & (other.slip_seq == own.slip_seq))
        .where(own.invoice_id.in_(invoices), own.collects, other.invoice_id != own.invoice_id)
        .order_by(other.invoice_id)
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for collecting, asked_for in session.execute(wanted):
        found[collecting].append(asked_for)
    return dict(found)


def collecting(session: Session, *, invoice_id: int) -> SlipPart | None:
    """Return the part of an invoice's slip that collects it, None where it stands on none or collects itself."""
    own, head = aliased(SlipPart), aliased(SlipPart)
    wanted = (
        select(head)
        .join(own, (own.run_id == head.run_id) & (own.slip_seq == head.slip_seq))
        .where(own.invoice_id == invoice_id, head.collects, head.invoice_id != invoice_id)
    )
    return session.scalar(wanted)


def collected(session: Session, *, invoice_id: int) -> bool:
    """Tell whether an invoice stands on the slip of another creditor; also to whoever may not see that one's."""
    return session.scalar(select(SlipPart.collects).where(SlipPart.invoice_id == invoice_id)) is False
