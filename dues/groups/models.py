"""Tables of the organisation's tree, its creditors, bank agreements and number series."""

import datetime as dt
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Minor, Names, PublicId, Recorded, Sorted, one_of


class Group(Base):
    """A node of the organisation's tree.

    ``path`` is the ids from the root down, each followed by a full stop ("1.7.31."), so that a group and
    everything below it is one prefix. ``creditor_id`` is the nearest creditor at or above the group. ``own_prices``
    says that its administrators may set prices of their own; whoever looks after the organisation allows it.
    ``layout`` is its own for documents, which holds where its creditor lets its groups have one.
    """

    __tablename__ = "groups"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    path: Mapped[Sorted] = mapped_column(unique=True)
    slug: Mapped[Sorted] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[Sorted] = mapped_column(index=True)
    language: Mapped[str]
    country: Mapped[str]
    creditor_id: Mapped[int | None] = mapped_column(ForeignKey("creditor.id", use_alter=True))
    joinable: Mapped[bool] = mapped_column(server_default=text("false"))
    colour: Mapped[str] = mapped_column(server_default=text("'#0b5c62'"))
    welcome: Mapped[Names] = mapped_column(server_default=text("'{}'"))
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("logo.id"))
    own_prices: Mapped[bool] = mapped_column(server_default=text("false"))
    layout: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))

    __table_args__ = (
        Index("ix_groups_parent_id", "parent_id"),
        CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name="colour_is_hex"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug_is_plain"),
    )


class GroupWord(Base):
    """A word by which a group is found: of its own name or of a group above it; kept by a trigger."""

    __tablename__ = "group_word"

    word: Mapped[Sorted] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )


class Logo(Base):
    """One version of a picture; a new picture is a new row, so that old documents keep theirs."""

    __tablename__ = "logo"

    id: Mapped[Key]
    media_type: Mapped[str]
    content: Mapped[bytes]
    digest: Mapped[str] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("media_type IN ('image/png', 'image/svg+xml')", name="media_type_known"),)


class ReturnedCover(StrEnum):
    """What becomes of memberships when the money that paid for them is returned."""

    TAKE_BACK = "take back"
    KEEP = "keep"


class ReturnedFee(StrEnum):
    """What becomes of the fee that a bank took from a returned payment: it waits for a person, or is a cost."""

    WAIT = "wait"
    COST = "cost"


class Overpaid(StrEnum):
    """What becomes of money that came beyond what a claim had open."""

    ASK = "ask"
    CREDIT = "credit"
    REFUND = "refund"
    GIFT = "gift"


class Creditor(Base):
    """Who is owed: a group with its own books.

    ``sensitive`` creditors (GDPR article 9: unions, faith, health) send neutral mails with a link only. What goes
    beyond ``refund_limit`` or ``write_off_limit`` (minor units; none without) needs a second person. ``groups_look``
    lets the groups below have a logo, a colour and a layout of their own on documents. ``returned_cover`` and
    ``returned_fee`` say what happens when money is returned. ``overpaid`` is what becomes of money beyond a claim, a
    gift for ``gift_fund_id``; a difference within ``tolerance`` (minor units) is written off. Where it
    ``invites_gifts``, its invoices for fees invite to pay more for that fund. A gift above ``gift_limit`` (minor units)
    waits for somebody. ``one_invoice`` asks those who pay for several with one invoice for all of them, unless they
    wish otherwise. What this creditor charges whom ``collected_by_id`` charges in the same run stands on the slip of
    that one. With ``sms`` members without an e-mail address get a text message rather than a letter.
    """

    __tablename__ = "creditor"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), unique=True)
    name: Mapped[str]
    org_number: Mapped[str]
    country: Mapped[str]
    currency: Mapped[Currency]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(server_default=text("''"))
    sensitive: Mapped[bool] = mapped_column(server_default=text("true"))
    payment_days: Mapped[int] = mapped_column(server_default=text("30"))
    reminder_days: Mapped[int] = mapped_column(server_default=text("10"))
    max_reminders: Mapped[int] = mapped_column(server_default=text("1"))
    refund_limit: Mapped[int | None]
    write_off_limit: Mapped[int | None]
    layout: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    groups_look: Mapped[bool] = mapped_column(server_default=text("false"))
    returned_cover: Mapped[ReturnedCover] = mapped_column(server_default=text("'take back'"))
    returned_fee: Mapped[ReturnedFee] = mapped_column(server_default=text("'wait'"))
    overpaid: Mapped[Overpaid] = mapped_column(server_default=text("'ask'"))
    gift_fund_id: Mapped[int | None] = mapped_column(ForeignKey("fund.id", use_alter=True))
    tolerance: Mapped[Minor] = mapped_column(server_default=text("0"))
    invites_gifts: Mapped[bool] = mapped_column(server_default=text("false"))
    gift_limit: Mapped[int | None]
    one_invoice: Mapped[bool] = mapped_column(server_default=text("false"))
    sms: Mapped[bool] = mapped_column(server_default=text("false"))
    collected_by_id: Mapped[int | None] = mapped_column(ForeignKey("creditor.id"))

    __table_args__ = (
        CheckConstraint("collected_by_id <> id", name="collected_by_another"),
        one_of("returned_cover", ReturnedCover),
        one_of("returned_fee", ReturnedFee),
        one_of("overpaid", Overpaid),
        CheckConstraint("tolerance >= 0", name="tolerance_not_negative"),
        CheckConstraint("overpaid <> 'gift' AND NOT invites_gifts OR gift_fund_id IS NOT NULL", name="gift_for_a_fund"),
        CheckConstraint("gift_limit > 0", name="gift_limit_above_nothing"),
        CheckConstraint("refund_limit >= 0 AND write_off_limit >= 0", name="limits_not_negative"),
        CheckConstraint("payment_days >= 0 AND reminder_days >= 0 AND max_reminders >= 0", name="days_not_negative"),
    )


class ReferenceKind(StrEnum):
    """What a payer quotes: OCR (SE), KID (NO) or RF (ISO 11649)."""

    OCR = "ocr"
    KID = "kid"
    RF = "rf"


CASH: Final = "CASH"
"""The scheme of what officers receive themselves: an account in the books alone, which no bank knows."""

SLIP: Final = "SLIP"
"""The scheme of what another creditor collects on its slips: in the books it is due from that one."""

WITHIN: Final = (CASH, SLIP)
"""The schemes of accounts that stand in the books alone."""


class BankAgreement(Base):
    """An account of a creditor and the layout of the references its bank accepts.

    ``scheme`` and ``number`` are as bank files give them (BGNR 50501055, IBAN NL..); ``CASH`` is what officers receive,
    ``SLIP`` what another creditor collects.
    The layout of references is frozen once the agreement has been used. ``table_layout`` says which column of the
    bank's tables is which.
    """

    __tablename__ = "bank_agreement"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    scheme: Mapped[str]
    number: Mapped[str]
    iban: Mapped[str | None] = mapped_column(index=True)
    bic: Mapped[str | None]
    currency: Mapped[Currency]
    swish_number: Mapped[str | None]
    reference_kind: Mapped[ReferenceKind]
    reference_length: Mapped[int] = mapped_column(server_default=text("12"))
    length_digit: Mapped[bool] = mapped_column(server_default=text("false"))
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    preferred: Mapped[bool] = mapped_column(server_default=text("true"))
    table_layout: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    __table_args__ = (
        UniqueConstraint("scheme", "number", "currency"),
        Index(
            "uq_bank_agreement_preferred",
            "creditor_id",
            "currency",
            unique=True,
            postgresql_where=text("preferred"),
        ),
        CheckConstraint("scheme IN ('BGNR', 'PGNR', 'IBAN', 'BBAN', 'CASH', 'SLIP')", name="scheme_known"),
        CheckConstraint("reference_length BETWEEN 6 AND 17", name="reference_length_fits"),
        one_of("reference_kind", ReferenceKind),
    )


class Payee(Base):
    """A frozen copy of a creditor and its account as they were printed on documents.

    Content-addressed: the same content is the same row, and a changed creditor makes a new one.
    """

    __tablename__ = "payee"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("bank_agreement.id"))
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("logo.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(unique=True)
    recorded_at: Mapped[Recorded]


class NumberSeries(Base):
    """The next number of a creditor's series; reserved in blocks, in one short transaction."""

    __tablename__ = "number_series"

    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"), primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    next_number: Mapped[int] = mapped_column(server_default=text("1"))


class NumberVoid(Base):
    """A number that was given and never used, and why: no gap is unexplained."""

    __tablename__ = "number_void"

    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"), primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    recorded_at: Mapped[Recorded]


class Occasion(StrEnum):
    """When an organisation says something in its own words."""

    INVOICE = "invoice"
    RENEWAL = "renewal"
    REMINDER = "reminder"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit note"
    ONE_OFF = "one off"
    JOIN_THANKS = "join thanks"


class Medium(StrEnum):
    """Where own words are read: in mails, on documents, or in both."""

    EVERYWHERE = "everywhere"
    EMAIL = "email"
    DOCUMENT = "document"


class OwnText(Base):
    """What a group and those below it say on an occasion, in one language; the nearest group's words win.

    A text is never changed: new words are a new row, and the old one has ended, so that a document always says what
    it said when it was written. ``level`` is that of a reminder, and 0 on every other occasion.
    """

    __tablename__ = "own_text"

    id: Mapped[Key]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    occasion: Mapped[Occasion]
    level: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    language: Mapped[str]
    medium: Mapped[Medium] = mapped_column(server_default=text("'everywhere'"))
    words: Mapped[str]
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[str | None]

    __table_args__ = (
        one_of("occasion", Occasion),
        one_of("medium", Medium),
        Index(
            "uq_own_text_in_force",
            *("group_id", "occasion", "level", "language", "medium"),
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_own_text_group_id", "group_id"),
        CheckConstraint("language IN ('sv', 'nb', 'nl', 'de', 'en')", name="language_known"),
        CheckConstraint("(occasion = 'reminder') = (level > 0)", name="level_of_reminder"),
        CheckConstraint("words <> ''", name="says_something"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
    )
