"""Holds claims until a day, so that nobody is reminded meanwhile, and lets them go again."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.collection.errors import HoldDayError, NothingHeldError, NothingToHoldError
from dues.collection.models import ClaimHold, HoldReason
from dues.invoicing.models import Claim

LONGEST: Final = dt.timedelta(days=731)
"""How far ahead a hold may end: what is forgotten for longer is given up in another way."""


def hold_invoice(
    session: Session,
    *,
    invoice_id: int,
    reason: HoldReason,
    until: dt.date,
    note: str,
    on: dt.date,
    by: Actor,
) -> int:
    """Hold what is open of an invoice through a day; return how many claims are held.

    A later hold takes the place of an earlier one. Raises NothingToHoldError and HoldDayError.
    """
    return _hold(session, Claim.invoice_id == invoice_id, reason=reason, until=until, note=note, on=on, by=by)


def hold_debtor(
    session: Session,
    *,
    person_id: int,
    reason: HoldReason,
    until: dt.date,
    note: str,
    on: dt.date,
    by: Actor,
) -> int:
    """Hold everything that a person owes through a day, as `hold_invoice` does."""
    return _hold(session, Claim.debtor_id == person_id, reason=reason, until=until, note=note, on=on, by=by)


def release_invoice(session: Session, *, invoice_id: int, on: dt.date, by: Actor) -> int:
    """Let go of the claims of an invoice that are held on a day; return how many. Raises NothingHeldError."""
    return _release(session, Claim.invoice_id == invoice_id, on=on, by=by)


def release_debtor(session: Session, *, person_id: int, on: dt.date, by: Actor) -> int:
    """Let go of everything that a person owes and that is held on a day, as `release_invoice` does."""
    return _release(session, Claim.debtor_id == person_id, on=on, by=by)


def _hold(
    session: Session,
    which: ColumnElement[bool],
    *,
    reason: HoldReason,
    until: dt.date,
    note: str,
    on: dt.date,
    by: Actor,
) -> int:
    if not on <= until <= on + LONGEST:
        raise HoldDayError(until)
    claims = _locked(session, which & Claim.ended.is_(None))
    if not claims:
        raise NothingToHoldError
    for claim in claims:
        claim.held_until, claim.hold_reason = until, reason.value
    _write_down(session, [(claim.id, reason) for claim in claims], until=until, note=note, on=on, by=by)
    return len(claims)


def _release(session: Session, which: ColumnElement[bool], *, on: dt.date, by: Actor) -> int:
    claims = _locked(session, which & (Claim.held_until >= on))
    if not claims:
        raise NothingHeldError
    held = [(claim.id, HoldReason(claim.hold_reason or HoldReason.PAUSED)) for claim in claims]
    for claim in claims:
        claim.held_until, claim.hold_reason = None, None
    _write_down(session, held, until=None, note="", on=on, by=by)
    return len(claims)


def _locked(session: Session, which: ColumnElement[bool]) -> list[Claim]:
    """In the order of their ids, as every other work that moves claims locks them."""
    wanted = select(Claim).where(which).order_by(Claim.id).with_for_update(key_share=True)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def _write_down(
    session: Session,
    claims: Sequence[tuple[int, HoldReason]],
    *,
    until: dt.date | None,
    note: str,
    on: dt.date,
    by: Actor,
) -> None:
    session.flush()
    told = {"until": until, "note": note, "on_date": on, "actor": str(by)}
    session.execute(insert(ClaimHold), [{"claim_id": claim, "reason": reason, **told} for claim, reason in claims])
