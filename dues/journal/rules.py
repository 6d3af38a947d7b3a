"""Which accounts an event books on: the posting rules, read once and asked many times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.journal.errors import NoPostingRuleError
from dues.journal.models import Event, PostingRule

Accounts = tuple[int | None, int | None]
"""Debit and credit account; None is filled by what the event brings with it."""


@dataclass(frozen=True, slots=True)
class PostingRules:
    """The posting rules of some creditors for one event."""

    event: Event
    accounts: Mapping[tuple[int, int | None], Accounts]

    def find(self, creditor_id: int, component_id: int | None = None) -> Accounts | None:
        """Return a component's accounts, else the creditor's general ones, else None."""
        return self.accounts.get((creditor_id, component_id)) or self.accounts.get((creditor_id, None))

    def require(self, creditor_id: int) -> Accounts:
        """Return the creditor's general accounts; raise NoPostingRuleError where the books are not set up."""
        found = self.find(creditor_id)
        if found is None:
            raise NoPostingRuleError(creditor_id, self.event)
        return found


def posting_rules(
    session: Session, *, event: Event, creditors: Iterable[int], currency: str | None = None
) -> PostingRules:
    """Read the rules of an event for some creditors, in their own currency or in another that is named."""
    rows = session.execute(
        select(
            PostingRule.creditor_id,
            PostingRule.component_id,
            PostingRule.debit_account_id,
            PostingRule.credit_account_id,
        ).where(
            PostingRule.event == event,
            PostingRule.creditor_id.in_(set(creditors)),
            PostingRule.product_id.is_(None),
            PostingRule.currency.is_(None) if currency is None else PostingRule.currency == currency,
        )
    )
    return PostingRules(event, {(row[0], row[1]): (row[2], row[3]) for row in rows})


def product_accounts(session: Session, *, creditor_id: int, products: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return the debit and the credit account of each of some products that a creditor's books can sell."""
    rows = session.execute(
        select(PostingRule.product_id, PostingRule.debit_account_id, PostingRule.credit_account_id).where(
            PostingRule.event == Event.ISSUE,
            PostingRule.creditor_id == creditor_id,
            PostingRule.product_id.in_(set(products)),
            PostingRule.currency.is_(None),
        )
    )
    return {
        product: (debit, credit)
        for product, debit, credit in rows
        if product is not None and debit is not None and credit is not None
    }
