"""Documents of slips: an invoice that is asked for together with those of other creditors, as one."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from documents import Beside, InvoiceDocument
from dues.invoicing.document import Issued, issued
from dues.invoicing.models import ClaimEnd
from dues.invoicing.slips import beside


def issued_on_slips(session: Session, *, invoices: Collection[int]) -> dict[int, Issued]:
    """Read invoices as `issued` does; one that collects for others says what these charge, and asks for all of it.

    Whoever does not see the others' invoices sees it without them.
    """
    others = beside(session, invoices=invoices)
    wanted = {*invoices, *(one for some in others.values() for one in some)}
    found = issued(session, invoices=wanted)
    return {
        id_: _slip(found[id_], [found[one] for one in others.get(id_, ()) if one in found])
        for id_ in invoices
        if id_ in found
    }


def documents_on_slips(session: Session, *, invoices: Collection[int]) -> dict[int, InvoiceDocument]:
    """Return the documents alone, by invoice id: what was printed on the day of issue."""
    return {id_: one.document for id_, one in issued_on_slips(session, invoices=invoices).items()}


def _slip(own: Issued, others: Collection[Issued]) -> Issued:
    if not others:
        return own
    everything = (own, *others)
    printed = tuple(Beside(one.document.sender, one.document.number, one.document.lines) for one in others)
    return replace(
        own,
        sensitive=any(one.sensitive for one in everything),
        open_amount=sum(one.open_amount for one in everything),
        credited_amount=sum(one.credited_amount for one in everything),
        ended=_ended([one.ended for one in everything]),
        memberships=tuple(dict.fromkeys(name for one in everything for name in one.memberships)),
        document=replace(own.document, beside=printed),
    )


def _ended(ends: Collection[ClaimEnd | None]) -> ClaimEnd | None:
    """A slip has ended when all of it has; as paid where anything of it was."""
    if None in ends:
        return None
    return ClaimEnd.PAID if ClaimEnd.PAID in ends else next(end for end in ends if end is not None)
