"""What happens when a payment is used for a candidate, foretold: the same sums and the same cover as booking brings."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.members.models import Person
from dues.payments.candidates import Candidate
from dues.payments.case import Case


@dataclass(frozen=True, slots=True)
class Outcome:
    """What booking all of a payment on a candidate leads to; amounts in minor units of the payment's currency.

    ``used`` goes to the claim, which keeps ``remains`` open; ``credit`` is kept for the person. Where the invoice is
    paid, its ``memberships`` are paid through ``through`` (None where they differ or nothing is covered) and
    ``activates`` says that somebody becomes a member by it. ``receipt`` is the address a receipt goes to; where the
    creditor is ``sensitive`` only a link does.
    """

    used: int
    remains: int
    credit: int
    memberships: int = 0
    through: dt.date | None = None
    activates: bool = False
    receipt: str = ""
    sensitive: bool = False

    @property
    def paid(self) -> bool:
        """Whether the claim is settled by it."""
        return self.used > 0 and self.remains == 0


def outcomes(session: Session, found: Case, shown: Sequence[Candidate]) -> dict[str, Outcome]:
    """Foretell what each candidate would lead to, by their keys, in two statements."""
    settled = [one.invoice_id for one in shown if one.claim_id is not None and one.open_amount <= found.unallocated]
    covers = _covers(session, [invoice_id for invoice_id in settled if invoice_id is not None])
    addresses = _addresses(session, {one.person_id for one in shown})
    return {one.key: _outcome(found, one, covers, addresses) for one in shown}


@dataclass(frozen=True, slots=True)
class _Cover:
    memberships: int
    through: dt.date | None
    activates: bool


def _covers(session: Session, invoices: Sequence[int]) -> dict[int, _Cover]:
    rows = session.execute(statement("dues/payments/sql/outcome.sql"), {"invoices": list(invoices)})
    return {
        row.invoice_id: _Cover(
            row.memberships, row.last_through if row.first_through == row.last_through else None, row.activates
        )
        for row in rows
    }


def _addresses(session: Session, persons: set[int]) -> dict[int, str]:
    """Return where receipts go; the dead get none."""
    wanted = select(Person.id, Person.email).where(Person.id.in_(persons), Person.deceased_on.is_(None))
    return dict(session.execute(wanted).all())


def _outcome(found: Case, one: Candidate, covers: Mapping[int, _Cover], addresses: Mapping[int, str]) -> Outcome:
    used = min(found.unallocated, one.open_amount)
    remains = one.open_amount - used
    credit = found.unallocated - used
    if one.claim_id is None or remains:
        return Outcome(used, remains, credit)
    cover = covers.get(one.invoice_id or 0, _Cover(0, None, activates=False))
    return Outcome(
        used,
        remains,
        credit,
        memberships=cover.memberships,
        through=cover.through,
        activates=cover.activates,
        receipt=addresses.get(one.person_id, ""),
        sensitive=found.sensitive,
    )
