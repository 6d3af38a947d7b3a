"""Changes creditors: what was issued in their name stays true."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypedDict, Unpack

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from dues.editing import FixedError, MissingError, held
from dues.groups.errors import CollectorError
from dues.groups.models import BankAgreement, Creditor, NumberSeries, Payee
from dues.groups.org_numbers import org_number

_FIXED: Final = ("currency", "country")
"""What a creditor's books are made of: fixed as soon as anything stands in them."""
_NEEDED: Final = ("name", "org_number", "street", "postcode", "city", "email")


class CreditorChanges(TypedDict, total=False):
    """What can be changed of a creditor; days are from issue to due date and from due date to reminder."""

    name: str
    org_number: str
    country: str
    currency: str
    street: str
    postcode: str
    city: str
    email: str
    phone: str
    sensitive: bool
    payment_days: int
    reminder_days: int
    max_reminders: int
    one_invoice: bool
    sms: bool
    collected_by_id: int | None


def is_used(session: Session, *, creditor_id: int) -> bool:
    """Tell whether a creditor has an account at a bank, or has ever issued or booked anything."""
    marks = (BankAgreement.creditor_id, NumberSeries.creditor_id, Payee.creditor_id)
    return any(session.scalar(select(exists().where(column == creditor_id))) for column in marks)


@dataclass(frozen=True, slots=True)
class PaidTo:
    """In whose name invoices go out, and to which account they are paid: nothing where there is none yet."""

    creditor: Creditor
    account: str


def payee_of(session: Session, *, creditor_id: int | None) -> PaidTo | None:
    """Return whom invoices of a group with this creditor are paid to, None without a creditor."""
    creditor = None if creditor_id is None else session.get(Creditor, creditor_id)
    if creditor is None:
        return None
    preferred = select(BankAgreement.number).where(
        BankAgreement.creditor_id == creditor.id, BankAgreement.preferred, BankAgreement.currency == creditor.currency
    )
    return PaidTo(creditor, session.scalar(preferred) or "")


def change_creditor(session: Session, *, creditor_id: int, **changes: Unpack[CreditorChanges]) -> Creditor:
    """Change a creditor. Documents that were issued keep what they say; those to come say the new.

    Currency and country are fixed once the creditor is used. Raises OrgNumberError, CollectorError and an EditingError.
    """
    creditor = held(session, Creditor, creditor_id)
    for field in _FIXED:
        if changes.get(field, getattr(creditor, field)) != getattr(creditor, field) and is_used(
            session, creditor_id=creditor_id
        ):
            raise FixedError(field, "accounts, invoices or entries stand in it")
    number = refuse_creditor(changes, before=creditor)
    if (collector := changes.get("collected_by_id")) is not None and collector != creditor.collected_by_id:
        _refuse_collector(session, creditor, collector=collector)
    for name, value in changes.items():
        setattr(creditor, name, value)
    creditor.org_number = number or creditor.org_number
    session.flush()
    return creditor


def _refuse_collector(session: Session, creditor: Creditor, *, collector: int) -> None:
    """A slip has one collecting creditor and one currency."""
    other = held(session, Creditor, collector)
    if other.id == creditor.id or other.collected_by_id is not None:
        raise CollectorError("it is collected together with another one itself")
    if session.scalar(select(exists().where(Creditor.collected_by_id == creditor.id))):
        raise CollectorError("others are collected together with this one")
    if other.currency != creditor.currency:
        raise CollectorError("it has another currency")


def refuse_creditor(details: Mapping[str, object], *, before: Creditor | None = None) -> str | None:
    """Return a new organisation number as it is kept; raise MissingError and OrgNumberError for what cannot be.

    A number that the creditor has already is not judged again, and None is returned for it.
    """
    for field in _NEEDED:
        if not str(details.get(field, "-")).strip():
            raise MissingError(field)
    number = details.get("org_number")
    country = str(details.get("country", before.country if before else ""))
    if number is None or (before is not None and (number, country) == (before.org_number, before.country)):
        return None
    return org_number(country, str(number))
