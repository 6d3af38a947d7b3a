"""What a credit note does to the books and the claims of the invoice that it takes back, whole or in part."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.invoicing.errors import NotCreditableError
from dues.invoicing.instalments import laid
from dues.invoicing.models import Claim, ClaimEnd
from dues.journal.models import ISSUES, Entry, Event, Posting
from dues.payments.credit import add_credit
from dues.payments.transfer import credit_account


@dataclass(frozen=True, slots=True)
class LineLeft:
    """What credit notes have left of a line: ``still`` of ``amount``, in minor units; below zero it took something off.

    ``touched`` says that a credit note names it, which alone tells of a line of nothing.
    """

    position: int
    membership_id: int | None
    component_id: int | None
    account_id: int | None
    period_from: dt.date | None
    amount: int
    still: int
    touched: bool
    coding_id: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """How much of a claim is taken back: of what is open, and of what had been paid."""

    claim: Claim
    of_open: int
    of_paid: int

    @property
    def amount(self) -> int:
        """Both together."""
        return self.of_open + self.of_paid


def left_of_lines(session: Session, *, invoice_id: int) -> list[LineLeft]:
    """Return what is left of each line of an invoice, in their order."""
    rows = session.execute(statement("dues/payments/sql/left_of_lines.sql"), {"invoice": invoice_id})
    return [LineLeft(**row) for row in rows.mappings()]


def taken_of(claims: Sequence[Claim], amount: int) -> list[Taken]:
    """Share an amount out over claims: what is open goes first, of each kind the claim that is due last."""
    found: dict[int, list[int]] = {claim.id: [0, 0] for claim in claims}
    rest = amount
    for kind in (0, 1):
        for claim in reversed(claims):
            there = claim.open_amount if kind == 0 else claim.amount - claim.credited_amount - claim.open_amount
            share = min(rest, there)
            found[claim.id][kind] = share
            rest -= share
    return [Taken(claim, *found[claim.id]) for claim in claims if any(found[claim.id])]


def paid_of(claims: Sequence[Claim]) -> int:
    """Return what was paid on claims and is still theirs, in minor units."""
    return sum(claim.amount - claim.credited_amount - claim.open_amount for claim in claims)


def reverse_whole(session: Session, *, invoice_id: int, entry: Entry, on: dt.date) -> None:
    """Reverse every posting that issued an invoice of which nothing had been credited."""
    session.execute(
        statement("dues/payments/sql/reverse_issue.sql"),
        {"invoice": invoice_id, "entry": entry.id, "on": on, "books_on": entry.on_date},
    )


def reverse_lines(
    session: Session, *, taken: Sequence[Taken], lines: Mapping[LineLeft, int], entry: Entry, on: dt.date
) -> None:
    """Book what is given back of each line against the accounts on which it was issued."""
    parts = select(Claim.id).where(Claim.invoice_id.in_({one.claim.invoice_id for one in taken}))
    issued = list(
        session.execute(
            select(Posting)
            .join(Entry, Entry.id == Posting.entry_id)
            # A part may be paid before those that ask for earlier lines: any part says how a line was booked.
            .where(Posting.claim_id.in_(parts), Entry.event.in_(ISSUES))
            .order_by(Posting.id)
        ).scalars()
    )
    by_claim = {one.claim.id: one.claim for one in taken}
    rows: list[dict[str, Any]] = []
    for claim_id, line, amount in _met(taken, lines):
        like = next((posting for posting in issued if _issues(posting, line)), None)
        if like is None:
            raise NotCreditableError(by_claim[claim_id].invoice_id, f"line {line.position} is not booked")
        rows.append(
            {
                "entry_id": entry.id,
                "debit_account_id": like.credit_account_id,
                "credit_account_id": like.debit_account_id,
                "amount": abs(amount),
                "currency": like.currency,
                "on_date": entry.on_date,
                "value_date": on,
                "claim_id": claim_id,
                "person_id": like.person_id,
                "component_id": like.component_id,
                "service_from": like.service_from,
                "service_to": like.service_to,
                "coding_id": like.coding_id,
            }
        )
    session.execute(insert(Posting), rows)


def _issues(posting: Posting, line: LineLeft) -> bool:
    """Tell whether a posting books such a line: the same part of the fee and days, or the same account and side.

    Its dimensions are the line's, too.
    """
    if posting.coding_id != line.coding_id:
        return False
    if line.component_id is not None:
        return (posting.component_id, posting.service_from) == (line.component_id, line.period_from)
    side = posting.credit_account_id if line.amount > 0 else posting.debit_account_id
    return posting.component_id is None and side == line.account_id


def _met(taken: Sequence[Taken], lines: Mapping[LineLeft, int]) -> Iterator[tuple[int, LineLeft, int]]:
    """Lay what is given back of lines onto claims, as the lines of an invoice were laid onto its parts."""
    given = list(lines)
    for line, place, amount in laid(list(lines.values()), [one.amount for one in taken]):
        yield taken[place].claim.id, given[line], amount


def lower(session: Session, *, taken: Sequence[Taken], entry: Entry, on: dt.date) -> int:
    """Lower what is owed; what had been paid of it becomes the debtor's credit, whose sum is returned.

    A claim of which nothing is left has ended as credited, one of which only what was paid is left as paid.
    """
    kept = 0
    for one in taken:
        if one.of_paid:
            _keep(session, one, entry, on=on)
            kept += one.of_paid
        claim = one.claim
        claim.credited_amount += one.amount
        claim.open_amount -= one.of_open
        if claim.credited_amount == claim.amount:
            claim.ended, claim.ended_on = ClaimEnd.CREDITED, on
        elif claim.open_amount == 0 and claim.ended is None:
            claim.ended, claim.ended_on = ClaimEnd.PAID, on
    session.flush()
    return kept


def _keep(session: Session, one: Taken, entry: Entry, *, on: dt.date) -> None:
    claim = one.claim
    receivable, credit = (
        credit_account(session, creditor_id=claim.creditor_id, event=event, currency=claim.currency)
        for event in (Event.PAYMENT, Event.CREDIT)
    )
    session.execute(
        insert(Posting).values(
            entry_id=entry.id,
            debit_account_id=receivable,
            credit_account_id=credit,
            amount=one.of_paid,
            currency=claim.currency,
            on_date=entry.on_date,
            value_date=on,
            claim_id=claim.id,
            person_id=claim.debtor_id,
        )
    )
    add_credit(
        session, creditor_id=claim.creditor_id, person_id=claim.debtor_id, amount=one.of_paid, currency=claim.currency
    )
