"""Resolves the account and the dimensions of lines from rules, and freezes sets of dimensions."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dues.groups.models import Group
from dues.journal.coding_models import Coding, CodingRule, Dimension
from dues.journal.models import Account, AccountRole

Content = tuple[tuple[int, str], ...]
"""Dimensions by their ids in their order, and the code of each."""


@dataclass(frozen=True, slots=True)
class Coded:
    """What rules say of a line: its revenue account, None where they say none, and its dimensions."""

    account_id: int | None = None
    content: Content = ()


NOTHING = Coded()


@dataclass(frozen=True, slots=True)
class CodingRules:
    """The rules of some creditors, least specific first, and the dimensions they speak of."""

    rules: Mapping[int, Sequence[tuple[str, CodingRule]]]
    dimensions: Mapping[int, Dimension]
    income: Collection[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        """Whether there is any rule at all."""
        return bool(self.rules)

    def resolve(
        self,
        creditor_id: int,
        path: str,
        *,
        component_id: int | None,
        product_id: int | None,
        by_hand: Mapping[int, str] | None = None,
    ) -> Coded:
        """Return what holds for a line of a group with a path: of account and each dimension the most specific.

        Codes ``by_hand``, by the position of their dimension, go before all rules.
        """
        account: int | None = None
        codes: dict[int, str] = {}
        for above, rule in self.rules.get(creditor_id, ()):
            if not path.startswith(above):
                continue
            if rule.component_id not in (None, component_id) or rule.product_id not in (None, product_id):
                continue
            account = rule.account_id or account
            codes |= {int(key): code for key, code in rule.codes.items()}
        written = by_hand or {}
        for one in self.dimensions.values():
            if one.creditor_id == creditor_id and written.get(one.position):
                codes[one.id] = written[one.position]
        known = [one for one in self.dimensions.values() if one.id in codes]
        ordered = sorted(known, key=lambda one: one.position)
        return Coded(account, tuple((one.id, codes[one.id]) for one in ordered))

    def earns(self, account_id: int | None) -> bool:
        """Tell whether an account is one for revenue: what is collected for others keeps its own."""
        return account_id in self.income


def coding_rules(session: Session, *, creditors: Iterable[int], even_without: bool = False) -> CodingRules:
    """Read the rules of some creditors, in three statements; in one where they have none.

    ``even_without`` reads dimensions although there is no rule, for codes that are written by hand.
    """
    creditors = set(creditors)
    wanted = (
        select(CodingRule, Group.path)
        .outerjoin(Group, Group.id == CodingRule.group_id)
        .where(CodingRule.creditor_id.in_(creditors))
    )
    found: defaultdict[int, list[tuple[str, CodingRule]]] = defaultdict(list)
    for rule, path in session.execute(wanted):
        found[rule.creditor_id].append((path or "", rule))
    if not found and not even_without:
        return CodingRules({}, {})
    for rules in found.values():
        rules.sort(key=lambda one: (len(one[0]), one[1].component_id is not None or one[1].product_id is not None))
    dimensions = session.scalars(select(Dimension).where(Dimension.creditor_id.in_(creditors)))
    earning = select(Account.id).where(Account.creditor_id.in_(found), Account.role == AccountRole.INCOME)
    return CodingRules(found, {one.id: one for one in dimensions}, set(session.scalars(earning)))


def keep_codings(session: Session, *, rules: CodingRules, contents: Iterable[Content]) -> dict[Content, int]:
    """Freeze sets of dimensions with the names they have now; return the row of each that says something."""
    written = {content: _frozen(rules, content) for content in set(contents) if content}
    if not written:
        return {}
    digests = {content: _digest(frozen) for content, frozen in written.items()}
    rows = {digests[one]: {"content": frozen, "digest": digests[one]} for one, frozen in written.items()}
    session.execute(insert(Coding).values(list(rows.values())).on_conflict_do_nothing(index_elements=["digest"]))
    found = dict(session.execute(select(Coding.digest, Coding.id).where(Coding.digest.in_(rows))).all())
    return {content: found[digest] for content, digest in digests.items()}


def contents(session: Session, *, codings: Iterable[int | None]) -> dict[int, Sequence[Mapping[str, Any]]]:
    """Return frozen sets of dimensions by their ids: ``names`` and ``code`` of each dimension."""
    wanted = {one for one in codings if one is not None}
    if not wanted:
        return {}
    return dict(session.execute(select(Coding.id, Coding.content).where(Coding.id.in_(wanted))).all())


def _frozen(rules: CodingRules, content: Content) -> list[dict[str, Any]]:
    return [{"names": dict(rules.dimensions[key].names), "code": code} for key, code in content]


def _digest(frozen: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(frozen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
