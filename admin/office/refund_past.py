"""What happened to a refund, in words, as a timeline shows it."""

from collections.abc import Mapping
from typing import Final

from admin import addresses
from admin.office.actors import Actors
from admin.office.amounts import moment_words
from admin.office.happenings import Event
from admin.office.refund_words import reason_words
from dues.payments.refunds.models import Refund
from dues.payments.refunds.past import Past, Step, past_of
from language import gettext_noop as _
from web.house import session
from web.speech import gettext

_WORDS: Final[Mapping[Step, str]] = {
    Step.PROPOSED: _("Proposed"),
    Step.ORDERED: _("Ordered from the bank"),
    Step.ACCEPTED: _("Accepted by the bank"),
    Step.REJECTED: _("Refused by the bank"),
    Step.PAID: _("Left the account"),
    Step.BOUNCED: _("Came back"),
    Step.CANCELLED: _("Cancelled"),
}
_TONES: Final[Mapping[Step, str]] = {Step.PAID: "good", Step.REJECTED: "bad", Step.BOUNCED: "bad"}


def refund_past(refund: Refund) -> list[Event]:
    """Return the steps of a refund, the newest first."""
    steps = past_of(session(), refund=refund)
    actors = Actors.of(session(), (one.actor or None for one in steps))
    return [_event(one, actors) for one in steps]


def _event(one: Past, actors: Actors) -> Event:
    said = gettext(_WORDS[one.step])
    why = reason_words(one.code, one.words)
    tone = _TONES.get(one.step, "quiet")
    return Event(
        at=one.day,
        when=moment_words(one.day, one.at),
        words=f"{said}: {why}" if why else said,
        by=actors.words(one.actor) if one.actor else "",
        marked=tone != "quiet",
        tone=tone,
        address=addresses.payment(one.payment) if one.payment is not None else "",
    )
