"""Tables of staff, how they prove who they are, their roles and grants, and what waits for a second person."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, Names, PublicId, Recorded, Sorted, one_of


class Staff(Base):
    """Somebody who works at a desk, and how they want it.

    ``email_key`` is what a login looks up. ``scheme`` is auto, light or dark; ``shortcuts`` says whether single keys
    do something. ``otp_secret`` is sealed with the installation's secret, ``otp_step`` the last half-minute whose code
    was used. ``failures`` counts wrong passwords since the last right one. A staff member without a password has been
    invited and has not come yet, or comes from another house.
    """

    __tablename__ = "staff"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[Sorted] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    language: Mapped[str]
    scheme: Mapped[str] = mapped_column(server_default=text("'auto'"))
    shortcuts: Mapped[bool] = mapped_column(server_default=text("true"))
    otp_secret: Mapped[bytes | None]
    otp_step: Mapped[int] = mapped_column(server_default=text("0"))
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    failed_at: Mapped[dt.datetime | None]
    disabled_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        CheckConstraint("language IN ('sv', 'nb', 'nl', 'de', 'en')", name="language_known"),
        CheckConstraint("scheme IN ('auto', 'light', 'dark')", name="scheme_known"),
        CheckConstraint("name <> '' AND email <> ''", name="named"),
    )


class StaffSession(Base):
    """One login in one browser. Of its token only the hash is kept.

    ``fresh_at`` is when its owner last proved who they are; ``strong`` whether by a second factor, too. ``device`` is
    what they recognise it by, made of what the browser calls itself.
    """

    __tablename__ = "staff_session"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    strong: Mapped[bool] = mapped_column(server_default=text("false"))
    device: Mapped[str]
    address: Mapped[str]
    started_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    fresh_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class RecoveryCode(Base):
    """A way in without the second factor, good once."""

    __tablename__ = "recovery_code"

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(unique=True)
    used_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]


class Passkey(Base):
    """A key that lives in somebody's device (WebAuthn); ``sign_count`` only ever rises."""

    __tablename__ = "passkey"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(server_default=text("0"))
    name: Mapped[str]
    used_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]


class Invitation(Base):
    """A link that lets somebody choose their ``first``, or another, password; good once, for a while.

    The token is made anew from the number and the installation's secret when the mail is written.
    """

    __tablename__ = "invitation"

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    first: Mapped[bool]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]


class StaffRole(Base):
    """A set of permissions under a name. Built-in ones are the house's: their permissions come with the program."""

    __tablename__ = "staff_role"

    id: Mapped[Key]
    slug: Mapped[Sorted] = mapped_column(unique=True)
    names: Mapped[Names]
    built_in: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug_is_plain"),)


class RolePermission(Base):
    """One permission of a role."""

    __tablename__ = "role_permission"

    role_id: Mapped[int] = mapped_column(ForeignKey("staff_role.id", ondelete="CASCADE"), primary_key=True)
    permission: Mapped[str] = mapped_column(primary_key=True)


class Grant(Base):
    """Somebody has a role in a group and below it, from day to day; without a group in the whole organisation.

    Ended, never deleted.
    """

    __tablename__ = "staff_grant"

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role_id: Mapped[int] = mapped_column(ForeignKey("staff_role.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"), index=True)
    from_on: Mapped[dt.date]
    to_on: Mapped[dt.date | None]
    actor: Mapped[str]
    ended_by: Mapped[str | None]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        Index(
            "uq_staff_grant_open",
            "staff_id",
            "role_id",
            "group_id",
            unique=True,
            postgresql_where=text("to_on IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("to_on IS NULL OR to_on >= from_on - 1", name="days_in_order"),
    )


class GrantHand(Base):
    """Somebody of the staff, or (without one) the house itself, stands behind a grant: gave it, or agreed to it.

    ``permissions`` is what the role could do then: that is what they stand for. Never changed.
    """

    __tablename__ = "grant_hand"

    id: Mapped[Key]
    grant_id: Mapped[int] = mapped_column(ForeignKey("staff_grant.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    recorded_at: Mapped[Recorded]


class Scope(Base):
    """A group that somebody may see, and until when: what grants come to, written out for the database's own wall.

    ``within`` are groups with a grant and those below them; the others are above them: what is set up there holds
    below, too.

    A grant for the whole organisation has no rows here: its holder sees everything.
    """

    __tablename__ = "scope"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    within: Mapped[bool] = mapped_column(server_default=text("true"))
    from_on: Mapped[dt.date]
    to_on: Mapped[dt.date | None]

    __table_args__ = (Index("ix_scope_group_id", "group_id"),)


class ApprovalState(StrEnum):
    """What became of something that needs two persons."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Approval(Base):
    """Something that one person wants and another one must agree to before it happens.

    ``kind`` names the verb that is bound to it, ``payload`` its arguments, ``group_id`` where the second person needs
    the permission ``permission`` (in the whole organisation without one).
    """

    __tablename__ = "approval"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    kind: Mapped[str]
    permission: Mapped[str]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    payload: Mapped[dict[str, Any]]
    state: Mapped[ApprovalState] = mapped_column(server_default=text("'waiting'"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[Recorded]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(server_default=text("''"))

    __table_args__ = (
        one_of("state", ApprovalState),
        Index("ix_approval_waiting", "group_id", "id", postgresql_where=text("state = 'waiting'")),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by OR state = 'withdrawn'", name="two_persons"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_when_not_waiting"),
    )
