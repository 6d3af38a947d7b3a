"""To whom something goes as somebody writes it: groups, what narrows their members, or one person."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Final
from uuid import UUID, uuid4

from flask import request

from admin.office.audience_filters import FILTERS, narrowed, taken, untold
from admin.office.boxes import LONGEST, key_of, tidy
from admin.office.found import below, person_or_stop
from admin.tables.filters import Given, read_all
from dues.folding import folded
from dues.groups.find import Found, find_groups, find_within
from dues.groups.lists import Named, names_of
from dues.invoicing.audience import Audience
from dues.members.models import MembershipStatus, Person
from language import gettext_noop as _
from web.house import session
from web.number_of import number_of
from web.speech import gettext

_FEW: Final = 20
MOST: Final = 200
"""Groups that are chosen at once."""
_CALLED: Final = re.compile(r".*\(([a-z0-9-]+)\)\s*")


@dataclass(frozen=True)
class Sheet:
    """The boxes as they stand, what is wrong at them, and the groups to choose from where several are called so.

    ``chosen`` are the ids of the groups that were added; ``untold`` names what a list was narrowed by that cannot be
    taken along.
    """

    boxes: dict[str, str]
    given: Given
    chosen: tuple[int, ...] = ()
    below: bool = True
    key: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    offered: Sequence[Found] = ()
    untold: Sequence[str] = ()

    def box(self, name: str) -> SimpleNamespace:
        """Return a box as the macros of all faces draw it."""
        errors = [self.errors[name]] if name in self.errors else []
        return SimpleNamespace(id=name, name=name, data=self.boxes.get(name, ""), errors=errors)

    @property
    def groups(self) -> list[tuple[int, Named]]:
        """The groups that were added, with what they are called."""
        names = names_of(session(), self.chosen)
        return [(one, names[one]) for one in self.chosen if one in names]

    @property
    def person(self) -> Person | None:
        """The one person whom it is for; None where it is for groups."""
        written = self.boxes["person"]
        if not written:
            return None
        try:
            return person_or_stop(UUID(written))
        except ValueError:
            return None

    @property
    def told(self) -> list[tuple[str, str]]:
        """What is wrong, each with the id of its box."""
        return [*self.errors.items(), *self.given.faults.items()]


def empty_sheet(more: Mapping[str, str]) -> Sheet:
    """Return the boxes before anything is written: as a list is narrowed whose filters stand in the address.

    Without any it is active members; ``more`` are boxes of the page's own.
    """
    others = untold(request.args)
    filters = {} if others else taken(request.args)
    listed = bool(filters or request.args.get("group"))
    given = read_all(FILTERS, filters if listed else {"status": MembershipStatus.ACTIVE.value})
    boxes = {"group": "" if others else tidy(request.args.get("group"))[:LONGEST], "slug": ""}
    boxes |= {"person": request.args.get("person", ""), **more}
    return Sheet(boxes, given, key=str(uuid4()), untold=others)


def read_sheet(names: Sequence[str] = ()) -> Sheet:
    """Return the boxes as they were sent; ``names`` are those of the page's own."""
    boxes = {name: tidy(request.form.get(name))[:LONGEST] for name in ("group", "slug", "person", *names)}
    key = str(key_of(request.form.get("key")))
    return Sheet(boxes, read_all(FILTERS, request.form), _chosen(), "below" in request.form, key)


def _chosen() -> tuple[int, ...]:
    written = request.form.get("groups", "").split(",")[:MOST]
    return tuple(dict.fromkeys(number for one in written if (number := number_of(one)) is not None))


def picked(sheet: Sheet, do: str) -> Sheet:
    """Return the boxes with the group that is written added to those chosen, or with one of those taken away."""
    if do.startswith("drop-"):
        left = tuple(one for one in sheet.chosen if str(one) != do.removeprefix("drop-"))
        return replace(sheet, chosen=left)
    written = sheet.boxes["group"]
    if not written:
        return sheet
    same = _called(written)
    one = same[0] if len(same) == 1 else next((one for one in same if one.slug == sheet.boxes["slug"]), None)
    if one is not None:
        chosen = tuple(dict.fromkeys((*sheet.chosen, one.id)))[:MOST]
        return replace(sheet, chosen=chosen, boxes={**sheet.boxes, "group": "", "slug": ""})
    words = _("Several groups are called like this. Choose one.")
    if not same:
        words = _("No group is called that. Write some of its name or place.")
    return replace(sheet, errors={**sheet.errors, "group": gettext(words)}, offered=same)


def audience_of(sheet: Sheet, *, sender_id: int) -> Audience:
    """Return to whom it goes; without a group it is the members of the one that sends it."""
    person = sheet.person
    if person is not None:
        return Audience(person_id=person.id)
    first, *also = sheet.chosen or (sender_id,)
    return narrowed(sheet.given.values, group_id=first, also=tuple(also), below=sheet.below)


def _called(written: str) -> Sequence[Found]:
    """Return the groups that may be meant; in a group's house of those at or below it."""
    exact = _CALLED.fullmatch(written)
    path = below()
    if path:
        found = find_within(session(), within=lambda column: column.op("^@")(path), wanted=_words(written), limit=_FEW)
    else:
        found = find_groups(session(), wanted=_words(written), limit=_FEW)
    if exact:
        return [one for one in found if one.slug == exact[1]] or found
    return [one for one in found if folded(one.name) == folded(written)] or found


def _words(written: str) -> str:
    """Return what is looked for: a name without the short name that lists write behind it."""
    return written.rpartition(" (")[0] if _CALLED.fullmatch(written) and " (" in written else written
