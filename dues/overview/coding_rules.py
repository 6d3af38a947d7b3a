"""Rules of detailed accounting to look at: the names of what they are for, and the codes they give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.models import Group
from dues.journal.coding_models import CodingRule
from dues.journal.models import Account
from dues.journal.set_coding import dimensions_of
from dues.pricing.models import FeeComponent, Product


@dataclass(frozen=True, slots=True)
class ToldRule:
    """A rule: names by language of the part of the fee or the product, the group's name; None and nothing for all.

    ``codes`` are the names of dimensions, and their codes.
    """

    id: int
    component: Mapping[str, str] | None
    product: Mapping[str, str] | None
    group: str
    account: str
    codes: Sequence[tuple[Mapping[str, str], str]]


def told_rules(session: Session, *, creditor_id: int) -> list[ToldRule]:
    """Return a creditor's rules, the most general first, in two statements."""
    dimensions = dimensions_of(session, creditor_id=creditor_id)
    wanted = (
        select(CodingRule, FeeComponent.names, Product.names, Group.name, Account.code)
        .outerjoin(FeeComponent, FeeComponent.id == CodingRule.component_id)
        .outerjoin(Product, Product.id == CodingRule.product_id)
        .outerjoin(Group, Group.id == CodingRule.group_id)
        .outerjoin(Account, Account.id == CodingRule.account_id)
        .where(CodingRule.creditor_id == creditor_id)
        .order_by(Group.path.nulls_first(), CodingRule.id)
    )
    return [
        ToldRule(
            id=rule.id,
            component=component,
            product=product,
            group=group or "",
            account=account or "",
            codes=[(one.names, rule.codes[str(one.id)]) for one in dimensions if str(one.id) in rule.codes],
        )
        for rule, component, product, group, account in session.execute(wanted)
    ]
