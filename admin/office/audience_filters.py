"""What narrows those who get an invoice: the boxes of the lists of persons and memberships, under the same keys.

An address of such a list can therefore be taken along: what stands behind its question mark fills these boxes.
"""

from collections.abc import Mapping
from typing import Any, Final

from admin.ledgers import narrowing
from admin.office import standings
from admin.tables.filters import Choices, Filter, choice, day, number
from dues.invoicing.audience import Audience
from dues.members.models import MembershipStatus
from dues.members.segments import all_segments
from language import gettext_noop as _
from web.house import session
from web.speech import named


def _statuses() -> Choices:
    return [(status.value, standings.membership(status).word) for status in MembershipStatus]


def _mail() -> Choices:
    return narrowing.words_of([("with", _("With an address")), ("without", _("Without, so letters are sent"))])


def _segments() -> Choices:
    """Segments of the same name are told apart by their group."""
    found = [(str(one), named(names), group) for one, names, group in all_segments(session())]
    names = [name for _id, name, _group in found]
    return [(one, f"{name} ({group})" if names.count(name) > 1 else name) for one, name, group in found]


FILTERS: Final[tuple[Filter, ...]] = (
    choice("status", _("Status"), _statuses),
    narrowing.membership_type(),
    choice("segment", _("Segment"), _segments),
    number("age-from", _("Age from")),
    number("age-to", _("Age to"), _("Whose birth date is not known is left out where an age is asked for.")),
    narrowing.country(),
    choice("mail", _("E-mail address"), _mail),
    day("paid-before", _("Paid through before")),
    day("paid-after", _("Paid through after")),
)
"""Each by its key in the address of a list."""

_PAGING: Final = frozenset({"after", "before", "sort", "person", "below", "group"})
_VIEWS: Final[Mapping[str, str]] = {"": "", "all": "", "applied": "applied", "active": "active", "resting": "resting"}


def untold(arguments: Mapping[str, str]) -> list[str]:
    """Return the keys of what a list was narrowed by and who gets an invoice cannot be."""
    known = {one.key for one in FILTERS} | _PAGING
    found = [key for key, value in arguments.items() if value.strip() and key not in known]
    return [key for key in found if key != "view" or arguments[key] not in _VIEWS]


def taken(arguments: Mapping[str, str]) -> dict[str, str]:
    """Return what fills the boxes: a list's own filters, and the status that its view stands for."""
    found = {one.key: arguments[one.key] for one in FILTERS if arguments.get(one.key)}
    status = _VIEWS.get(arguments.get("view", ""), "")
    return {"status": status, **found} if status else found


def narrowed(values: Mapping[str, Any], *, group_id: int, also: tuple[int, ...], below: bool) -> Audience:
    """Return the members of groups, narrowed by what was read of the boxes."""
    return Audience(
        group_id=group_id,
        also=also,
        below=below,
        type_id=int(values["type"]) if "type" in values else None,
        status=MembershipStatus(values["status"]) if "status" in values else None,
        age_from=values.get("age-from"),
        age_to=values.get("age-to"),
        segment_id=int(values["segment"]) if "segment" in values else None,
        country=values.get("country", ""),
        with_email=values["mail"] == "with" if "mail" in values else None,
        paid_before=values.get("paid-before"),
        paid_after=values.get("paid-after"),
    )
