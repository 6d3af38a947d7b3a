"""Tables of runs: what is worked on, in which slices, how far, and what went wrong."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, PublicId, Recorded, one_of


class RunState(StrEnum):
    """Where a run stands.

    ``ready`` is a preview that waits for a person; ``working`` is with the workers; ``failed`` could not go on
    and may be resumed; ``done`` has nothing left, with or without rows to mend.
    """

    PREPARING = "preparing"
    READY = "ready"
    WORKING = "working"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"


class Run(Base):
    """A long work that anyone may look at.

    ``phase`` is the kind's own word for the step it is in. The lease is a hint that spares workers from
    standing in line; the lock on the row while a slice is done is what keeps two of them apart.
    """

    __tablename__ = "run"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    kind: Mapped[str]
    state: Mapped[RunState] = mapped_column(server_default=text("'preparing'"))
    phase: Mapped[str] = mapped_column(server_default=text("'start'"))
    params: Mapped[dict[str, Any]]
    confirmed: Mapped[bool] = mapped_column(server_default=text("false"))
    total: Mapped[int] = mapped_column(server_default=text("0"))
    done: Mapped[int] = mapped_column(server_default=text("0"))
    result: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    error: Mapped[str | None]
    actor: Mapped[str]
    business_day: Mapped[dt.date]
    lease_until: Mapped[dt.datetime | None]
    created_at: Mapped[Recorded]
    started_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]

    __table_args__ = (
        one_of("state", RunState),
        Index("ix_run_unfinished", "id", postgresql_where=text("state IN ('preparing', 'working')")),
        Index("ix_run_waiting", "id", postgresql_where=text("state IN ('ready', 'failed', 'paused')")),
        # Each joining is a run of its own; what the night did is found without them.
        Index("ix_run_of_day", "business_day", "id", postgresql_where=text("params ->> 'membership' IS NULL")),
        Index("ix_run_automatic", "kind", "id", postgresql_where=text("actor = 'job:automatic'")),
        CheckConstraint("done >= 0 AND total >= 0", name="progress_not_negative"),
    )


class SliceState(StrEnum):
    """What has happened to a slice."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    WRITTEN = "written"


class RunSlice(Base):
    """A stretch of a run's items that is worked on in one transaction.

    ``survivors`` counts the items left after claiming; ``number_from`` is the first of their numbers and
    ``entry_number`` that of the voucher the slice books.
    """

    __tablename__ = "run_slice"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    state: Mapped[SliceState] = mapped_column(server_default=text("'planned'"))
    survivors: Mapped[int] = mapped_column(server_default=text("0"))
    number_from: Mapped[int | None]
    entry_number: Mapped[int | None]

    __table_args__ = (
        one_of("state", SliceState),
        CheckConstraint("last >= first", name="not_empty"),
    )


class RunError(Base):
    """A row of a run that could not be worked on, and why; it never stops the others."""

    __tablename__ = "run_error"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    recorded_at: Mapped[Recorded]


class Task(StrEnum):
    """Work that begins by itself: once a day, or whenever something waits."""

    INVOICES = "invoices"
    REMINDERS = "reminders"
    MESSAGES = "messages"
    INBOX = "inbox"


class ScheduledTask(Base):
    """Whether and when a task begins by itself, and how it went the last time.

    A pause with ``paused_until`` ends by itself when that business day begins. ``earliest`` is a time of day, of the
    installation's time zone, for tasks of each day.
    """

    __tablename__ = "scheduled_task"

    task: Mapped[Task] = mapped_column(primary_key=True)
    paused: Mapped[bool] = mapped_column(server_default=text("false"))
    paused_until: Mapped[dt.date | None]
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    changed_by: Mapped[str | None]
    changed_at: Mapped[dt.datetime | None]
    earliest: Mapped[dt.time | None]
    last_at: Mapped[dt.datetime | None]
    last_result: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))

    __table_args__ = (
        one_of("task", Task),
        CheckConstraint("paused OR paused_until IS NULL", name="until_of_a_pause"),
        CheckConstraint("NOT paused OR reason <> ''", name="paused_with_reason"),
        CheckConstraint("earliest IS NULL OR task IN ('invoices', 'reminders')", name="time_of_daily_tasks"),
    )
