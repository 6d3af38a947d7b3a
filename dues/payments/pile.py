"""The pile of payments that wait for a person: by page, filtered and searched, without reading what is done with."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import Session

from dues.folding import folded, plainly
from dues.groups.below import at_or_below
from dues.groups.models import BankAgreement, Creditor
from dues.payments.candidates import Given, likely_slips
from dues.payments.models import BankFile, CaseReason, FileState, Payment, PaymentCase
from dues.payments.slips import Slip
from dues.runs.models import Run

MOST: Final = 1000
"""How far cases are counted; a pile that is higher is said to be."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases one wants to see; ``words`` are looked for in name, reference, account and text.

    With a ``path`` they are those of creditors at or below a group.
    """

    reason: CaseReason | None = None
    agreement_id: int | None = None
    words: str = ""
    path: str = ""

    @property
    def everything(self) -> bool:
        """Whether nothing is filtered."""
        return self == Wanted(path=self.path)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the pile; ``unallocated`` in minor units, ``slip`` how the reference was likely miswritten."""

    payment_id: int
    payer_name: str
    unallocated: int
    currency: str
    booked_on: dt.date
    reason: CaseReason
    slip: Slip | None = None


def pile(session: Session, wanted: Wanted, *, after: int = 0, limit: int) -> list[Waiting]:
    """Return the cases beyond the payment ``after``, oldest first, in two statements."""
    columns = (
        PaymentCase.payment_id,
        Payment.payer_name,
        PaymentCase.unallocated,
        Payment.currency,
        Payment.booked_on,
        PaymentCase.reason,
        Payment.creditor_id,
        Payment.reference,
    )
    page = _ids(wanted, limit, PaymentCase.payment_id > after).subquery()
    rows = session.execute(
        select(*columns)
        .join(page, page.c.payment_id == PaymentCase.payment_id)
        .join(Payment, Payment.id == PaymentCase.payment_id)
        .order_by(PaymentCase.payment_id)
    ).all()
    slips = likely_slips(
        session,
        [
            Given(row.payment_id, row.creditor_id, row.unallocated, row.reference)
            for row in rows
            if row.reason is CaseReason.UNKNOWN_REFERENCE and row.reference
        ],
    )
    return [Waiting(*row[:6], slip=slips.get(row.payment_id)) for row in rows]


def before(session: Session, wanted: Wanted, *, first: int, limit: int) -> int | None:
    """Return the payment after which the page before that of ``first`` begins, 0 for the beginning; None for none."""
    found = list(session.scalars(_ids(wanted, limit + 1, PaymentCase.payment_id < first, backwards=True)))
    if not found:
        return None
    return found[limit] if len(found) > limit else 0


def next_case(session: Session, wanted: Wanted, *, after: int) -> int | None:
    """Return the next case beyond a payment, from the beginning again behind the last; None where none is left."""
    following = session.scalar(_ids(wanted, 1, PaymentCase.payment_id > after))
    return following if following is not None else session.scalar(_ids(wanted, 1))


def previous_case(session: Session, wanted: Wanted, *, before: int) -> int | None:
    """Return the case before a payment; None for the first."""
    return session.scalar(_ids(wanted, 1, PaymentCase.payment_id < before, backwards=True))


def how_many(session: Session, wanted: Wanted, *, most: int = MOST) -> int:
    """Return how many cases wait, counted up to ``most`` and one more."""
    some = _ids(wanted, most + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


@dataclass(frozen=True, slots=True)
class Account:
    """One of our accounts that money comes to, and whose it is."""

    agreement_id: int
    creditor: str
    scheme: str
    number: str
    currency: str


def accounts(session: Session, *, path: str = "") -> list[Account]:
    """Return all our accounts, or those of creditors at or below a group, by creditor."""
    wanted = (
        select(BankAgreement.id, Creditor.name, BankAgreement.scheme, BankAgreement.number, BankAgreement.currency)
        .join(Creditor, Creditor.id == BankAgreement.creditor_id)
        .order_by(Creditor.name, BankAgreement.number, BankAgreement.currency)
    )
    if path:
        wanted = wanted.where(at_or_below(Creditor.group_id, path))
    return [Account(*row) for row in session.execute(wanted)]


def last_check(session: Session) -> dt.datetime | None:
    """Return when money was last matched: the end of the last file's run, or its coming."""
    newest = select(BankFile.run_id, BankFile.recorded_at).where(
        BankFile.state == FileState.ACCEPTED, BankFile.run_id.is_not(None)
    )
    row = session.execute(newest.order_by(BankFile.id.desc()).limit(1)).first()
    if row is None:
        return None
    ended = session.scalar(select(Run.finished_at).where(Run.id == row.run_id))
    return ended or row.recorded_at


def _ids(wanted: Wanted, limit: int, *further: ColumnElement[bool], backwards: bool = False) -> Select[int]:
    """Return at most so many cases, in the order of their payments or against it.

    Those of a group are read creditor by creditor, each by its own part of an index, and then put in order: a group
    with three cases among 200,000 reads three.
    """
    case = PaymentCase.payment_id
    cases = select(case).where(*_conditions(wanted), *further).order_by(case.desc() if backwards else case).limit(limit)
    if not wanted.path:
        return cases
    books = select(Creditor.id).where(at_or_below(Creditor.group_id, wanted.path)).subquery()
    near = cases.where(PaymentCase.creditor_id == books.c.id).lateral("near")
    found = near.c.payment_id
    among = select(found).select_from(books.join(near, true())).limit(limit)
    return among.order_by(found.desc() if backwards else found)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Open cases stand in an index of their own, so that a search looks through what waits and nothing else."""
    conditions: list[ColumnElement[bool]] = [PaymentCase.closed_at.is_(None)]
    if wanted.reason is not None:
        conditions.append(PaymentCase.reason == wanted.reason)
    if wanted.agreement_id is not None:
        conditions.append(PaymentCase.agreement_id == wanted.agreement_id)
    return conditions + [_says(word) for word in folded(wanted.words).split()]


def _says(word: str) -> ColumnElement[bool]:
    """Return that the bank says a word, as it is written or as banks write it that have no accents."""
    ways = dict.fromkeys((word, *plainly(word)))
    return or_(*(func.strpos(PaymentCase.search_key, way) > 0 for way in ways))
