"""Somebody has died: memberships end on that day, what was charged for later is credited, and nobody writes to them.

Messages, reminders and renewals look at the day of death themselves: what waits is withheld, what would come does not.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.delivery.models import Message, MessageState
from dues.invoicing.models import Claim
from dues.loop.end import Hand, Unneeded, charged_since, credit_unneeded, mark_ended, unneeded
from dues.loop.errors import DeathDayError, DeathMovedError, DeathRecordedError, NoDeathError
from dues.loop.give_back import put_up
from dues.members.models import Membership, MembershipStatus, MembershipType, Payer, Person, StatusChange

UNDO_DAYS: Final = 30
"""How many days after it was recorded a mistaken death can be taken back here."""


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody's death leads to, before it is recorded.

    ``memberships`` end, as (id, names of the kind); ``credited`` is what was charged for later, ``owed`` in minor units
    by currency what stays to be paid by the estate; ``waiting`` messages are withheld, ``others`` lose their payer.
    """

    memberships: tuple[tuple[int, dict[str, str]], ...]
    credited: tuple[Unneeded, ...]
    owed: dict[str, int]
    waiting: int
    others: tuple[Person, ...]

    @property
    def seen(self) -> str:
        """What is credited, as a form carries it."""
        return " ".join(str(one.invoice_id) for one in self.credited)


def what_is_left(session: Session, *, person_id: int, on: dt.date) -> Left:
    """Return what would follow from somebody's death on a day."""
    memberships = session.execute(
        select(Membership.id, MembershipType.names)
        .join(MembershipType, MembershipType.id == Membership.type_id)
        .where(Membership.person_id == person_id, Membership.ended_on.is_(None))
        .order_by(Membership.id)
    ).all()
    credited = [one for id_, _ in memberships for one in unneeded(session, membership_id=id_, on=on, paid=True)]
    open_sums = (
        select(Claim.currency, func.sum(Claim.open_amount))
        .where(Claim.debtor_id == person_id, Claim.open_amount > 0)
        .group_by(Claim.currency)
    )
    owed = {currency: int(amount) for currency, amount in session.execute(open_sums)}
    for one in credited:
        owed[one.currency] = owed.get(one.currency, 0) - (one.amount - one.kept)
    waiting = select(func.count()).where(Message.person_id == person_id, Message.state == MessageState.QUEUED)
    others = (
        select(Person)
        .join(Payer, Payer.person_id == Person.id)
        .where(Payer.payer_id == person_id, func.coalesce(Payer.to_on, on) >= on)
        .order_by(Person.id)
    )
    return Left(
        memberships=tuple((id_, names) for id_, names in memberships),
        credited=tuple(credited),
        owed={currency: amount for currency, amount in owed.items() if amount > 0},
        waiting=session.scalar(waiting) or 0,
        others=tuple(session.scalars(others).unique()),
    )


def record_death(
    session: Session,
    *,
    person_id: int,
    on: dt.date,
    today: dt.date,
    by: Actor,
    seen: Sequence[int] | None = None,
    hand: Hand | None = None,
    refund: bool = False,
) -> list[int]:
    """Record that somebody died on a day, end their memberships, and return the credit notes; the dead are sent none.

    What was paid for later becomes credit; with ``refund`` it is put up for refund, to the estate. ``seen`` is which
    invoices somebody saw would be credited. What a ``hand`` may not credit alone waits for a second person, as when a
    membership ends. Raises DeathRecordedError, DeathDayError, DeathMovedError, and NotCreditableError where money comes
    at this moment.
    """
    person = session.get_one(Person, person_id, populate_existing=True)
    if person.deceased_on is not None:
        raise DeathRecordedError(person_id)
    if on > today or (person.birth_date is not None and on < person.birth_date):
        raise DeathDayError(on)
    left = what_is_left(session, person_id=person_id, on=on)
    if seen is not None and sorted(seen) != sorted(one.invoice_id for one in left.credited):
        raise DeathMovedError
    person.deceased_on = on  # first: no credit note goes to the dead
    session.flush()
    notes = [credit_unneeded(session, one, today=today, by=by, hand=hand) for one in left.credited]
    known = {one.invoice_id for one in left.credited}
    for membership_id, _ in left.memberships:
        held = session.get_one(Membership, membership_id)
        never_began = held.status is MembershipStatus.APPLIED
        mark_ended(session, membership_id, status=MembershipStatus.DECEASED, on=max(on, held.joined_on), by=by)
        if charged_since(session, held, on=on, paid=True, never_began=never_began, known=known):
            raise DeathMovedError
    if refund:
        kept = [(one.invoice_id, one.kept) for one, note in zip(left.credited, notes, strict=True) if note and one.kept]
        put_up(session, kept=kept, on=today, by=by)
    session.execute(
        update(Message)
        .where(Message.person_id == person_id, Message.state == MessageState.QUEUED)
        .values(state=MessageState.WITHHELD)
    )
    session.flush()
    return [note for note in notes if note is not None]


def undoable(session: Session, *, person_id: int, today: dt.date) -> bool:
    """Tell whether a death can still be taken back: it ended memberships here at most `UNDO_DAYS` ago, or none."""
    person = session.get_one(Person, person_id)
    if person.deceased_on is None:
        return False
    recorded = session.scalar(
        select(func.max(StatusChange.recorded_at))
        .join(Membership, Membership.id == StatusChange.membership_id)
        .where(Membership.person_id == person_id, StatusChange.status == MembershipStatus.DECEASED)
    )
    return recorded is None or (today - recorded.date()).days <= UNDO_DAYS


def take_back_death(session: Session, *, person_id: int, today: dt.date, by: Actor) -> int:
    """Take a mistaken death back: the memberships that it ended go on, and how many those are is returned.

    What was credited stays credited, so that it is charged again by itself; withheld messages stay withheld. Raises
    NoDeathError where there is none, or where it is too long ago.
    """
    if not undoable(session, person_id=person_id, today=today):
        raise NoDeathError(person_id)
    person = session.get_one(Person, person_id)
    person.deceased_on = None
    ended = session.scalars(
        select(Membership)
        .where(Membership.person_id == person_id, Membership.status == MembershipStatus.DECEASED)
        .order_by(Membership.id)
        .with_for_update(key_share=True)
    ).all()
    for one in ended:
        one.ended_on, one.status = None, _before(session, one.id)
        session.add(StatusChange(membership_id=one.id, from_on=today, status=one.status, actor=str(by)))
    session.flush()
    return len(ended)


def _before(session: Session, membership_id: int) -> MembershipStatus:
    """Return the last status of a membership before its member was taken for dead."""
    wanted = select(StatusChange.status).where(
        StatusChange.membership_id == membership_id, StatusChange.status != MembershipStatus.DECEASED
    )
    return session.scalars(wanted.order_by(StatusChange.id.desc()).limit(1)).one()
