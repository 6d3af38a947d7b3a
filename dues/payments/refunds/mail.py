"""Asks people by mail to which account their money goes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents import Party
from dues.delivery.envelope import envelope
from dues.delivery.forms import form
from dues.delivery.installation import Installation
from dues.delivery.models import Channel, Message
from dues.delivery.post import Mail, Make, Outgoing, Withheld
from dues.groups.models import Creditor, Group
from dues.invoicing.payment_words import sender_shape, sender_values
from dues.members.models import Person
from dues.payments.refunds.find import held_refund
from dues.payments.refunds.models import Refund, RefundState
from language import Language

KIND: Final = "refund"
"""What the message is called."""


def ask_for_account(session: Session, *, refund_id: int) -> bool:
    """Ask the person whose refund it is for an account; False where they cannot be reached by mail.

    Nothing is said openly about money of a sensitive creditor. Raises UnknownRefundError and RefundMovedError.
    """
    refund = held_refund(session, refund_id, RefundState.PROPOSED, RefundState.BOUNCED)
    person = session.get(Person, refund.person_id) if refund.person_id is not None else None
    sensitive = session.get_one(Creditor, refund.creditor_id).sensitive
    if person is None or not person.email or person.deceased_on is not None or sensitive:
        return False
    session.add(
        Message(
            kind=KIND,
            subject_id=refund.id,
            person_id=person.id,
            channel=Channel.EMAIL,
            address=person.email,
            language=person.language,
        )
    )
    session.flush()
    return True


@dataclass(frozen=True, slots=True)
class RefundRenderer:
    """Renders messages whose subject is a refund whose account is not known."""

    installation: Installation

    def load(self, session: Session, messages: Sequence[Outgoing]) -> Mapping[int, Make]:
        """Read the refunds; whose account has become known since, or who is sensitive, is not asked."""
        wanted = (
            select(Refund, Creditor, Group.colour)
            .join(Creditor, Creditor.id == Refund.creditor_id)
            .join(Group, Group.id == Creditor.group_id)
            .where(Refund.id.in_({message.subject_id for message in messages}))
        )
        found = {refund.id: (refund, creditor, colour) for refund, creditor, colour in session.execute(wanted)}
        there = [message for message in messages if message.subject_id in found]
        return {m.id: partial(_make, self.installation, m, *found[m.subject_id]) for m in there}


def _make(
    installation: Installation, message: Outgoing, refund: Refund, creditor: Creditor, colour: str
) -> Mail | Withheld:
    if refund.state not in (RefundState.PROPOSED, RefundState.BOUNCED):
        return Withheld("The account is known by now, or the refund is cancelled.")
    if creditor.sensitive:
        return Withheld("Nothing is said openly about money from a sensitive creditor.")
    language = Language(message.language)
    sender = Party(name=creditor.name, email=creditor.email, phone=creditor.phone)
    values = {**sender_values(sender, colour), "amount": language.money(refund.amount, refund.currency)}
    words = form("refund", language.code, frozenset(sender_shape(sender))).fill(values)
    return envelope(installation, message, words, sender=sender, recipient=refund.name)
