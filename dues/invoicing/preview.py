"""The preview of an invoice run: who would be charged what, and who not and why, as rows."""

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from database.sql import statement
from dues.invoicing.code_lines import code_fees
from dues.invoicing.freeze import freeze_payees, freeze_texts
from dues.invoicing.freeze_looks import freeze_looks, who_lets
from dues.invoicing.instalment_rules import in_force
from dues.invoicing.joint import join_items
from dues.invoicing.slips import put_on_slips
from dues.journal.models import Event
from dues.journal.rules import PostingRules, posting_rules
from dues.pricing.models import FeeComponent, PriceClass, PriceClassLine
from dues.pricing.queries import Holder, PrintedFee, Share, line_texts, price_book
from dues.pricing.resolve import Outcome, Price

SLICE = 2500
"""Invoices a transaction: about 300 ms of writing, so that nobody waits long for a lock it holds."""


def gather(session: Session, *, on: dt.date, scope: str, memberships: Sequence[int] | None) -> int:
    """Gather what is due on a day into the temporary table ``candidate``; return how many there are.

    ``scope`` is the path of the group whose subtree is charged ("" for all); ``memberships`` narrows it to the few of
    a household, by the same path.
    """
    everything = price_book(session, groups=())
    session.execute(
        statement("dues/invoicing/sql/candidates.sql"),
        {
            "scope": scope,
            "on": on,
            "memberships": memberships,
            "ages": everything.ages,
            "days": everything.days,
            **everything.asks,
        },
    )
    # The planner has never seen the new table.
    session.execute(text("ANALYZE candidate"))
    return int(session.scalar(text("SELECT count(*) FROM candidate")) or 0)


def judge(session: Session, *, run_id: int, on: dt.date, slice_size: int = SLICE) -> None:
    """Write down what a run would issue to the candidates, at most ``slice_size`` invoices a transaction."""
    session.execute(statement("dues/invoicing/sql/classes.sql"), {"run": run_id})
    classes = session.scalars(select(PriceClass).where(PriceClass.run_id == run_id)).all()
    rules = posting_rules(session, event=Event.ISSUE, creditors={c.creditor_id for c in classes})
    _price(session, classes, rules)
    senders = _payees(session, {c.creditor_id for c in classes}, on)
    values = {"run": run_id, "on": on, "in_parts": in_force(session), **senders}
    session.execute(statement("dues/invoicing/sql/items.sql"), values)
    code_fees(session, run_id=run_id, accounts=rules)
    join_items(session, run_id=run_id, payees=senders["payees"], size=slice_size)
    put_on_slips(session, run_id=run_id)
    session.execute(statement("dues/invoicing/sql/slices.sql"), {"run": run_id, "size": slice_size})


def _payees(session: Session, creditors: Collection[int], on: dt.date) -> dict[str, list[int]]:
    """Return who sends, and the groups whose documents look otherwise than their creditor's."""
    payees = freeze_payees(session, creditors=creditors, on=on)
    looks: dict[int, int] = {}
    if letting := who_lets(session, creditors=creditors):
        groups = session.scalars(text("SELECT DISTINCT group_id FROM candidate"))
        looks = freeze_looks(session, creditors=letting, groups=groups, on=on)
    return {"payees": list(payees.values()), "look_groups": list(looks), "look_payees": list(looks.values())}


def _price(session: Session, classes: Sequence[PriceClass], rules: PostingRules) -> None:
    """Price each class and write its lines, with the texts they print and the accounts they book."""
    book = price_book(session, groups={c.rule_group_id for c in classes if c.rule_group_id is not None})
    outcomes: list[tuple[PriceClass, Outcome]] = []
    for one in classes:
        outcome = book.price(
            type_id=one.type_id,
            group_id=one.rule_group_id,
            age=one.age,
            on=one.starts_on,
            currency=one.currency,
            holder=Holder(one.segments),
            share=Share(one.part, one.whole),
        )
        one.reason = outcome.reason or _unbookable(one, outcome, rules)
        one.amount, one.by_income = outcome.amount, outcome.by_income
        one.trace = list(outcome.trace)
        if one.reason is None:
            outcomes.append((one, outcome))
    _write_lines(session, outcomes, rules)
    session.flush()  # the items join the classes


def _unbookable(one: PriceClass, outcome: Outcome, rules: PostingRules) -> str | None:
    found = (rules.find(one.creditor_id, price.component_id) for price in outcome.prices)
    return None if all(accounts and None not in accounts for accounts in found) else "no posting rule"


def _write_lines(session: Session, outcomes: Sequence[tuple[PriceClass, Outcome]], rules: PostingRules) -> None:
    printed = {_printed(one, price) for one, outcome in outcomes for price in outcome.prices}
    texts = freeze_texts(session, texts=line_texts(session, lines=printed))
    beneficiaries = dict(session.execute(select(FeeComponent.id, FeeComponent.beneficiary_id)).all())
    rows = []
    for one, outcome in outcomes:
        for position, price in enumerate(outcome.prices, start=1):
            debit, credit = rules.find(one.creditor_id, price.component_id) or (None, None)
            rows.append(
                {
                    "run_id": one.run_id,
                    "class_number": one.number,
                    "position": position,
                    "component_id": price.component_id,
                    "beneficiary_id": beneficiaries[price.component_id],
                    "amount": price.amount,
                    "rule_id": price.rule_id,
                    "text_id": texts[_printed(one, price)],
                    "debit_account_id": debit,
                    "credit_account_id": credit,
                    "formula": None if price.formula is None else list(price.formula),
                }
            )
    if rows:
        session.execute(insert(PriceClassLine), rows)


def _printed(one: PriceClass, price: Price) -> PrintedFee:
    return PrintedFee(one.type_id, price.component_id, tuple(cut.discount_id for cut in price.cuts))
