"""Tables of invoices that are written once and sent to many, or again and again."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, PublicId, Recorded, one_of
from dues.invoicing.audience import Audience
from dues.recurrence import Recurrence, Unit


class InvoiceTemplate(Base):
    """Lines that a group sends more than once, by name.

    ``lines`` are read and written by `dues.invoicing.templates` alone. One that is retired is not offered any more.
    """

    __tablename__ = "invoice_template"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    name: Mapped[str]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    recorded_at: Mapped[Recorded]

    __table_args__ = (UniqueConstraint("group_id", "name"),)


class InvoiceSeries(Base):
    """A template sent again and again, to one person or to the members of a group.

    ``next_on`` is the next day on which it is made, None when it is over; ``automatic`` ones are sent without anybody
    looking, the others wait as a preview. With ``below`` the groups below are taken along; ``type_id`` narrows it to
    members of one type, ``more`` holds what else there is of the audience: other groups, and what narrows them.
    """

    __tablename__ = "invoice_series"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    template_id: Mapped[int] = mapped_column(ForeignKey("invoice_template.id"), index=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    below: Mapped[bool] = mapped_column(server_default=text("true"))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("membership_type.id"))
    more: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    every: Mapped[int] = mapped_column(SmallInteger)
    unit: Mapped[Unit]
    day: Mapped[int | None] = mapped_column(SmallInteger)
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    nth: Mapped[int | None] = mapped_column(SmallInteger)
    from_on: Mapped[dt.date]
    until_on: Mapped[dt.date | None]
    automatic: Mapped[bool]
    paused: Mapped[bool] = mapped_column(server_default=text("false"))
    next_on: Mapped[dt.date | None]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        one_of("unit", Unit),
        CheckConstraint("num_nonnulls(person_id, group_id) = 1", name="person_or_group"),
        CheckConstraint("every BETWEEN 1 AND 99", name="every_counts"),
        Index("ix_invoice_series_next_on", "next_on", postgresql_where=text("NOT paused")),
    )

    @property
    def audience(self) -> Audience:
        """Who gets it."""
        whose = {"group": self.group_id, "below": self.below, "type": self.type_id, "person": self.person_id}
        return Audience.of({**self.more, **whose})

    @property
    def calendar(self) -> Recurrence:
        """The days on which it is made."""
        return Recurrence(
            self.every, self.unit, self.from_on, self.until_on, day=self.day, weekday=self.weekday, nth=self.nth
        )


class SeriesDay(Base):
    """The run that was made of a series for one of its days; one for each day, whoever asks and however often."""

    __tablename__ = "series_day"

    series_id: Mapped[int] = mapped_column(ForeignKey("invoice_series.id"), primary_key=True)
    on_day: Mapped[dt.date] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
