"""Hits of a search in words: what it is, by what it was found, and what tells it from its namesakes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from admin import addresses
from dues.groups.find import Found as FoundGroup
from dues.invoicing import standing
from dues.invoicing.models import InvoiceKind
from dues.members.models import MembershipStatus
from dues.overview.found import Belonging, FoundInvoice, FoundPerson, How
from web import states
from web.speech import gettext, named, pgettext, reader
from web.states import State


@dataclass(frozen=True, slots=True)
class Hit:
    """A row: its name leads to its page where there is one; ``facts`` tell it apart, ``how`` says why it is here."""

    name: str
    address: str
    facts: tuple[str, ...]
    how: str
    picture: str
    states: tuple[State, ...] = ()
    minor: int | None = None
    currency: str = ""


def person_hits(found: Iterable[FoundPerson]) -> list[Hit]:
    """Return persons as rows."""
    return [_person(one) for one in found]


def invoice_hits(found: Iterable[FoundInvoice], *, on: dt.date) -> list[Hit]:
    """Return invoices as rows, with how they stand on a day."""
    return [_invoice(one, on) for one in found]


def group_hits(found: Iterable[FoundGroup]) -> list[Hit]:
    """Return groups as rows."""
    return [Hit(one.name, addresses.group(one.public_id), one.above, "", "group") for one in found]


def _person(one: FoundPerson) -> Hit:
    facts = [
        gettext("Number %(number)s", number=one.id),
        gettext("born %(day)s", day=reader().date(one.birth_date)) if one.birth_date else "",
        one.city,
        one.email,
        one.phone if one.how is How.PHONE else "",
        *(_belonging(membership) for membership in one.memberships),
    ]
    gone = (State("person", gettext("Deceased"), "quiet", "person"),) if one.deceased else ()
    return Hit(
        name=one.name,
        address=addresses.person(one.public_id),
        facts=tuple(fact for fact in facts if fact),
        how=_how(one.how),
        picture="person",
        states=gone,
    )


def _belonging(one: Belonging) -> str:
    return gettext(
        "%(type)s in %(group)s, %(status)s", type=named(one.type_names), group=one.group, status=_status(one.status)
    )


def _status(status: MembershipStatus) -> str:
    return {
        MembershipStatus.APPLIED: pgettext("membership", "applied"),
        MembershipStatus.ACTIVE: pgettext("membership", "active"),
        MembershipStatus.RESTING: pgettext("membership", "resting"),
        MembershipStatus.LEFT: pgettext("membership", "left"),
        MembershipStatus.EXCLUDED: pgettext("membership", "excluded"),
        MembershipStatus.DECEASED: pgettext("membership", "deceased"),
    }[status]


def _invoice(one: FoundInvoice, on: dt.date) -> Hit:
    names = {
        InvoiceKind.INVOICE: gettext("Invoice %(number)s", number=one.number),
        InvoiceKind.CREDIT_NOTE: gettext("Credit note %(number)s", number=one.number),
    }
    issued = gettext("issued %(day)s", day=reader().date(one.issued_on))
    return Hit(
        name=names[one.kind],
        address=addresses.invoice(one.public_id),
        facts=(one.payer_name, issued, one.creditor),
        how=_how(one.how),
        picture="page",
        states=_standing(one, on),
        minor=one.amount,
        currency=one.currency,
    )


def _standing(one: FoundInvoice, on: dt.date) -> tuple[State, ...]:
    """A credit note has no claim, and so no settlement."""
    if one.open_amount is None:
        return ()
    left = one.amount - one.credited_amount
    owed = standing.Owed(amount=left, open_amount=one.open_amount, due_on=one.due_on, ended=one.ended)
    return (states.settlement(standing.settlement(owed, on=on)),)


def _how(how: How) -> str:
    """A name needs no reason; anything else says by what it was found."""
    return {
        How.NAME: "",
        How.NUMBER: gettext("by number"),
        How.REFERENCE: gettext("by payment reference"),
        How.EMAIL: gettext("by e-mail address"),
        How.PHONE: gettext("by telephone number"),
        How.IDENTITY: gettext("by identity"),
        How.MEMBERSHIP: gettext("by membership"),
    }[how]
