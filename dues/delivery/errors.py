"""Refusals of delivery."""

from collections.abc import Iterable


class DeliveryError(Exception):
    """A message cannot be made or delivered as asked."""


class UnboundKindError(DeliveryError):
    """The outbox knows kinds of messages that nothing renders, or the other way round."""

    def __init__(self, *, unbound: Iterable[str], unknown: Iterable[str]) -> None:
        faults = [f"nothing renders {kind!r}" for kind in sorted(unbound)]
        faults += [f"{kind!r} is no kind of message" for kind in sorted(unknown)]
        super().__init__(f"Messages and what renders them do not fit: {', '.join(faults)}.")


class MissingSubjectError(DeliveryError):
    """What a message is about is not there."""

    def __init__(self, kind: str, subject: int) -> None:
        super().__init__(f"There is no {kind} {subject} to send.")


class WrongChannelError(DeliveryError):
    """A kind of message that does not travel by this channel."""

    def __init__(self, kind: str, channel: str) -> None:
        super().__init__(f"A message of kind {kind!r} cannot be sent by {channel}.")


class AddressError(DeliveryError):
    """An address that no mail can be sent to."""

    def __init__(self, address: str) -> None:
        super().__init__(f"“{address}” is not an e-mail address that mail can be sent to. Correct it and send again.")


class UnavailableError(DeliveryError):
    """A channel takes nothing at present, whatever the message; nothing is lost, all of it waits."""
