"""Rules that officers make from cases: money from an account, or with some words, is somebody's or not ours.

A rule decides alone only what leaves no doubt: for somebody it settles the oldest claim of exactly the amount that
came, once for each payment; what fits no claim waits on, with the rule as evidence. What is not ours leaves the queue,
also what left the bank.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.folding import folded
from dues.groups.below import books_within
from dues.groups.models import Creditor
from dues.invoicing.cover import cover
from dues.journal.beside import open_beside
from dues.journal.models import Event
from dues.journal.post import open_entry
from dues.members.models import Person
from dues.payments.aside_models import PayerRule
from dues.payments.errors import PaymentError
from dues.payments.models import Payment
from dues.payments.transfer import credit_account

MOST: Final = 5000
"""Payments that one application of rules takes up; the next one goes on."""

SHORTEST: Final = 4
"""Characters that tell one payer's words from another's."""


class RuleTakenError(PaymentError):
    """The creditor has a rule for this account or these words."""

    def __init__(self, rule: int) -> None:
        super().__init__(f"Rule {rule} says already whose such payments are. Stop that one first.")
        self.rule = rule


class RuleWordsError(PaymentError):
    """A rule needs an account, or words that are long enough to mean somebody."""

    def __init__(self) -> None:
        super().__init__(f"Write at least {SHORTEST} characters that stand in such payments.")


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a rule says: by an account or by words, made from a payment; without a person what fits is not ours."""

    payment_id: int
    payer_account: str | None = None
    words: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What rules did: how many payments they used for invoices, and how many they took out as not ours."""

    booked: int = 0
    aside: int = 0


def make_rule(session: Session, *, ruled: Ruled, by: Actor) -> PayerRule:
    """Write a rule down; it is not applied by that. Raises RuleWordsError and RuleTakenError."""
    words = "" if ruled.payer_account else folded(ruled.words)
    if not ruled.payer_account and len(words) < SHORTEST:
        raise RuleWordsError
    creditor_id = session.get_one(Payment, ruled.payment_id).creditor_id
    account = ruled.payer_account or None
    taken = select(PayerRule.id).where(
        PayerRule.creditor_id == creditor_id,
        PayerRule.active,
        PayerRule.words == words,
        PayerRule.payer_account.is_not_distinct_from(account),
    )
    if (found := session.scalar(taken)) is not None:
        raise RuleTakenError(found)
    row = PayerRule(
        creditor_id=creditor_id,
        payer_account=account,
        words=words,
        person_id=ruled.person_id,
        payment_id=ruled.payment_id,
        actor=str(by),
    )
    session.add(row)
    session.flush()
    return row


def stop_rule(session: Session, *, rule_id: int) -> None:
    """Let a rule decide nothing any more; what it decided stays."""
    session.get_one(PayerRule, rule_id, with_for_update=True).active = False
    session.flush()


def fitting(session: Session, *, creditor_id: int, payer_account: str | None, words: str) -> int:
    """Return how many payments that wait a rule would fit, counted up to MOST."""
    values = {"creditor": creditor_id, "key": payer_account or "", "phrase": "" if payer_account else folded(words)}
    return int(session.scalar(statement("dues/payments/sql/rule_fits.sql"), {**values, "most": MOST}) or 0)


def apply_rules(
    session: Session, *, creditor_id: int, on: dt.date, by: Actor | str, first: int = 0, last: int = 2**62
) -> Applied:
    """Decide by the creditor's rules what waits in a stretch of payments, at most MOST, in a few statements.

    Whole payments in the creditor's own currency alone, without a use so far, which nobody took back.
    """
    active = select(PayerRule.id).where(PayerRule.creditor_id == creditor_id, PayerRule.active)
    if session.scalar(active.limit(1)) is None:
        return Applied()
    creditor = session.get_one(Creditor, creditor_id)
    stretch = {"creditor": creditor_id, "currency": creditor.currency, "first": first, "last": last, "most": MOST}
    payments = list(session.scalars(statement("dues/payments/sql/rule_hold.sql"), stretch))
    if not payments:
        return Applied()
    return Applied(
        booked=_settle(session, creditor, payments, on=on, by=by),
        aside=_aside(session, creditor, payments, on=on, by=by),
    )


class _NothingDoneError(Exception):
    """A voucher without postings is none."""


def _tried(session: Session, work: Callable[[], Any]) -> Any:
    """Return what a piece of work returns; None, and nothing of it left, where it did nothing."""
    try:
        with session.begin_nested():
            return work()
    except _NothingDoneError:
        return None


def _settle(session: Session, creditor: Creditor, payments: list[int], *, on: dt.date, by: Actor | str) -> int:
    def work() -> Any:
        values = _values(session, creditor, payments, on=on, by=by)
        receivable = credit_account(session, creditor_id=creditor.id, event=Event.PAYMENT, currency=creditor.currency)
        values["receivable"] = receivable
        done = session.execute(statement("dues/payments/sql/rule_settle.sql"), values).one()
        if not done.booked:
            raise _NothingDoneError
        return done

    done = _tried(session, work)
    if done is None:
        return 0
    cover(session, invoices=done.invoices, on=on, by=by)
    wrote = {"wrote_from": done.wrote_from, "wrote_to": done.wrote_to, "first": done.first, "last": done.last}
    session.execute(statement("dues/payments/sql/receipts.sql"), wrote)
    return int(done.booked)


def _aside(session: Session, creditor: Creditor, payments: list[int], *, on: dt.date, by: Actor | str) -> int:
    def work() -> int:
        values = _values(session, creditor, payments, on=on, by=by)
        account = open_beside(session, creditor=creditor, currency=creditor.currency)
        values["account"] = account.id
        done = int(session.scalar(statement("dues/payments/sql/rule_aside.sql"), values) or 0)
        if not done:
            raise _NothingDoneError
        return done

    return _tried(session, work) or 0


def _values(
    session: Session, creditor: Creditor, payments: list[int], *, on: dt.date, by: Actor | str
) -> dict[str, Any]:
    """Open the voucher of what rules decide at once, and return what both statements ask for."""
    key = f"payer rules:{uuid.uuid4()}"
    entry = open_entry(session, creditor_id=creditor.id, event="payer rule", key=key, on=on, by=by)
    unidentified = credit_account(
        session, creditor_id=creditor.id, event=Event.UNIDENTIFIED, currency=creditor.currency
    )
    return {
        "creditor": creditor.id,
        "currency": creditor.currency,
        "payments": payments,
        "entry": entry.id,
        "books_on": entry.on_date,
        "on": on,
        "actor": str(by),
        "unidentified": unidentified,
    }


@dataclass(frozen=True, slots=True)
class ListedRule:
    """A rule as lists tell it; ``name`` is empty where what fits is not ours."""

    rule: PayerRule
    creditor: str
    person: uuid.UUID | None
    name: str


def payer_rules(session: Session, *, path: str = "", limit: int = 200) -> list[ListedRule]:
    """Return the rules in force, newest first; with a ``path`` those of creditors at or below that group."""
    called = func.ltrim(Person.given_name + " " + Person.family_name)
    wanted = (
        select(PayerRule, Creditor.name, Person.uuid, func.coalesce(called, ""))
        .join(Creditor, Creditor.id == PayerRule.creditor_id)
        .outerjoin(Person, Person.id == PayerRule.person_id)
        .where(PayerRule.active)
        .order_by(PayerRule.id.desc())
        .limit(limit)
    )
    if path:
        wanted = wanted.where(books_within(PayerRule.creditor_id, path))
    return [ListedRule(*row) for row in session.execute(wanted)]
