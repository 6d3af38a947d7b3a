"""A membership ends: nothing is charged any more, and what was charged for later is credited, line by line."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import CompoundSelect, exists, func, insert, select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.invoicing.cover import release_free
from dues.invoicing.models import Claim, ClaimEnd, FeePeriod, Invoice, InvoiceKind, InvoiceLine
from dues.loop.errors import EndDayError, EndMovedError, NoMembershipError
from dues.loop.give_back import put_up
from dues.members.models import Membership, MembershipStatus, StatusChange
from dues.patience import patiently
from dues.payments.credit_books import left_of_lines, paid_of, taken_of
from dues.payments.credit_invoice import Terms, credit_invoice, credit_now
from dues.payments.credit_limit import How, Wish, propose_credit, within_limit

ENDINGS: Final = (MembershipStatus.LEFT, MembershipStatus.EXCLUDED)
"""How a membership ends that its member outlives."""


@dataclass(frozen=True, slots=True)
class Unneeded:
    """What an invoice charges one membership and is not needed any more; amounts in minor units.

    ``lines`` is what is credited of which line, by position; ``whole`` says that nothing of the invoice is left then.
    ``open_amount`` is what the invoice has open now, ``kept`` what had been paid of ``amount`` and becomes credit.
    """

    invoice_id: int
    number: str
    open_amount: int
    currency: str
    lines: Mapping[int, int]
    whole: bool
    kept: int

    @property
    def amount(self) -> int:
        """What is credited of it."""
        return sum(self.lines.values())


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who ends something by themselves: one of the staff, and whether they may credit invoices."""

    staff_id: int
    may_credit: bool


def unneeded(session: Session, *, membership_id: int, on: dt.date, paid: bool = False) -> list[Unneeded]:
    """Return what is credited when a membership ends on a day, oldest first.

    It is what was charged for stretches that begin after that day; or, where the membership never began because its
    first invoice was never paid, all of it. What has been paid of it only with ``paid``; without, what is open.
    """
    held = session.get(Membership, membership_id)
    if held is None:
        return []
    return _found(session, held, on=on, paid=paid, never_began=held.status is MembershipStatus.APPLIED)


def _found(session: Session, held: Membership, *, on: dt.date, paid: bool, never_began: bool) -> list[Unneeded]:
    lines = (
        select(InvoiceLine.invoice_id, func.array_agg(InvoiceLine.position))
        .where(InvoiceLine.invoice_id.in_(_invoices_of(held.person_id)), InvoiceLine.membership_id == held.id)
        .group_by(InvoiceLine.invoice_id)
    )
    if not never_began:
        lines = lines.where(InvoiceLine.period_from > on)
    later = {invoice_id: set(positions) for invoice_id, positions in session.execute(lines)}
    invoices = select(Invoice).where(Invoice.id.in_(later), Invoice.kind == InvoiceKind.INVOICE).order_by(Invoice.id)
    found = [_unneeded(session, one, later[one.id], paid=paid) for one in session.scalars(invoices).all()]
    return [one for one in found if one is not None]


def out_of_sight(session: Session, *, membership_id: int, on: dt.date) -> bool:
    """Tell whether an invoice that whoever asks does not see charges for later: that of a family of many groups.

    It is not credited by whoever ends the membership, but by those who see the invoice.
    """
    held = session.get_one(Membership, membership_id)
    charged = (
        select(InvoiceLine.invoice_id)
        .join(
            FeePeriod,
            (FeePeriod.membership_id == InvoiceLine.membership_id)
            & (FeePeriod.component_id == InvoiceLine.component_id)
            & (FeePeriod.from_on == InvoiceLine.period_from),
        )
        .where(InvoiceLine.person_id == held.person_id, InvoiceLine.member_name != "", FeePeriod.release == 0)
        .where(InvoiceLine.membership_id == held.id, ~exists().where(Invoice.id == InvoiceLine.invoice_id))
    )
    if held.status is not MembershipStatus.APPLIED:
        charged = charged.where(InvoiceLine.period_from > on)
    return session.scalar(charged.limit(1)) is not None


def charged_since(
    session: Session, held: Membership, *, on: dt.date, paid: bool, never_began: bool, known: Collection[int]
) -> bool:
    """Tell whether a run charged a membership that has just been ended, while its end waited for that run.

    ``known`` are the invoices that were found before: of them something may wait for a second person.
    """
    found = _found(session, held, on=on, paid=paid, never_began=never_began)
    return any(one.invoice_id not in known for one in found)


def _unneeded(session: Session, invoice: Invoice, later: set[int], *, paid: bool) -> Unneeded | None:
    claims = session.scalars(select(Claim).where(Claim.invoice_id == invoice.id).order_by(Claim.id)).all()
    if any(claim.ended not in (None, ClaimEnd.PAID, ClaimEnd.CREDITED) for claim in claims):
        return None
    left = left_of_lines(session, invoice_id=invoice.id)
    lines = {line.position: line.still for line in left if line.position in later and line.still}
    if paid_of(claims) and not paid:
        lines = _last_of(lines, sum(claim.open_amount for claim in claims))
    if sum(lines.values()) <= 0:
        return None
    return Unneeded(
        invoice_id=invoice.id,
        number=invoice.called,
        open_amount=sum(claim.open_amount for claim in claims),
        currency=invoice.currency,
        lines=lines,
        whole=all(line.still == lines.get(line.position, 0) for line in left),
        kept=sum(one.of_paid for one in taken_of(claims, sum(lines.values()))),
    )


def _last_of(lines: Mapping[int, int], amount: int) -> dict[int, int]:
    """Return the last of some lines that make up at most an amount: what is paid, is paid from the first one on."""
    found: dict[int, int] = {}
    for position in sorted(lines, reverse=True):
        if share := min(lines[position], amount - sum(found.values())):
            found[position] = share
    return dict(sorted(found.items()))


def _invoices_of(person_id: int) -> CompoundSelect[int]:
    own = select(Invoice.id).where(Invoice.payer_id == person_id)
    paid_by_others = select(InvoiceLine.invoice_id).where(
        InvoiceLine.person_id == person_id, InvoiceLine.member_name != ""
    )
    return own.union(paid_by_others)


def end_membership(
    session: Session,
    *,
    membership_id: int,
    status: MembershipStatus,
    on: dt.date,
    today: dt.date,
    by: Actor,
    seen: Sequence[int] | None = None,
    paid: bool = False,
    refund: bool = False,
    hand: Hand | None = None,
) -> list[int]:
    """End a membership with its last day ``on``, and return the credit notes of what it does not need now.

    ``status`` is one of ENDINGS, ``seen`` the invoices that somebody saw would be credited. With ``paid`` what was paid
    for later becomes credit of whoever paid, without it stays paid; with ``refund`` that credit is put up for refund,
    where refunds are bound. What a ``hand`` may not credit alone waits for a
    second person, while the membership ends at once; without a hand nothing waits.

    Raises NoMembershipError, EndDayError, EndMovedError, and NotCreditableError where money comes at this moment.
    """
    held = session.get(Membership, membership_id, populate_existing=True)
    if held is None or held.ended_on is not None:
        raise NoMembershipError(membership_id)
    first = min(held.joined_on, today)
    if not first <= on <= today:
        raise EndDayError(on, first, today)
    found = unneeded(session, membership_id=membership_id, on=on, paid=paid)
    if seen is not None and sorted(seen) != [one.invoice_id for one in found]:
        raise EndMovedError
    # Claims are locked before memberships, as by every other work that moves both.
    notes = [credit_unneeded(session, one, today=today, by=by, hand=hand) for one in found]
    never_began = held.status is MembershipStatus.APPLIED
    mark_ended(session, membership_id, status=status, on=on, by=by)
    known = {one.invoice_id for one in found}
    if charged_since(session, held, on=on, paid=paid, never_began=never_began, known=known):
        raise EndMovedError
    if refund:
        kept = [(one.invoice_id, one.kept) for one, note in zip(found, notes, strict=True) if note and one.kept]
        put_up(session, kept=kept, on=today, by=by)
    return [note for note in notes if note is not None]


def alone(session: Session, one: Unneeded, hand: Hand | None) -> bool:
    """Tell whether somebody may credit what is not needed by themselves.

    What was paid and becomes credit is for those who may credit invoices; the rest follows from the ending. Above its
    creditor's limit nobody credits alone.
    """
    if hand is None:
        return True
    return (hand.may_credit or not one.kept) and within_limit(session, wish=_wish(one))


def credit_unneeded(
    session: Session, one: Unneeded, *, today: dt.date, by: Actor, hand: Hand | None = None
) -> int | None:
    """Credit what is not needed any more, and return the credit note; None where a second person is asked to agree."""
    if hand is not None and not alone(session, one, hand):
        propose_credit(
            session,
            wish=_wish(one),
            on=today,
            by=by,
            proposer=hand.staff_id,
            seen=one.open_amount,
            credits_too=hand.may_credit,
        )
        return None
    if one.whole:
        return credit_invoice(session, invoice_id=one.invoice_id, on=today, by=by, seen=one.open_amount)
    terms = Terms(on=today, by=by, seen=one.open_amount)
    return patiently(session, lambda: credit_now(session, one.invoice_id, one.lines, terms))


def _wish(one: Unneeded) -> Wish:
    return Wish(one.invoice_id) if one.whole else Wish(one.invoice_id, How.PART, amounts=dict(one.lines))


def mark_ended(session: Session, membership_id: int, *, status: MembershipStatus, on: dt.date, by: Actor) -> None:
    """Write down that a membership ended on a day, and how; raise NoMembershipError where it had.

    What begins later and was free is released, too: no invoice charges it, and so no credit note takes it back.
    """
    held = session.get_one(Membership, membership_id, with_for_update={"key_share": True}, populate_existing=True)
    if held.ended_on is not None:
        raise NoMembershipError(membership_id)
    held.status, held.ended_on = status, on
    session.execute(insert(StatusChange).values(membership_id=membership_id, from_on=on, status=status, actor=str(by)))
    session.flush()
    release_free(session, membership_id=membership_id, on=on)
    session.expire(held, ["charged_through", "paid_through"])
