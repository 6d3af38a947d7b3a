"""What waits for a person, in every room at once: the same figures for Today and for the side of each page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from database.sql import statement
from dues.invoicing.items import AS_IT_SHOULD_BE

MOST: Final = 1000
"""Where counting ends: a thousand waiting things are as many as a million to whoever has to begin."""

PATIENCE: Final = 60
"""Days after which somebody who applied and has not paid is looked at: a reminder and its time are over by then."""


class Need(StrEnum):
    """What may wait, the most harmful first."""

    NIGHT = "night"
    STUCK = "stuck"
    FAILED = "failed"
    REFUSED = "refused"
    UNFETCHED = "unfetched"
    MISSING = "missing"
    SILENT = "silent"
    UNREFUNDED = "unrefunded"
    QUEUE = "queue"
    UNWRITTEN = "unwritten"
    UNREMINDED = "unreminded"
    UNDELIVERED = "undelivered"
    EXHAUSTED = "exhausted"
    READY = "ready"
    PAUSED = "paused"
    UNPAID = "unpaid"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kind of thing that waits: how many (MOST means that many or more), and from which day the oldest has.

    ``part`` counts those of them of which a payer quotes a claim (QUEUE), the text messages among them (STUCK), or the
    runs that left them out (UNWRITTEN, UNREMINDED); ``run`` is the run that is meant where it is one.
    """

    need: Need
    count: int
    since: dt.date | None = None
    part: int = 0
    run: UUID | None = None


_PLACES: Final[Mapping[Need, str]] = MappingProxyType(
    {
        Need.FAILED: "runs",
        Need.READY: "runs",
        Need.PAUSED: "runs",
        Need.UNWRITTEN: "runs",
        Need.UNREMINDED: "runs",
        Need.REFUSED: "refused",
        Need.MISSING: "missing",
        Need.QUEUE: "queue",
        Need.UNREFUNDED: "refunds",
        Need.UNDELIVERED: "undelivered",
        Need.UNPAID: "applied",
    }
)

_ROWS: Final = frozenset({Need.UNWRITTEN, Need.UNREMINDED})


def waiting(
    session: Session, *, on: dt.date, moment: dt.datetime, zone: ZoneInfo, items: int = MOST
) -> tuple[Waiting, ...]:
    """Return what waits on a business day, the most harmful first, in one statement that counts at most MOST of each.

    ``moment`` is the system's time: mail that is stuck and files that were refused are matters of machines. Rows that a
    run left out are counted up to ``items`` of each run; one is enough for `by_place`.
    """
    values = {
        "on": on,
        "moment": moment,
        "zone": str(zone),
        "most": MOST,
        "patience": PATIENCE,
        "items": items,
        "as_it_should_be": sorted(AS_IT_SHOULD_BE),
    }
    rows = session.execute(statement("dues/overview/sql/waiting.sql"), values)
    found = [Waiting(Need(need), int(count), since, part, run) for need, count, since, part, run in rows if count > 0]
    return tuple(sorted(found, key=lambda one: list(Need).index(one.need)))


def by_place(found: Sequence[Waiting]) -> dict[str, int]:
    """Return how many things wait in each place of the desk; a run counts once, however many rows it left."""
    counts: dict[str, int] = {}
    for one in found:
        place = _PLACES.get(one.need)
        if place is not None:
            things = one.part if one.need in _ROWS else one.count
            counts[place] = min(counts.get(place, 0) + things, MOST)
    return counts
