"""Tables of runs: what is worked on, in which slices, how far, and what went wrong."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, MadeIn, Minor, PublicId, Recorded, Sorted, one_of


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
    standing in line; the lock on the row while a slice is done is what keeps two of them apart. ``to_mend`` counts
    the rows that a finished run left out and somebody can do something about. ``path`` is the group for which alone it
    works, and whose administrators see it, whoever of them began it; empty where it works for the whole organisation.
    ``undoes_id`` is the run that this one takes back.
    """

    __tablename__ = "run"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    kind: Mapped[str]
    state: Mapped[RunState] = mapped_column(server_default=text("'preparing'"))
    phase: Mapped[str] = mapped_column(server_default=text("'start'"))
    params: Mapped[dict[str, Any]]
    path: Mapped[Sorted] = mapped_column(server_default=text("''"))
    confirmed: Mapped[bool] = mapped_column(server_default=text("false"))
    total: Mapped[int] = mapped_column(server_default=text("0"))
    done: Mapped[int] = mapped_column(server_default=text("0"))
    result: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    to_mend: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None]
    actor: Mapped[str]
    business_day: Mapped[dt.date]
    lease_until: Mapped[dt.datetime | None]
    created_at: Mapped[Recorded]
    made_in: Mapped[MadeIn] = mapped_column(deferred=True)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    started_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]

    __table_args__ = (
        one_of("state", RunState),
        Index("ix_run_unfinished", "id", postgresql_where=text("state IN ('preparing', 'working')")),
        # Each joining is a run of its own; what the night did is found without them.
        Index("ix_run_of_day", "business_day", "id", postgresql_where=text("params ->> 'memberships' IS NULL")),
        Index("ix_run_automatic", "kind", "id", postgresql_where=text("actor = 'job:automatic'")),
        # What people look at: runs over many. Joining starts a run for one member each time.
        Index("ix_run_over_many", "id", postgresql_where=text("(params ->> 'memberships') IS NULL")),
        Index("ix_run_resting", "state", "id", postgresql_where=text("state IN ('ready', 'paused', 'failed')")),
        Index("ix_run_undoes_id", "undoes_id", postgresql_where=text("undoes_id IS NOT NULL")),
        Index("ix_run_to_mend", "id", postgresql_where=text("to_mend > 0")),
        CheckConstraint("done >= 0 AND total >= 0", name="progress_not_negative"),
    )


class SliceState(StrEnum):
    """What has happened to a slice."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    WRITTEN = "written"
    TOLD = "told"


class RunSlice(Base):
    """A stretch of a run's items that is worked on in one transaction.

    ``survivors`` counts the items left after claiming; ``number_from`` is the first of their numbers and
    ``entry_number`` that of the voucher the slice books. Between ``wrote_from`` and ``wrote_to`` lie the ids of what it
    wrote, for a later phase that tells people of it; rows of other slices may lie between them.
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
    wrote_from: Mapped[int | None]
    wrote_to: Mapped[int | None]

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


class RunPreview(Base):
    """What a person was shown of a run, and on what ground it stood.

    ``edition`` counts how often it was made; ``fingerprint`` names one edition, so that whoever confirms says which
    they saw. ``ground`` is a digest of the set-up it was made from. ``heeded`` says that somebody confirmed it as
    seen: the ground is then looked at once more before anything is done. ``moved`` is what had changed when it was
    made anew; ``content`` is what the kind keeps for its page.
    """

    __tablename__ = "run_preview"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    edition: Mapped[int]
    fingerprint: Mapped[str]
    ground: Mapped[str]
    heeded: Mapped[bool] = mapped_column(server_default=text("false"))
    compared_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    content: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    moved: Mapped[dict[str, Any] | None]


class Axis(StrEnum):
    """By what the items of a preview are summed up; the last three compare it with an earlier run."""

    TOTAL = "total"
    CHANNEL = "channel"
    REASON = "reason"
    TYPE = "type"
    GROUP = "group"
    LEVEL = "level"
    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


class RunSum(Base):
    """How many items of a preview there are, and their amount in minor units, for one value of an axis.

    ``key`` is that value: an id, a channel, a reason; empty where the axis has but one. What is left out has no amount
    and may have no currency. Of what changed, the amount is the difference.
    """

    __tablename__ = "run_sum"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    axis: Mapped[Axis] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True, server_default=text("''"))
    currency: Mapped[str] = mapped_column(primary_key=True, server_default=text("''"))
    items: Mapped[int]
    amount: Mapped[Minor] = mapped_column(server_default=text("0"))

    __table_args__ = (one_of("axis", Axis),)
