"""What is different: between a preview and the run it is compared with, and since it was looked at."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from admin import addresses
from admin.group.here import known_here
from admin.office import run_words
from admin.office.run_found import charges_within
from dues.invoicing import undo
from dues.invoicing.items import Row, some
from dues.runs.models import Axis, Run, RunPreview, RunSum
from dues.runs.preview import sums
from web.house import session
from web.speech import gettext, ngettext, reader


@dataclass(frozen=True, slots=True)
class Changed:
    """So many are new, gone or at another price: by currency, the count and the difference in minor units."""

    items: int
    amounts: dict[str, int]
    examples: Sequence[tuple[Row, int | None]]
    """Rows to look at, each with what it cost before where the price is another."""


@dataclass(frozen=True, slots=True)
class Step:
    """So many pay another price than before, in minor units."""

    currency: str
    before: int
    now: int
    items: int


@dataclass(frozen=True, slots=True)
class Difference:
    """How a preview differs from an earlier run."""

    with_words: str
    with_address: str
    new: Changed
    gone: Changed
    changed: Changed
    steps: Sequence[Step]


def compared_with(run: Run, kept: RunPreview) -> Difference | None:
    """Return how a preview differs from the run it was compared with."""
    earlier = session().get(Run, kept.compared_id)
    found = sums(session(), run_id=run.id, axes=[Axis.NEW, Axis.GONE, Axis.CHANGED])
    content: dict[str, Any] = kept.content.get("compared") or {}
    if earlier is None:
        return None
    before = dict(content.get("changed", []))
    here = {row.seq: row for row in some(session(), run_id=run.id, seqs=[*content.get("new", []), *before])}
    there = some(session(), run_id=earlier.id, seqs=content.get("gone", []))
    return Difference(
        with_words=run_words.name(earlier),
        with_address=_address(earlier),
        new=_changed(found, Axis.NEW, [(here[seq], None) for seq in content.get("new", []) if seq in here]),
        gone=_changed(found, Axis.GONE, [(row, None) for row in there]),
        changed=_changed(found, Axis.CHANGED, [(here[seq], cost) for seq, cost in before.items() if seq in here]),
        steps=[Step(*step) for step in content.get("steps", [])],
    )


def _address(earlier: Run) -> str:
    """Where an earlier run is looked at; a group's house has only those that charged there."""
    at = known_here()
    return addresses.run(earlier.uuid) if at is None or charges_within(earlier, at.path) else ""


def _changed(found: Sequence[RunSum], axis: Axis, examples: Sequence[tuple[Row, int | None]]) -> Changed:
    mine = [one for one in found if one.axis is axis]
    return Changed(sum(one.items for one in mine), {one.currency: one.amount for one in mine}, examples)


def moved_words(kind: str, moved: Mapping[str, Any] | None) -> list[str]:
    """Return what has changed since a preview was looked at, a sentence each; nothing where it is the first."""
    if moved is None:
        return []
    said = []
    if moved.get("day"):
        was = reader().long_date(dt.date.fromisoformat(moved["day"]))
        said.append(gettext("The day %(day)s has passed; it is made for today.", day=was))
    told = _MOVED_OF_UNDOING if kind == undo.KIND else _MOVED
    said += [words(count) for what, words in told.items() if (count := int(moved.get(what, 0)))]
    return [*said, _before(moved)] if said else [gettext("Everything is as it was.")]


def _before(moved: Mapping[str, Any]) -> str:
    sums_before: dict[str, list[int]] = moved.get("before") or {}
    amounts = reader().join([reader().money(amount, code) for code, (_, amount) in sums_before.items()])
    items = sum(count for count, _ in sums_before.values())
    if not items:
        return gettext("Before, it was nothing at all.")
    return ngettext(
        "Before, it was %(num)s row of %(sum)s.", "Before, it was %(num)s rows of %(sum)s.", items, sum=amounts
    )


def _gone(count: int) -> str:
    return ngettext(
        "%(num)s is not charged any more: they have left, or were charged meanwhile.",
        "%(num)s are not charged any more: they have left, or were charged meanwhile.",
        count,
    )


def _new(count: int) -> str:
    return ngettext("%(num)s has been added.", "%(num)s have been added.", count)


def _price(count: int) -> str:
    return ngettext("%(num)s has another price.", "%(num)s have another price.", count)


def _other(count: int) -> str:
    return ngettext(
        "%(num)s has another payer, address, due day or text.",
        "%(num)s have another payer, address, due day or text.",
        count,
    )


def _paid_since(count: int) -> str:
    return ngettext(
        "%(num)s cannot be credited any more: they were paid, credited or charged on meanwhile.",
        "%(num)s cannot be credited any more: they were paid, credited or charged on meanwhile.",
        count,
    )


def _open_since(count: int) -> str:
    return ngettext("%(num)s can be credited by now.", "%(num)s can be credited by now.", count)


_MOVED: Final[Mapping[str, Callable[[int], str]]] = {"gone": _gone, "new": _new, "price": _price, "other": _other}
_MOVED_OF_UNDOING: Final[Mapping[str, Callable[[int], str]]] = {"gone": _paid_since, "new": _open_since}
