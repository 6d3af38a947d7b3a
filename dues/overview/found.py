"""What was found: persons, invoices and groups, by what each was found, and what tells namesakes apart."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from dues.groups.find import Found as FoundGroup
from dues.invoicing.models import ClaimEnd, InvoiceKind
from dues.members.models import MembershipStatus


class How(StrEnum):
    """By what something was found."""

    NAME = "name"
    NUMBER = "number"
    REFERENCE = "reference"
    EMAIL = "email"
    PHONE = "phone"
    IDENTITY = "identity"
    MEMBERSHIP = "membership"


JUMPS: Final = frozenset({How.NUMBER, How.REFERENCE, How.EMAIL, How.IDENTITY, How.MEMBERSHIP})
"""What names one thing so surely that its page may open at once."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """A membership of somebody who was found."""

    type_names: Mapping[str, str]
    group: str
    status: MembershipStatus


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody who was found, with what tells namesakes apart."""

    id: int
    public_id: UUID
    name: str
    birth_date: dt.date | None
    city: str
    email: str
    phone: str
    deceased: bool
    how: How
    exact: bool
    memberships: tuple[Belonging, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundInvoice:
    """An invoice or credit note that was found; amounts in minor units, ``open_amount`` None where it has no claim."""

    public_id: UUID
    number: str
    kind: InvoiceKind
    creditor: str
    payer_name: str
    issued_on: dt.date
    due_on: dt.date
    amount: int
    currency: str
    open_amount: int | None
    credited_amount: int
    ended: ClaimEnd | None
    how: How
    exact: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found of each kind, the best first, at most SHOWN; ``more`` names the kinds of which there are more."""

    persons: tuple[FoundPerson, ...] = ()
    invoices: tuple[FoundInvoice, ...] = ()
    groups: tuple[FoundGroup, ...] = ()
    more: frozenset[str] = frozenset()

    @property
    def single(self) -> FoundPerson | FoundInvoice | None:
        """The one thing that was meant without doubt, if there is one."""
        found: tuple[FoundPerson | FoundInvoice, ...] = (*self.persons, *self.invoices)
        if len(found) != 1 or self.groups or not found[0].exact or found[0].how not in JUMPS:
            return None
        return found[0]

    @property
    def nothing(self) -> bool:
        """Whether nothing was found."""
        return not (self.persons or self.invoices or self.groups)
