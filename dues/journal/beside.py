"""Opens accounts for money that is no member's, and for what officers receive themselves, once it is needed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.base import Names
from database.turns import take_turn
from dues.groups.models import Creditor
from dues.journal.chart import NoBooksError, codes_of, open_account, receivable_of
from dues.journal.models import Account, AccountKind, AccountRole, Event, PostingRule

CASH: Names = {
    "sv": "Kassa och kortterminal",
    "nb": "Kasse og kortterminal",
    "nl": "Kas en pinautomaat",
    "de": "Kasse und Kartenterminal",
    "en": "Cash and card terminal",
}
NOT_OURS: Names = {
    "sv": "Inbetalningar som inte är våra",
    "nb": "Innbetalinger som ikke er våre",
    "nl": "Ontvangsten die niet van ons zijn",
    "de": "Fremde Zahlungseingänge",
    "en": "Receipts that are not ours",
}


def open_cash(session: Session, *, creditor: Creditor) -> Account:
    """Open the account of what a creditor's officers receive themselves. Raises NoBooksError."""
    receivable_of(session, creditor)
    code, kind = codes_of(creditor).bank, AccountKind.ASSET
    return open_account(session, creditor=creditor, role=AccountRole.BANK, code=code, names=CASH, kind=kind)


def open_beside(session: Session, *, creditor: Creditor, currency: str) -> Account:
    """Return the account for receipts that are not ours, opened with its rule where needed. Raises NoBooksError."""
    event = Event.NOT_OURS
    take_turn(session, f"{event} account {creditor.id}")
    named = None if currency == creditor.currency else currency
    here = PostingRule.currency.is_(None) if named is None else PostingRule.currency == named
    rules = select(PostingRule).where(PostingRule.creditor_id == creditor.id, here)
    found = session.scalar(rules.where(PostingRule.event == event))
    if found is not None and found.credit_account_id is not None:
        return session.get_one(Account, found.credit_account_id)
    unidentified = session.scalar(rules.where(PostingRule.event == Event.UNIDENTIFIED))
    if unidentified is None:
        raise NoBooksError(creditor.name)
    code, kind = codes_of(creditor).unidentified, AccountKind.LIABILITY
    account = open_account(
        session,
        creditor=creditor,
        role=AccountRole.NOT_OURS,
        code=code,
        names=NOT_OURS,
        kind=kind,
        currency=named,
    )
    session.add(
        PostingRule(
            creditor_id=creditor.id,
            event=event,
            currency=named,
            debit_account_id=unidentified.credit_account_id,
            credit_account_id=account.id,
        )
    )
    session.flush()
    return account
