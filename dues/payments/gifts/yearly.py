"""What donors gave a creditor in a year: the list, one donor's gifts, and the rows that a tax authority is told."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.orm import Session, aliased

from database.base import Names
from dues.access.sealing import seal, unseal
from dues.journal.fund_models import Fund
from dues.members.models import Person
from dues.payments.gifts.identities import PURPOSE, normalised
from dues.payments.gifts.models import DonorIdentity, Gift


@dataclass(frozen=True, slots=True)
class Donor:
    """Who gave how much in a year, in minor units; ``identified`` says that their identity number is kept."""

    public_id: UUID
    person_id: int
    name: str
    city: str
    currency: str
    amount: int
    identified: bool


@dataclass(frozen=True, slots=True)
class YearlyGift:
    """One gift of a year that was not taken back."""

    id: int
    on: dt.date
    fund: Names
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A donor as a tax authority is told; ``identity`` is empty where it is not known."""

    person: Person
    identity: str
    currency: str
    amount: int


def years_of(session: Session, *, creditor_id: int) -> list[int]:
    """Return the years in which somebody gave, the newest first."""
    year = extract("year", Gift.on_date)
    wanted = select(year).where(Gift.creditor_id == creditor_id).distinct().order_by(year.desc())
    return [int(one) for one in session.scalars(wanted)]


def donors(session: Session, *, creditor_id: int, year: int, beginning: str = "", limit: int = 500) -> list[Donor]:
    """Return who gave in a year, who gave most first; ``beginning`` narrows it to names that hold it."""
    total = func.sum(Gift.amount)
    name = func.trim(func.concat_ws(" ", Person.given_name, Person.family_name))
    wanted = (
        select(Person.uuid, Person.id, name, Person.city, Gift.currency, total, DonorIdentity.person_id.is_not(None))
        .join(Gift, Gift.person_id == Person.id)
        .outerjoin(
            DonorIdentity, (DonorIdentity.person_id == Person.id) & (DonorIdentity.creditor_id == Gift.creditor_id)
        )
        .where(Gift.creditor_id == creditor_id, *_given(year))
        .group_by(Person.id, Gift.currency, DonorIdentity.person_id)
        .order_by(total.desc(), Person.id)
        .limit(limit)
    )
    if beginning:
        wanted = wanted.where(func.strpos(func.lower(name), beginning.lower()) > 0)
    return [
        Donor(public_id, person_id, called, city, currency, int(amount), identified)
        for public_id, person_id, called, city, currency, amount, identified in session.execute(wanted)
    ]


def gifts_of(session: Session, *, creditor_id: int, person_id: int, year: int) -> list[YearlyGift]:
    """Return a donor's gifts of a year, in their order, without those that were taken back."""
    wanted = (
        select(Gift.id, Gift.on_date, Fund.names, Gift.amount, Gift.currency)
        .join(Fund, Fund.id == Gift.fund_id)
        .where(Gift.creditor_id == creditor_id, Gift.person_id == person_id, *_given(year))
        .order_by(Gift.on_date, Gift.id)
    )
    return [YearlyGift(*row) for row in session.execute(wanted)]


def reported(session: Session, *, creditor_id: int, year: int, secret: str) -> list[Reported]:
    """Return what a tax authority is told of a year, by name; identity numbers are opened with the house's secret."""
    total = func.sum(Gift.amount)
    wanted = (
        select(Person, DonorIdentity.sealed, Gift.currency, total)
        .join(Gift, Gift.person_id == Person.id)
        .outerjoin(
            DonorIdentity, (DonorIdentity.person_id == Person.id) & (DonorIdentity.creditor_id == Gift.creditor_id)
        )
        .where(Gift.creditor_id == creditor_id, *_given(year))
        .group_by(Person.id, Gift.currency, DonorIdentity.sealed)
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    return [
        Reported(person, _opened(sealed, secret), currency, int(amount))
        for person, sealed, currency, amount in session.execute(wanted)
    ]


def keep_identity(
    session: Session, *, creditor_id: int, person_id: int, country: str, written: str, secret: str, by: str
) -> None:
    """Keep a donor's identity number, sealed; nothing written forgets it. Raises WrongIdentityError."""
    kept = session.get(DonorIdentity, (creditor_id, person_id), with_for_update=True)
    if not written:
        if kept is not None:
            session.delete(kept)
            session.flush()
        return
    sealed = seal(normalised(written, country=country).encode(), secret=secret, purpose=PURPOSE)
    if kept is None:
        kept = DonorIdentity(creditor_id=creditor_id, person_id=person_id, sealed=sealed, actor=by)
        session.add(kept)
    kept.sealed, kept.actor = sealed, by
    session.flush()


def _opened(sealed: bytes | None, secret: str) -> str:
    return unseal(sealed, secret=secret, purpose=PURPOSE).decode() if sealed else ""


def _given(year: int) -> Sequence[ColumnElement[bool]]:
    """Gifts of a year that hold: what was taken back, be it in a later year, was not given."""
    back = aliased(Gift)
    return (
        Gift.on_date >= dt.date(year, 1, 1),
        Gift.on_date <= dt.date(year, 12, 31),
        Gift.reverses_id.is_(None),
        ~select(back.id).where(back.reverses_id == Gift.id).exists(),
    )
