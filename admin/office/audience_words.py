"""Who gets an invoice that is sent to many, in words: what was chosen, piece by piece."""

from collections.abc import Callable, Sequence
from typing import Any

from admin.office.audience_filters import FILTERS
from dues.groups.find import group_names
from dues.invoicing.audience import Audience
from dues.members.models import Person
from dues.overview.person_file import full_name
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, ngettext


def chosen_words(audience: Audience) -> list[str]:
    """Return the groups, or the person, and everything that narrows them: "Status: Active"."""
    if audience.person_id is not None:
        person = session().get(Person, audience.person_id)
        return [full_name(person) if person else "–"]
    names = group_names(session(), ids=audience.groups)
    groups = [names.get(one, "–") for one in audience.groups]
    if audience.below:
        groups = [gettext(_("%(group)s and all below"), group=name) for name in groups]
    return [*groups, *_narrowed(audience)]


def short_words(audience: Audience, *, group: str) -> str:
    """Return to whom it goes in a line of a list; ``group`` is what its first group is called."""
    first = gettext(_("%(group)s and all below"), group=group) if audience.below else group
    others = len(audience.also)
    return f"{first}, {ngettext('and %(num)s more', 'and %(num)s more', others)}" if others else first


def _narrowed(audience: Audience) -> Sequence[str]:
    said: dict[str, Any] = {
        "status": audience.status and audience.status.value,
        "type": audience.type_id and str(audience.type_id),
        "segment": audience.segment_id and str(audience.segment_id),
        "age-from": audience.age_from,
        "age-to": audience.age_to,
        "country": audience.country,
        "mail": {True: "with", False: "without", None: ""}[audience.with_email],
        "paid-before": audience.paid_before,
        "paid-after": audience.paid_after,
    }
    return [f"{one.label}: {_told(one.say, said[one.key])}" for one in FILTERS if said[one.key] not in {None, ""}]


def _told(say: Callable[[Any], str], value: Any) -> str:
    """Return a value in words; a type or a segment that is gone has none."""
    try:
        return say(value)
    except KeyError:
        return "–"
