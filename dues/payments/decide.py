"""An officer's whole decision on a payment, in one piece: for one claim, split over several, or kept as credit.

What the officer saw comes along with it. If the ground has moved since, nothing is booked and they are told.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from dues.actor import Actor
from dues.patience import patiently
from dues.payments.allocate import allocate_now
from dues.payments.errors import (
    CaseMovedError,
    ClaimMovedError,
    NotAllPlacedError,
    NothingLeftError,
    SomethingLeftError,
    UnknownAllocationError,
)
from dues.payments.keep import keep_now
from dues.payments.models import Allocation, CaseReason
from dues.payments.moved import last_move
from dues.payments.take_back import take_back_now
from dues.payments.transfer import held_claim, held_payment, use_up, waiting


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a payment, for a claim or (without one) for a person's credit.

    ``amount`` is in minor units; None, for a claim that is the only share, uses the whole payment and keeps what is
    too much as the debtor's credit. ``open_seen`` is what the claim had open when the officer looked.
    """

    claim_id: int | None = None
    person_id: int | None = None
    amount: int | None = None
    open_seen: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was booked: the stretch of a payment's allocations it wrote, and the sum in minor units."""

    payment_id: int
    first: int
    last: int
    amount: int


def decide(
    session: Session, *, payment_id: int, shares: Sequence[Share], seen: int | None, on: dt.date, by: Actor
) -> Decision:
    """Use all that a payment has left, as shared out; ``seen`` is its `last_move` when the officer looked.

    Raises CaseMovedError and ClaimMovedError where the ground has moved, NotAllPlacedError where shares and payment
    differ, every PaymentError of `allocate` and `keep`, and BusyError; nothing is changed then.
    """
    return patiently(session, lambda: _decided(session, payment_id=payment_id, shares=shares, seen=seen, on=on, by=by))


def _decided(
    session: Session, *, payment_id: int, shares: Sequence[Share], seen: int | None, on: dt.date, by: Actor
) -> Decision:
    payment = held_payment(session, payment_id)
    if seen is not None and last_move(session, payment_id=payment_id) != seen:
        raise CaseMovedError(payment_id)
    left = waiting(session, payment).unallocated
    _hold_claims(session, shares)
    _check_sum(shares, left)
    first = last = 0
    for share in shares:
        began, ended = _booked(session, payment_id, share, on=on, by=by)
        first, last = first or began, ended
    return Decision(payment_id, first, last, left)


def _hold_claims(session: Session, shares: Sequence[Share]) -> None:
    """Lock the claims in the order of their ids, as slices of imports do, and see that they are as they were shown."""
    wanted = {share.claim_id: share.open_seen for share in shares if share.claim_id is not None}
    for claim_id, seen in sorted(wanted.items()):
        claim = held_claim(session, claim_id)
        if seen is not None and claim.open_amount != seen:
            raise ClaimMovedError(claim_id, claim.open_amount)


def _check_sum(shares: Sequence[Share], left: int) -> None:
    if len(shares) == 1 and shares[0].amount is None:
        return
    placed = sum(share.amount or 0 for share in shares)
    if placed != left:
        raise NotAllPlacedError(placed, left)


def _booked(session: Session, payment_id: int, share: Share, *, on: dt.date, by: Actor) -> tuple[int, int]:
    """Book one share; return the first and the last allocation that it wrote."""
    if share.claim_id is not None:
        done = allocate_now(session, payment_id=payment_id, claim_id=share.claim_id, amount=share.amount, on=on, by=by)
        return done.allocation_id, done.last_id
    kept = keep_now(session, payment_id=payment_id, person_id=share.person_id or 0, amount=share.amount, on=on, by=by)
    return kept, kept


def undo_decision(session: Session, *, payment_id: int, first: int, last: int, on: dt.date, by: Actor) -> int:
    """Take a decision back as a whole, from its last allocation to its first; return how many that were.

    Raises UnknownAllocationError where nothing of it is left to take back, all errors of `take_back`, and BusyError.
    """

    def work() -> int:
        held_payment(session, payment_id)
        found = still_there(session, payment_id=payment_id, first=first, last=last)
        if not found:
            raise UnknownAllocationError(first)
        for claim_id in sorted(one.claim_id for one in found if one.claim_id is not None):
            held_claim(session, claim_id)
        for one in found:
            take_back_now(session, allocation_id=one.id, on=on, by=by)
        return len(found)

    return patiently(session, work)


def still_there(session: Session, *, payment_id: int, first: int, last: int) -> list[Allocation]:
    """Return the allocations of a stretch that hold, the last one first."""
    undo = aliased(Allocation)
    wanted = select(Allocation).where(
        Allocation.payment_id == payment_id,
        Allocation.id.between(first, last),
        Allocation.reverses_id.is_(None),
        ~select(undo.id).where(undo.reverses_id == Allocation.id).exists(),
    )
    return list(session.scalars(wanted.order_by(Allocation.id.desc())))


def close_empty(session: Session, *, payment_id: int, by: Actor) -> None:
    """Close the case of a payment of no amount: there is nothing in it to use.

    Raises SomethingLeftError for one with money in it, and NothingLeftError for one that is closed.
    """
    payment = held_payment(session, payment_id)
    case = waiting(session, payment, empty=True)
    if case.reason is not CaseReason.NO_AMOUNT or case.unallocated != 0:
        raise SomethingLeftError(payment_id)
    if case.closed_at is not None:
        raise NothingLeftError(payment_id)
    use_up(case, 0, by=by)
    session.flush()
