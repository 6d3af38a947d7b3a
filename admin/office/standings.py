"""How invoices and memberships stand, as badges."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from dues.delivery.models import MessageState
from dues.invoicing.standing import Dunning, Hold, hold
from dues.members.models import MembershipStatus
from dues.overview.invoice_file import delivery_of
from dues.overview.person_file import Bill
from language import pgettext_noop
from web import states
from web.speech import pgettext
from web.states import State

_STATUS: Final[Mapping[MembershipStatus, tuple[tuple[str, str], str, str]]] = {
    MembershipStatus.APPLIED: (pgettext_noop("membership", "Applied"), "info", "empty"),
    MembershipStatus.ACTIVE: (pgettext_noop("membership", "Active"), "good", "full"),
    MembershipStatus.RESTING: (pgettext_noop("membership", "Resting"), "hold", "bars"),
    MembershipStatus.LEFT: (pgettext_noop("membership", "Left"), "quiet", "out"),
    MembershipStatus.EXCLUDED: (pgettext_noop("membership", "Excluded"), "quiet", "out"),
    MembershipStatus.DECEASED: (pgettext_noop("membership", "Deceased"), "quiet", "out"),
}


def membership(status: MembershipStatus) -> State:
    """Where a membership stands."""
    words, tone, picture = _STATUS[status]
    return State("membership", pgettext(*words), tone, picture)


def bill(one: Bill, *, on: dt.date) -> list[State]:
    """An invoice in a list: how it is settled, and the first of hold, failed delivery and reminders."""
    settled = one.settlement(on=on)
    if settled is None:
        return [State("document", pgettext("invoice", "Credit note"), "quiet", "page")]
    if one.ended is not None:
        return [states.settlement(settled)]
    held = hold(reason=one.hold_reason, until=one.held_until, on=on)
    dunned = Dunning.REMINDED if one.dunning_level else Dunning.NONE
    others = (
        states.hold(held) if held is not Hold.NONE else None,
        states.delivery(delivery_of(one.message_state)) if one.message_state is MessageState.FAILED else None,
        states.dunning(dunned, level=one.dunning_level),
    )
    return states.in_list(settled=states.settlement(settled), others=others)
