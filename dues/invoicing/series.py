"""Series: a template sent again and again, on the days of a calendar.

Each day of a series is made once, as a run of its own, on that day or on the first one after it on which the daily
work runs: what was missed is caught up, each day by itself. What a pause lets pass is left out for good.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from database.turns import take_turn
from dues.actor import AUTOMATIC, Actor
from dues.editing import held
from dues.groups.below import at_or_below
from dues.groups.models import Group
from dues.invoicing.audience import Audience
from dues.invoicing.bulk import check_audience, start_bulk
from dues.invoicing.template_errors import NoDayLeftError
from dues.invoicing.template_models import InvoiceSeries, InvoiceTemplate, SeriesDay
from dues.members.models import Person
from dues.recurrence import Recurrence
from dues.runs.models import Run

MOST: Final = 500
"""Series that are listed at once, and days of series that one look makes."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A series with what it is about; ``last`` is the run of its last day."""

    series: InvoiceSeries
    template: InvoiceTemplate
    group: Group | None
    person: Person | None
    last: Run | None


def set_up_series(
    session: Session,
    *,
    template: InvoiceTemplate,
    audience: Audience,
    calendar: Recurrence,
    automatic: bool,
    on: dt.date,
    key: UUID | None = None,
) -> InvoiceSeries:
    """Let a template be sent on the days of a calendar after today, ``on``.

    A ``key`` sets up one series, however often it is asked with; it becomes the id in its address. Raises
    RetiredError, NotBelowError and NoDayLeftError.
    """
    public_id = key or uuid4()
    take_turn(session, f"series {public_id}")
    there = find_series(session, public_id=public_id)
    if there is not None:
        return there
    check_audience(session, template=template, audience=audience)
    first = calendar.first_from(on + dt.timedelta(days=1))
    if first is None:
        raise NoDayLeftError
    series = InvoiceSeries(
        uuid=public_id,
        template_id=template.id,
        sender_id=template.group_id,
        person_id=audience.person_id,
        group_id=audience.group_id,
        below=audience.below,
        type_id=audience.type_id,
        more=audience.more(),
        every=calendar.every,
        unit=calendar.unit,
        day=calendar.day,
        weekday=calendar.weekday,
        nth=calendar.nth,
        from_on=calendar.from_on,
        until_on=calendar.until_on,
        automatic=automatic,
        next_on=first,
    )
    session.add(series)
    session.flush()
    return series


def rest_series(session: Session, *, series_id: int, rests: bool, on: dt.date) -> InvoiceSeries:
    """Let a series rest, or go on with its next day after today; raise GoneError."""
    series = held(session, InvoiceSeries, series_id)
    if series.paused and not rests:
        series.next_on = series.next_on and series.calendar.first_from(on + dt.timedelta(days=1))
    series.paused = rests
    session.flush()
    return series


def end_series(session: Session, *, series_id: int) -> InvoiceSeries:
    """End a series for good; what it made stays. Raises GoneError."""
    series = held(session, InvoiceSeries, series_id)
    series.next_on, series.paused = None, False
    session.flush()
    return series


def make_due(session: Session, *, on: dt.date, by: Actor = AUTOMATIC) -> list[int]:
    """Start a run for each day of each series that has come, and return the runs.

    A day has one run, whoever asks and however often. Automatic series go on to issue; the others wait for a person.
    """
    due = select(InvoiceSeries).where(InvoiceSeries.next_on <= on, ~InvoiceSeries.paused)
    started: list[int] = []
    for series in session.scalars(due.order_by(InvoiceSeries.id).limit(MOST).with_for_update()).all():
        template = session.get_one(InvoiceTemplate, series.template_id)
        while template.active and series.next_on is not None and series.next_on <= on:
            started.append(_made(session, series, template, series.next_on, on=on, by=by))
            series.next_on = series.calendar.first_from(series.next_on + dt.timedelta(days=1))
        if not template.active:
            series.next_on = None
    session.flush()
    return started


def find_series(session: Session, *, public_id: UUID, below: str = "") -> InvoiceSeries | None:
    """Return a series by the id in its address; sent by a group with the path ``below``, or by one below it."""
    wanted = select(InvoiceSeries).where(InvoiceSeries.uuid == public_id)
    return session.scalar(wanted.where(at_or_below(InvoiceSeries.sender_id, below)) if below else wanted)


def all_series(session: Session, *, template_id: int | None = None, below: str = "") -> Sequence[Listed]:
    """Return the series that whoever asks may see, the next one first.

    Those of one template alone where it is given, with ``below`` those that a path or a group below it sends.
    """
    newest = (
        select(SeriesDay.run_id)
        .where(SeriesDay.series_id == InvoiceSeries.id)
        .order_by(SeriesDay.on_day.desc())
        .limit(1)
        .correlate(InvoiceSeries)
        .scalar_subquery()
    )
    wanted = (
        select(InvoiceSeries, InvoiceTemplate, Group, Person, Run)
        .join(InvoiceTemplate, InvoiceTemplate.id == InvoiceSeries.template_id)
        .outerjoin(Group, Group.id == InvoiceSeries.group_id)
        .outerjoin(Person, Person.id == InvoiceSeries.person_id)
        .outerjoin(Run, Run.id == newest)
    )
    if template_id is not None:
        wanted = wanted.where(InvoiceSeries.template_id == template_id)
    if below:
        wanted = wanted.where(at_or_below(InvoiceSeries.sender_id, below))
    rows = session.execute(wanted.order_by(InvoiceSeries.next_on.asc().nulls_last(), InvoiceSeries.id).limit(MOST))
    return [Listed(*row) for row in rows]


def runs_of(session: Session, *, series_id: int) -> Sequence[tuple[dt.date, Run]]:
    """Return the days of a series that were made, the last one first, each with its run."""
    wanted = select(SeriesDay.on_day, Run).join(Run, Run.id == SeriesDay.run_id)
    rows = session.execute(wanted.where(SeriesDay.series_id == series_id).order_by(SeriesDay.on_day.desc()).limit(MOST))
    return [(day, run) for day, run in rows]


def _made(
    session: Session, series: InvoiceSeries, template: InvoiceTemplate, day: dt.date, *, on: dt.date, by: Actor
) -> int:
    run = start_bulk(
        session,
        template=template,
        audience=series.audience,
        on=on,
        by=by,
        confirmed=series.automatic,
        key=f"{series.uuid} {day.isoformat()}",
        series_id=series.id,
    )
    # Its key refuses a second run for the day, whatever became of the turn.
    session.execute(insert(SeriesDay).values(series_id=series.id, on_day=day, run_id=run.id))
    return run.id
