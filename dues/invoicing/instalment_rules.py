"""Sets up from which amount on a creditor's invoices of runs are paid in how many parts."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from database.base import Names
from dues.editing import GoneError, held
from dues.groups.models import BankAgreement, Creditor, NumberSeries
from dues.invoicing.instalment_errors import PartsError, RuleTakenError, ShortReferencesError
from dues.invoicing.instalment_models import InstalmentRule, PartUnit
from dues.invoicing.instalments import FARTHEST, FEWEST, MOST
from dues.members.models import MembershipType

_ROOM = 1000
"""Invoices to come for which the references must have room."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """From ``least`` minor units of the creditor's currency on: so many parts, every so many weeks or months.

    Without a type it holds for all that have no rules of their own.
    """

    creditor_id: int
    least: int
    parts: int
    every: int = 1
    unit: PartUnit = PartUnit.MONTH
    type_id: int | None = None


@dataclass(frozen=True, slots=True)
class ListedRule:
    """A rule in a list, with the names of whose it is and what it is for; None where it is for all."""

    rule: InstalmentRule
    creditor: str
    currency: str
    kind: Names | None


def rules(session: Session) -> list[ListedRule]:
    """Return the rules in force, by creditor and type, the lowest amount first."""
    wanted = (
        select(InstalmentRule, Creditor.name, Creditor.currency, MembershipType.names)
        .join(Creditor, Creditor.id == InstalmentRule.creditor_id)
        .outerjoin(MembershipType, MembershipType.id == InstalmentRule.type_id)
        .where(InstalmentRule.ended_at.is_(None))
        .order_by(Creditor.name, Creditor.id, InstalmentRule.type_id.nulls_first(), InstalmentRule.least)
    )
    return [ListedRule(*row) for row in session.execute(wanted)]


def in_force(session: Session) -> bool:
    """Tell whether any invoice may be paid in parts by rule: most organisations have none, and pay nothing for it."""
    return bool(session.scalar(select(exists().where(InstalmentRule.ended_at.is_(None)))))


def add_rule(session: Session, *, ruled: Ruled) -> InstalmentRule:
    """Add a rule for invoices to come.

    Raises PartsError, RuleTakenError where one holds from this amount on, ShortReferencesError where the creditor's
    references have no room for parts, and GoneError.
    """
    if ruled.parts not in range(FEWEST, MOST + 1) or ruled.every not in range(1, FARTHEST + 1):
        raise PartsError(f"{ruled.parts} parts every {ruled.every} {ruled.unit}s")
    if ruled.least < ruled.parts:
        raise PartsError(f"{ruled.least} minor units in {ruled.parts} parts")
    if session.get(Creditor, ruled.creditor_id, with_for_update={"key_share": True}) is None:
        raise GoneError("creditors")
    _refuse_taken(session, ruled)
    _refuse_short(session, ruled.creditor_id)
    row = InstalmentRule(**{name: getattr(ruled, name) for name in Ruled.__slots__})
    session.add(row)
    session.flush()
    return row


def change_rule(session: Session, *, rule_id: int, ruled: Ruled) -> InstalmentRule:
    """End a rule and add another one in its place; runs that were confirmed by the old one are written by it."""
    end_rule(session, rule_id=rule_id)
    return add_rule(session, ruled=ruled)


def end_rule(session: Session, *, rule_id: int) -> None:
    """End a rule; what was issued in parts stays so. Raises GoneError."""
    row = held(session, InstalmentRule, rule_id)
    if row.ended_at is not None:
        raise GoneError("instalment rules")
    row.ended_at = session.scalar(select(func.now()))
    session.flush()


def _refuse_taken(session: Session, ruled: Ruled) -> None:
    same = select(InstalmentRule.id).where(
        InstalmentRule.ended_at.is_(None),
        InstalmentRule.creditor_id == ruled.creditor_id,
        InstalmentRule.type_id.is_not_distinct_from(ruled.type_id),
        InstalmentRule.least == ruled.least,
    )
    if session.scalar(same) is not None:
        raise RuleTakenError


def _refuse_short(session: Session, creditor_id: int) -> None:
    """Each account on which the creditor is paid must have room for the parts of the next invoices."""
    next_number = (
        select(NumberSeries.next_number)
        .where(NumberSeries.creditor_id == creditor_id, NumberSeries.series == "invoice")
        .scalar_subquery()
    )
    reference = func.part_reference_for(
        BankAgreement.reference_kind,
        BankAgreement.reference_length,
        BankAgreement.length_digit,
        func.coalesce(next_number, 1) + _ROOM,
        MOST,
    )
    wanted = select(BankAgreement.id).where(
        BankAgreement.creditor_id == creditor_id, BankAgreement.preferred, reference.is_(None)
    )
    if session.scalar(wanted.limit(1)) is not None:
        raise ShortReferencesError(creditor_id)
