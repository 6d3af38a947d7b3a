"""Tables of persons, payers, membership types, memberships and their status history."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Identity, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, MadeIn, Minor, Names, PublicId, Recorded, Sorted, one_of


class Person(Base):
    """A human or an organisation in the register.

    The ``*_key`` columns are what searches read: lower case, blanks folded, compared byte by byte. ``given_key`` (the
    name with the given name first) and ``phone_key`` (digits alone) are made by the database from what is stored. An
    empty e-mail address means that letters are sent. ``one_invoice`` is the wish of somebody who pays for others: one
    invoice for all of them, or one for each; None leaves it to the creditor.
    """

    __tablename__ = "person"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    organisation: Mapped[bool] = mapped_column(server_default=text("false"))
    given_name: Mapped[str] = mapped_column(server_default=text("''"))
    family_name: Mapped[str]
    name_key: Mapped[Sorted]
    given_key: Mapped[Sorted] = mapped_column(Computed("given_name_first(name_key, given_name)", persisted=True))
    email: Mapped[str] = mapped_column(server_default=text("''"))
    email_key: Mapped[Sorted] = mapped_column(server_default=text("''"))
    phone: Mapped[str] = mapped_column(server_default=text("''"))
    phone_key: Mapped[Sorted] = mapped_column(Computed("regexp_replace(phone, '[^0-9]', '', 'g')", persisted=True))
    birth_date: Mapped[dt.date | None]
    language: Mapped[str]
    street: Mapped[str] = mapped_column(server_default=text("''"))
    postcode: Mapped[str] = mapped_column(server_default=text("''"))
    city: Mapped[str] = mapped_column(server_default=text("''"))
    country: Mapped[str]
    deceased_on: Mapped[dt.date | None]
    one_invoice: Mapped[bool | None]
    consented_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]
    made_in: Mapped[MadeIn] = mapped_column(deferred=True)

    __table_args__ = (
        # With the id beside it a search reads the index alone, and lists are paged by it.
        Index("ix_person_name_key", "name_key", "id"),
        Index("ix_person_given_key", "given_key", "id"),
        Index("ix_person_email_key", "email_key", postgresql_where=text("email_key <> ''")),
        Index("ix_person_country", "country"),
        Index("ix_person_one_invoice", "id", postgresql_where=text("one_invoice IS TRUE")),
        Index("ix_person_phone_key", "phone_key", postgresql_where=text("phone_key <> ''")),
        CheckConstraint("language IN ('sv', 'nb', 'nl', 'de', 'en')", name="language_known"),
    )


class PersonWord(Base):
    """A word within a name that none of its keys begins with: Berg in van der Berg. A trigger keeps it.

    Of a name with accents both keys and the words stand here without them, too, in both ways in which people leave them
    out: Müller as muller and mueller. The exact letters are in the keys of the person, and are found first.
    """

    __tablename__ = "person_word"

    word: Mapped[Sorted] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)


class ExternalId(Base):
    """What another system calls one of our rows."""

    __tablename__ = "external_id"

    kind: Mapped[str] = mapped_column(primary_key=True)
    system: Mapped[str] = mapped_column(primary_key=True)
    external: Mapped[str] = mapped_column(primary_key=True)
    entity: Mapped[UUID] = mapped_column(Uuid, index=True)

    __table_args__ = (Index("ix_external_id_external", "kind", "external"),)


class Payer(Base):
    """Who is invoiced for a person, from day to day, for one component or (null) for all."""

    __tablename__ = "payer"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    payer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    component_id: Mapped[int | None] = mapped_column(ForeignKey("fee_component.id"))
    from_on: Mapped[dt.date]
    to_on: Mapped[dt.date | None]
    made_in: Mapped[MadeIn] = mapped_column(deferred=True)

    __table_args__ = (
        UniqueConstraint("person_id", "component_id", "from_on", postgresql_nulls_not_distinct=True),
        Index("ix_payer_payer_id", "payer_id"),
        CheckConstraint("payer_id <> person_id", name="someone_else"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days_in_order"),
    )


class CoveredBy(StrEnum):
    """What covers a fee period of a type: that it was invoiced, paid in full, or the first of its parts was paid."""

    ISSUE = "issue"
    PAYMENT = "payment"
    FIRST_PART = "first part"


class Proration(StrEnum):
    """What the first period of a calendar term costs: a whole term, or its months or days of one."""

    NONE = "none"
    MONTH = "month"
    DAY = "day"


class MembershipType(Base):
    """What one can be: its term, how it renews, and what covers it.

    ``calendar`` terms end with the calendar's month, quarter, half-year or year; others run from the joining
    day. ``lead_days`` before a period starts it is invoiced. Ages are judged on the first day of the period, or on
    ``age_day`` of ``age_month`` of the year in which it begins. Whoever joins in the last ``late_months`` months of a
    calendar term is charged through the next one; ``proration`` says how much of a term's price the first period costs.
    """

    __tablename__ = "membership_type"

    id: Mapped[Key]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), index=True)
    slug: Mapped[Sorted]
    names: Mapped[Names]
    term_months: Mapped[int] = mapped_column(server_default=text("12"))
    calendar: Mapped[bool] = mapped_column(server_default=text("false"))
    lead_days: Mapped[int] = mapped_column(server_default=text("30"))
    grace_days: Mapped[int] = mapped_column(server_default=text("30"))
    renews: Mapped[bool] = mapped_column(server_default=text("true"))
    joinable: Mapped[bool] = mapped_column(server_default=text("true"))
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    age_month: Mapped[int | None]
    age_day: Mapped[int | None]
    proration: Mapped[Proration] = mapped_column(server_default=text("'none'"))
    late_months: Mapped[int] = mapped_column(server_default=text("0"))
    covered_by: Mapped[CoveredBy] = mapped_column(server_default=text("'payment'"))
    position: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (
        UniqueConstraint("group_id", "slug"),
        CheckConstraint("term_months BETWEEN 1 AND 120", name="term_fits"),
        CheckConstraint("NOT calendar OR term_months IN (1, 3, 6, 12)", name="calendar_term_divides_year"),
        CheckConstraint("lead_days >= 0 AND grace_days >= 0", name="days_not_negative"),
        CheckConstraint(
            "num_nonnulls(age_month, age_day) = 0 OR age_month BETWEEN 1 AND 12 AND age_day BETWEEN 1 AND"
            " CASE WHEN age_month = 2 THEN 28 WHEN age_month IN (4, 6, 9, 11) THEN 30 ELSE 31 END",
            name="age_day_is_one",
        ),
        CheckConstraint("late_months >= 0 AND late_months < term_months OR late_months = 0", name="late_within_a_term"),
        CheckConstraint("calendar OR proration = 'none' AND late_months = 0", name="first_period_of_calendar"),
        one_of("proration", Proration),
        one_of("covered_by", CoveredBy),
    )

    def age_judged_on(self, first: dt.date) -> dt.date:
        """Return the day on which an age is judged for a period that begins on a day."""
        if self.age_month is None or self.age_day is None:
            return first
        return dt.date(first.year, self.age_month, self.age_day)


class MembershipStatus(StrEnum):
    """Where a membership stands."""

    APPLIED = "applied"
    ACTIVE = "active"
    RESTING = "resting"
    LEFT = "left"
    EXCLUDED = "excluded"
    DECEASED = "deceased"


class Membership(Base):
    """Person × type × group.

    ``charged_through`` is the last day of the last fee period not released, ``paid_through`` that of the last
    stretch whose periods are all covered. Both are kept for speed; ``journal verify`` recomputes them. ``name_key`` is
    the person's; the database keeps it so, and a group's roll is read and searched by it.
    """

    __tablename__ = "membership"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    type_id: Mapped[int] = mapped_column(ForeignKey("membership_type.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    status: Mapped[MembershipStatus] = mapped_column(server_default=text("'applied'"))
    joined_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]
    charged_through: Mapped[dt.date | None]
    paid_through: Mapped[dt.date | None]
    name_key: Mapped[Sorted] = mapped_column(server_default=text("''"), deferred=True)
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        one_of("status", MembershipStatus),
        Index(
            "uq_membership_once",
            "person_id",
            "type_id",
            "group_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
        # With the person beside it, whose memberships they are is read from the index alone.
        Index("ix_membership_type_id", "type_id", "person_id"),
        Index("ix_membership_group_id", "group_id", "person_id"),
        Index("ix_membership_roll", "group_id", "name_key", "id"),
        Index("ix_membership_name_key", "name_key", "id"),
        Index("ix_membership_resting", "id", postgresql_where=text("status = 'resting'")),
        Index("ix_membership_ended", "id", postgresql_where=text("status IN ('left', 'excluded', 'deceased')")),
        Index("ix_membership_applied", "joined_on", postgresql_where=text("status = 'applied'")),
        {"postgresql_with": {"fillfactor": 45}},
    )


class Segment(Base):
    """A category of persons that prices can ask for: student, pensioner, subscriber. A group's, and of all below."""

    __tablename__ = "segment"

    id: Mapped[Key]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    slug: Mapped[Sorted]
    names: Mapped[Names]

    __table_args__ = (UniqueConstraint("group_id", "slug"),)


class PersonSegment(Base):
    """Somebody is of a segment from day to day, both included."""

    __tablename__ = "person_segment"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id"), primary_key=True)
    from_on: Mapped[dt.date] = mapped_column(primary_key=True)
    to_on: Mapped[dt.date | None]

    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days_in_order"),
        Index("ix_person_segment_segment_id", "segment_id", "person_id"),
    )


class PersonIncome(Base):
    """What somebody earns a year, in minor units, from day to day: for fees that are a share of it. Sensitive."""

    __tablename__ = "person_income"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    from_on: Mapped[dt.date] = mapped_column(primary_key=True)
    to_on: Mapped[dt.date | None]
    amount: Mapped[Minor]

    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days_in_order"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
    )


class StatusChange(Base):
    """One step of a membership's history: the status from this day on."""

    __tablename__ = "membership_status"

    membership_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    from_on: Mapped[dt.date]
    status: Mapped[MembershipStatus]
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]

    __table_args__ = (one_of("status", MembershipStatus),)
