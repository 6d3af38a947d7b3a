"""Tables of matching: which rules a creditor has in force, by which an allocation was found, and what may be meant."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Recorded, one_of


class Rule(StrEnum):
    """Ways to find whose a payment is, in the order in which they are tried where a creditor says nothing else."""

    REFERENCE = "reference"
    """The reference given is an open claim's by now, and the amount is what is open."""
    SEVERAL = "several"
    """Several references were given; amounts with them, or what came falls on them, the oldest first."""
    COLLECTION = "collection"
    """The id with which it was sent (end to end) is a reference of ours."""
    IN_TEXT = "in text"
    """The reference stands in the free text."""
    ZEROS = "zeros"
    """Zeros at the beginning of the reference are missing, or are too many."""
    DIGIT = "digit"
    """One digit of the reference is wrong; the check digit finds those it may have been."""
    NUMBER = "number"
    """The number of the invoice stands in the text, or those of several."""
    MEMBER = "member"
    """The number of the member stands in the text."""
    ACCOUNT = "account"
    """This account has paid before, and always for the same person."""
    NAME = "name"
    """The payer's name and the amount agree: never more than a suggestion."""


class Doubt(StrEnum):
    """Why what a rule has found is only suggested."""

    SEVERAL_FIT = "several fit"
    OTHER_AMOUNT = "other amount"
    WEAK = "weak"
    INCOMPLETE = "incomplete"


class MatchingRule(Base):
    """Whether a creditor lets payments be booked by a rule, and when it is tried; without a row the house's order is.

    ``position`` orders the creditor's rules; 0 switches one off.
    """

    __tablename__ = "matching_rule"

    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"), primary_key=True)
    rule: Mapped[Rule] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    changed_at: Mapped[Recorded]

    __table_args__ = (one_of("rule", Rule), CheckConstraint("position BETWEEN 0 AND 99", name="position_fits"))


class AllocationMatch(Base):
    """By which rule a run of matching found what a payment was for, and what told it; never changed.

    Allocations by the exact reference as a file came in, and those of officers, have none.
    """

    __tablename__ = "allocation_match"

    allocation_id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int]
    rule: Mapped[Rule]
    evidence: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))

    __table_args__ = (one_of("rule", Rule),)


class MatchSuggestion(Base):
    """A claim that a waiting payment may be for: the rule that points there, what told it, and why it is in doubt.

    Written anew each time that payment is looked at; what it says may be out of date by then.
    """

    __tablename__ = "match_suggestion"

    payment_id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int]
    rule: Mapped[Rule]
    doubt: Mapped[Doubt]
    evidence: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))

    __table_args__ = (
        one_of("rule", Rule),
        one_of("doubt", Doubt),
        Index("ix_match_suggestion_creditor_id", "creditor_id", "payment_id"),
    )
