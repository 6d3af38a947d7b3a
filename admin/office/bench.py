"""What the pages of the workbench share: which part of the pile one is in, and the case of an address."""

from dataclasses import dataclass
from typing import Any, Final

from flask import abort, request

from admin.addresses import door
from admin.office.found import below
from dues.payments.case import Case, read_case
from dues.payments.models import CaseReason
from dues.payments.pile import Wanted
from web.house import session
from web.number_of import number_of

LARGEST: Final = 2**63 - 1
"""A number in an address beyond what the database counts is nobody's."""

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Part:
    """The part of the pile that addresses carry along: the filter, and after which payment the page begins."""

    wanted: Wanted
    after: int = 0

    @property
    def values(self) -> dict[str, Any]:
        """What stands in addresses; nothing of what is not set."""
        named = {
            "reason": self.wanted.reason.value if self.wanted.reason else "",
            "account": self.wanted.agreement_id or "",
            "q": self.wanted.words,
            "after": self.after or "",
        }
        return {name: value for name, value in named.items() if value}

    def case(self, payment_id: int, **more: Any) -> str:
        """Return the address of a case within this part."""
        return door("queue.case", payment_id=payment_id, **self.values, **more)

    def pile(self, *, after: int = 0) -> str:
        """Return the address of the pile, from a payment on."""
        return door("queue.pile", **{**self.values, "after": after or None})


def part() -> Part:
    """Return the part of the pile that the address of this request names; what cannot be read is left out."""
    reason = request.args.get("reason", "")
    return Part(
        Wanted(
            reason=CaseReason(reason) if reason in set(CaseReason) else None,
            agreement_id=whole(request.args.get("account", "")) or None,
            words=request.args.get("q", "").strip()[:_LONGEST],
            path=below(),
        ),
        after=whole(request.args.get("after", "")),
    )


def whole(written: str) -> int:
    """Return a number of an address or a form, 0 for what is none."""
    return number_of(written) or 0


def case_or_stop(payment_id: int) -> Case:
    """Return the case of an address, or the page that says it is not there."""
    found = read_case(session(), payment_id=payment_id, path=below()) if payment_id <= LARGEST else None
    return found if found is not None else abort(404)
