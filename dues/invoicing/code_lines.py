"""Codes the lines of a run: which account and dimensions each group's lines get, by what they charge."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from dues.groups.models import Group
from dues.invoicing.coding_models import RunCoding
from dues.journal.coding import CodingRules, coding_rules, keep_codings
from dues.journal.rules import PostingRules
from dues.pricing.models import PriceClass, PriceClassLine

Charged = tuple[int, int, str, int, int, int | None]
"""Creditor, group and its path, part of the fee and product (0 for none), and the account by the posting rules."""


def code_fees(session: Session, *, run_id: int, accounts: PostingRules) -> None:
    """Code the lines of a run over the memberships in ``candidate``, whose classes are priced."""
    session.execute(delete(RunCoding).where(RunCoding.run_id == run_id))
    rules = coding_rules(session, creditors={creditor for creditor, _component in accounts.accounts})
    if not rules:
        return
    parts = session.execute(
        select(PriceClass.creditor_id, PriceClassLine.component_id, PriceClassLine.credit_account_id)
        .join(
            PriceClassLine,
            (PriceClassLine.run_id == PriceClass.run_id) & (PriceClassLine.class_number == PriceClass.number),
        )
        .where(PriceClass.run_id == run_id, PriceClass.creditor_id.in_(rules.rules))
        .distinct()
    ).all()
    groups = list(session.scalars(text("SELECT DISTINCT group_id FROM candidate")))
    paths = session.execute(select(Group.id, Group.path, Group.creditor_id).where(Group.id.in_(groups))).all()
    _keep(
        session,
        run_id,
        rules,
        (
            (creditor, group, path, component, 0, account)
            for group, path, owed_to in paths
            for creditor, component, account in parts
            if creditor == owed_to
        ),
    )


def code_sold(session: Session, *, run_id: int, creditors: Iterable[int]) -> None:
    """Code the lines of a run over ``charge_priced``; a free line keeps the account that was chosen for it."""
    session.execute(delete(RunCoding).where(RunCoding.run_id == run_id))
    rules = coding_rules(session, creditors=creditors)
    if not rules:
        return
    sold = session.execute(
        text(
            "SELECT DISTINCT l.creditor_id, l.group_id, g.path, 0, coalesce(l.product_id, 0),"
            " CASE WHEN l.product_id IS NOT NULL THEN l.account_id END"
            " FROM charge_priced l JOIN groups g ON g.id = l.group_id WHERE l.creditor_id = ANY(:creditors)"
        ),
        {"creditors": list(rules.rules)},
    )
    _keep(session, run_id, rules, (tuple(row) for row in sold))


def _keep(session: Session, run_id: int, rules: CodingRules, charged: Iterable[Any]) -> None:
    coded = {
        (group, component, product): (
            rules.resolve(creditor, path, component_id=component or None, product_id=product or None),
            account,
        )
        for creditor, group, path, component, product, account in charged
    }
    codings = keep_codings(session, rules=rules, contents=[one.content for one, _account in coded.values()])
    rows = [
        {
            "run_id": run_id,
            "group_id": group,
            "component_id": component,
            "product_id": product,
            "account_id": one.account_id if rules.earns(account) else None,
            "coding_id": codings.get(one.content),
        }
        for (group, component, product), (one, account) in coded.items()
    ]
    if rows:
        session.execute(insert(RunCoding), rows)
