"""What a list of payments is narrowed by, and how each wish finds its rows."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select, union_all
from sqlalchemy.orm import Session, aliased

from dues.groups.below import at_or_below
from dues.groups.currencies import unusual, within
from dues.groups.models import Creditor
from dues.invoicing.invoice_wishes import as_number
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.journal.models import Posting
from dues.members.models import Person
from dues.paging import Walk, Wish, found
from dues.payments.models import Allocation, BankFile, CaseReason, Payment, PaymentCase, PaymentDay
from dues.payments.statement_models import AccountDay

_WALK: Final = Walk(Payment, ("booked_on", "id"), "id", descending=True)

_STRETCH: Final = 2_500
"""Rows that one page looks through where each of them has to be asked what it was used for."""

_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class PaymentsWanted:
    """What a list of payments is narrowed by; None and nothing narrow nothing.

    ``search`` is a reference, an account, or a piece of the payer's name; ``standing`` is waiting or matched,
    ``reason`` why it waits. ``account`` is a bank agreement, ``person`` whose claims or credit it was used for,
    ``below`` the path of a group to which, or below which, the invoices belong that it was used for. Amounts are
    hundredths of the main unit of whichever currency a payment is in (so that 250 is 250 kronor, or 250 yen), days are
    both within. ``descending`` puts the newest first.
    """

    search: str = ""
    standing: str = ""
    file: UUID | None = None
    creditor_id: int | None = None
    booked_from: dt.date | None = None
    booked_to: dt.date | None = None
    least: int | None = None
    most: int | None = None
    descending: bool = True
    currency: str = ""
    account: int | None = None
    reason: CaseReason | None = None
    person: UUID | None = None
    below: str = ""


def walk(session: Session, wanted: PaymentsWanted) -> Walk:
    """Days are the list's own key: its index leads to them, and the days of a file or an account are known."""
    spans = [(wanted.booked_from, wanted.booked_to)]
    if wanted.file:
        spans.append(_span(session, select(PaymentDay).where(PaymentDay.file_id == _file_id(wanted.file)), PaymentDay))
    if wanted.account is not None:
        spans.append(_span(session, select(AccountDay).where(AccountDay.agreement_id == wanted.account), AccountDay))
    days: list[ColumnElement[bool]] = [
        *(Payment.booked_on >= first for first, _ in spans if first is not None),
        *(Payment.booked_on <= last for _, last in spans if last is not None),
    ]
    plain = _WALK.along(*days).turned(descending=wanted.descending)
    return replace(plain, stretch=_STRETCH) if wanted.below else plain


def _span(
    session: Session, rows: Select[Any], days: type[PaymentDay | AccountDay]
) -> tuple[dt.date | None, dt.date | None]:
    first, last = session.execute(rows.with_only_columns(func.min(days.booked_on), func.max(days.booked_on))).one()
    return first, last


def _file_id(file: UUID) -> Any:
    return select(BankFile.id).where(BankFile.uuid == file).scalar_subquery()


def wishes(session: Session, wanted: PaymentsWanted) -> list[Wish]:
    """Return the wishes, those first that usually find the fewest rows."""
    return [*_of_uses(wanted), *_of_cases(wanted), *_of_themselves(session, wanted)]


def _of_uses(wanted: PaymentsWanted) -> list[Wish]:
    wished = []
    if wanted.search:
        wished.append(_searched(wanted.search))
    if wanted.person is not None:
        wished.append(_of_person(wanted.person))
    if wanted.below:
        wished.append(_of_group(wanted.below))
    return wished


def _of_cases(wanted: PaymentsWanted) -> list[Wish]:
    wished = []
    if wanted.reason is not None:
        wished.append(_waiting_for(PaymentCase.reason == wanted.reason))
    elif wanted.standing == "waiting":
        wished.append(_waiting_for())
    if wanted.standing == "matched":
        wished.append(Wish(lambda table: ~_waits(table.id)))
    return wished


def _of_themselves(session: Session, wanted: PaymentsWanted) -> list[Wish]:
    wished = []
    if wanted.file is not None:
        file = wanted.file
        wished.append(Wish(lambda table: table.file_id == _file_id(file)))
    if wanted.account is not None:
        wished.append(_of_account(session, wanted.account))
    if wanted.creditor_id is not None:
        wished.append(Wish(lambda table: table.creditor_id == wanted.creditor_id))
    if wanted.least is not None or wanted.most is not None:
        wished.append(_of_amount(session, wanted.least, wanted.most))
    if wanted.currency:
        wished.append(Wish(lambda table: table.currency == wanted.currency))
    return wished


def _of_account(session: Session, account: int) -> Wish:
    """The key's index begins with the account; how many payments it has is known by day."""
    known = select(func.sum(AccountDay.payments)).where(AccountDay.agreement_id == account)
    return Wish(
        lambda table: table.agreement_id == account,
        lambda table: table.agreement_id == account,
        counted=int(session.scalar(known) or 0),
    )


def _of_amount(session: Session, least: int | None, most: int | None) -> Wish:
    """One amount has an index; what lies between two is looked for along the list."""
    other = unusual(session)

    def meant(table: Any) -> ColumnElement[bool]:
        return within(table.amount, table.currency, least, most, other=other)

    if least is None or least != most:
        return Wish(meant)
    exactly = [least, *(least * 10**digits // _HUNDRED for digits in other)]
    return Wish(meant, lambda table: table.amount.in_(exactly), exact=False)


def _of_person(person: UUID) -> Wish:
    """Payments that were used for what somebody owes, or kept as their credit."""
    whose = select(Person.id).where(Person.uuid == person).scalar_subquery()
    used = select(Allocation.payment_id).join(Claim, Claim.id == Allocation.claim_id).where(Claim.debtor_id == whose)
    kept = select(Allocation.payment_id).where(Allocation.person_id == whose, Allocation.claim_id.is_(None))
    return found(lambda table: table.id.in_(union_all(used, kept)))


def _of_group(path: str) -> Wish:
    """Few are found by their invoices; among many each payment is asked by its postings, which have an index of it."""
    used = (
        select(Allocation.payment_id)
        .join(Claim, Claim.id == Allocation.claim_id)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .where(at_or_below(Invoice.group_id, path))
    )

    def asked(table: Any) -> ColumnElement[bool]:
        posting = aliased(Posting)
        there = (
            select(posting.id)
            .join(Claim, Claim.id == posting.claim_id)
            .join(Invoice, Invoice.id == Claim.invoice_id)
            .where(posting.payment_id == table.id, at_or_below(Invoice.group_id, path))
        )
        return exists(there.offset(0))

    return Wish(asked, lambda table: table.id.in_(used))


def _searched(text: str) -> Wish:
    """Return the wish for a reference or an account, where it could be one, and for a payer's name otherwise.

    A reference is found by what it was used for, or among what still waits: payments themselves have no index of it.
    """
    plain = as_number(text)
    if plain is None:
        return Wish(lambda table: func.strpos(func.lower(table.payer_name), text.lower()) > 0)
    used = (
        select(Allocation.payment_id)
        .join(PaymentReference, PaymentReference.claim_id == Allocation.claim_id)
        .where(PaymentReference.creditor_id.in_(select(Creditor.id)), PaymentReference.value == plain)
    )
    waiting = select(PaymentCase.payment_id).where(PaymentCase.closed_at.is_(None), PaymentCase.reference == plain)
    account = select(Payment.id).where(Payment.payer_account == plain)
    return found(lambda table: table.id.in_(union_all(used, waiting, account)))


def _waiting_for(*such: ColumnElement[bool]) -> Wish:
    open_cases = select(PaymentCase.payment_id).where(PaymentCase.closed_at.is_(None), *such)
    return Wish(lambda table: _waits(table.id, *such), lambda table: table.id.in_(open_cases))


def _waits(payment: ColumnElement[int], *such: ColumnElement[bool]) -> ColumnElement[bool]:
    # The offset keeps the planner from reading all cases for the few rows of a page.
    wanted = select(PaymentCase.payment_id).where(PaymentCase.payment_id == payment, PaymentCase.closed_at.is_(None))
    return exists(wanted.where(*such).offset(0))
