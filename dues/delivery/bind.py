"""Binds each kind of message to what renders it; a kind without one stops the start."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from sqlalchemy.orm import Session

from dues.delivery.errors import UnboundKindError
from dues.delivery.post import Make, Outgoing
from dues.delivery.staff_mail import APPROVAL, INVITATION

KINDS: Final = frozenset(
    {"invoice", "reminder", "receipt", "credit used", "returned", "refund", "code", INVITATION, APPROVAL}
)
"""Every kind of message that the house writes into its outbox."""

AWAITED: Final = frozenset({"code", INVITATION})
"""The kinds that somebody sits and waits for: they are sent also while the sending of messages rests."""


class Renderer(Protocol):
    """Makes the mails or letters of one kind."""

    def load(self, session: Session, messages: Sequence[Outgoing]) -> Mapping[int, Make]:
        """Read all that these messages say, in a fixed number of statements; return what makes each, by message id.

        A message that cannot be made either makes an error of its own or is missing from the answer.
        """
        ...


Renderers = Mapping[str, Renderer]


def bound(renderers: Renderers) -> Renderers:
    """Return the renderers when they are those of all kinds; raise UnboundKindError otherwise."""
    if renderers.keys() != KINDS:
        raise UnboundKindError(unbound=KINDS - renderers.keys(), unknown=renderers.keys() - KINDS)
    return renderers
