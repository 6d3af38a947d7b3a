"""Moves what a payment was used for to another claim or person: one press, one chain of postings, with its history."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.patience import patiently
from dues.payments.allocate import allocate_now
from dues.payments.decide import Decision, still_there
from dues.payments.errors import ClaimMovedError, SamePlaceError, UnknownAllocationError
from dues.payments.keep import keep_now
from dues.payments.models import Allocation
from dues.payments.take_back import take_back_now
from dues.payments.transfer import held_claim, held_payment


@dataclass(frozen=True, slots=True)
class Place:
    """Where money is moved to: a claim, or (without one) a person's credit.

    ``open_seen`` is what the claim had open when somebody looked, in minor units of its currency.
    """

    claim_id: int | None = None
    person_id: int | None = None
    open_seen: int | None = None


def move(session: Session, *, allocation_id: int, to: Place, on: dt.date, by: Actor) -> Decision:
    """Use for one claim or person what a payment was used for another's; what it needs not is its debtor's credit.

    The old use is taken back and the new one names it, so that the chain can be told. Raises UnknownAllocationError
    (also for one that was taken back or moved before), SamePlaceError, ClaimMovedError, every PaymentError of
    `take_back`, `allocate` and `keep`, and BusyError; nothing is changed then.
    """
    return patiently(session, lambda: _moved(session, allocation_id=allocation_id, to=to, on=on, by=by))


def _moved(session: Session, *, allocation_id: int, to: Place, on: dt.date, by: Actor) -> Decision:
    used = session.get(Allocation, allocation_id)
    if used is None or used.reverses_id is not None:
        raise UnknownAllocationError(allocation_id)
    held_payment(session, used.payment_id)
    _hold(session, [used.claim_id, to.claim_id])
    if (to.claim_id, None if to.claim_id else to.person_id) == (used.claim_id, _keeper(used)):
        raise SamePlaceError(allocation_id)
    take_back_now(session, allocation_id=allocation_id, on=on, by=by)
    return _placed(session, used, to, on=on, by=by, moved_from=allocation_id)


def _hold(session: Session, claims: Sequence[int | None]) -> None:
    """Lock claims in the order of their ids, as everybody does."""
    for claim_id in sorted({one for one in claims if one is not None}):
        held_claim(session, claim_id)


def _keeper(used: Allocation) -> int | None:
    return used.person_id if used.claim_id is None else None


def _placed(session: Session, used: Allocation, to: Place, *, on: dt.date, by: Actor, moved_from: int) -> Decision:
    """Book the amount of ``used`` at another place."""
    payment_id = used.payment_id

    def kept(person_id: int, amount: int) -> int:
        return keep_now(
            session,
            payment_id=payment_id,
            person_id=person_id,
            amount=amount,
            on=on,
            by=by,
            moved_from=moved_from,
        )

    if to.claim_id is None:
        first = kept(to.person_id or 0, used.amount)
        return Decision(payment_id, first, first, used.amount)
    claim = held_claim(session, to.claim_id)
    if to.open_seen is not None and claim.open_amount != to.open_seen:
        raise ClaimMovedError(claim.id, claim.open_amount)
    needed = min(used.amount, claim.open_amount)
    done = allocate_now(
        session, payment_id=payment_id, claim_id=claim.id, amount=needed, on=on, by=by, moved_from=moved_from
    )
    last = kept(claim.debtor_id, used.amount - needed) if used.amount > needed else done.allocation_id
    return Decision(payment_id, done.allocation_id, last, used.amount)


def undo_move(session: Session, *, payment_id: int, first: int, last: int, on: dt.date, by: Actor) -> Decision:
    """Move money back to where it was: the stretch of allocations that `move` wrote gives way to what it replaced.

    Raises UnknownAllocationError where it was moved on or taken back since, all errors of `move`, and BusyError.
    """
    return patiently(session, lambda: _moved_back(session, payment_id, first, last, on=on, by=by))


def _moved_back(session: Session, payment_id: int, first: int, last: int, *, on: dt.date, by: Actor) -> Decision:
    held_payment(session, payment_id)
    found = still_there(session, payment_id=payment_id, first=first, last=last)
    before = session.get(Allocation, found[0].moved_from_id) if found and found[0].moved_from_id else None
    if before is None or sum(one.amount for one in found) != before.amount:
        raise UnknownAllocationError(first)
    _hold(session, [before.claim_id, *(one.claim_id for one in found)])
    for one in found:
        take_back_now(session, allocation_id=one.id, on=on, by=by)
    place = Place(before.claim_id, before.person_id)
    return _placed(session, before, place, on=on, by=by, moved_from=found[-1].id)
