"""The account for what banks take from payments that they return."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.base import Names
from database.turns import take_turn
from dues.groups.models import Creditor
from dues.journal.chart import open_account, receivable_of
from dues.journal.models import AccountKind, AccountRole, Event, PostingRule

BANK_COST: Names = {
    "sv": "Bankkostnader",
    "nb": "Bankgebyr",
    "nl": "Bankkosten",
    "de": "Nebenkosten des Geldverkehrs",
    "en": "Bank charges",
}
BANK_COSTS: Final[Mapping[str, int]] = {"SE": 6570, "NO": 7770, "NL": 4650, "DE": 6855}
"""Where charts of accounts keep bank charges: after BAS, NS 4102, the Dutch decimal chart and SKR 04."""
PLAIN_BANK_COST: Final = 6570


def open_bank_cost(session: Session, *, creditor: Creditor) -> None:
    """Open the account for what banks take from returned payments, and its rule, where it is not open yet.

    The fee leaves the money that nobody knew yet. Raises NoBooksError.
    """
    take_turn(session, f"bank cost {creditor.id}")
    rule = select(PostingRule.id).where(
        PostingRule.creditor_id == creditor.id, PostingRule.event == Event.BANK_COST, PostingRule.currency.is_(None)
    )
    if session.scalar(rule) is not None:
        return
    receivable_of(session, creditor)
    account = open_account(
        session,
        creditor=creditor,
        role=AccountRole.BANK_COST,
        code=BANK_COSTS.get(creditor.country, PLAIN_BANK_COST),
        names=BANK_COST,
        kind=AccountKind.EXPENSE,
    )
    session.add(PostingRule(creditor_id=creditor.id, event=Event.BANK_COST, debit_account_id=account.id))
    session.flush()
