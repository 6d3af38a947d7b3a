"""The instalments of an invoice as its page shows them: by when, what is quoted, and how each stands."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from documents import ReferenceKind, written_reference
from dues.groups.models import Payee
from dues.invoicing.issued_parts import IssuedPart, parts_of
from dues.invoicing.standing import Owed, settlement
from dues.overview.invoice_file import Head
from web import states
from web.house import session
from web.states import State


@dataclass(frozen=True, slots=True)
class PartRow:
    """One instalment, its reference as people write it, and how it is settled."""

    part: IssuedPart
    reference: str
    state: State


def part_rows(head: Head, *, on: dt.date) -> Sequence[PartRow]:
    """Return the instalments of an invoice in their order, as they stand on a day."""
    payee = session().get_one(Payee, head.invoice.payee_id)
    kind = ReferenceKind(payee.content["reference_kind"])
    found = parts_of(session(), invoices=[head.invoice.id]).get(head.invoice.id, ())
    return [PartRow(one, written_reference(one.reference, kind), _state(one, on=on)) for one in found]


def _state(part: IssuedPart, *, on: dt.date) -> State:
    left = part.amount - part.credited_amount
    return states.settlement(settlement(Owed(left, part.open_amount, part.due_on, part.ended), on=on))
