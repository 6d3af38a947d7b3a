"""Opens accounts that books need only once something happens: refunds, small differences, gifts, invoices taken in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.base import Names
from database.turns import take_turn
from dues.groups.models import Creditor
from dues.journal.chart import Wanted, codes_of, open_account, receivable_of
from dues.journal.models import Account, AccountKind, AccountRole, Event, PostingRule

OPENING: Names = {
    "sv": "Övertagna fakturor",
    "nb": "Overtatte fakturaer",
    "nl": "Overgenomen facturen",
    "de": "Übernommene Rechnungen",
    "en": "Invoices taken in",
}
REFUND: Names = {
    "sv": "Återbetalningar på väg",
    "nb": "Tilbakebetalinger underveis",
    "nl": "Terugbetalingen onderweg",
    "de": "Rückzahlungen unterwegs",
    "en": "Refunds under way",
}
DIFFERENCE: Names = {
    "sv": "Små betalningsdifferenser",
    "nb": "Små betalingsdifferanser",
    "nl": "Kleine betalingsverschillen",
    "de": "Kleine Zahlungsdifferenzen",
    "en": "Small differences of payments",
}


def open_refunds(session: Session, *, creditor: Creditor, currency: str) -> int:
    """Return the account on which money lies that goes back to people, opened with its rule where it is not yet.

    Raises NoBooksError.
    """
    wanted = (AccountRole.REFUND, codes_of(creditor).refund, REFUND, AccountKind.LIABILITY)
    return _opened(session, creditor, Event.REFUND, wanted, currency=currency)


def open_differences(session: Session, *, creditor: Creditor, currency: str) -> int:
    """Return the account on which small differences of payments are written off, opened with its rule likewise.

    Raises NoBooksError.
    """
    wanted = (AccountRole.DIFFERENCE, codes_of(creditor).difference, DIFFERENCE, AccountKind.EXPENSE)
    return _opened(session, creditor, Event.DIFFERENCE, wanted, currency=currency)


def open_fund(session: Session, *, creditor: Creditor, names: Names) -> Account:
    """Open the income account of a fund that people give for. Raises NoBooksError."""
    receivable_of(session, creditor)
    code = codes_of(creditor).gift
    return open_account(
        session, creditor=creditor, role=AccountRole.GIFT, code=code, names=names, kind=AccountKind.INCOME
    )


def _opened(session: Session, creditor: Creditor, event: Event, wanted: Wanted, *, currency: str) -> int:
    """Return the one account of an event in a currency, opened with its rule where it is not yet."""
    take_turn(session, f"{event} account {creditor.id}")
    named = None if currency == creditor.currency else currency
    there = select(PostingRule.credit_account_id).where(
        PostingRule.creditor_id == creditor.id,
        PostingRule.event == event,
        PostingRule.component_id.is_(None),
        PostingRule.product_id.is_(None),
        PostingRule.currency.is_(None) if named is None else PostingRule.currency == named,
    )
    found = session.scalar(there)
    if found is not None:
        return found
    receivable_of(session, creditor)
    role, code, names, kind = wanted
    account = open_account(session, creditor=creditor, role=role, code=code, names=names, kind=kind, currency=named)
    session.add(PostingRule(creditor_id=creditor.id, event=event, currency=named, credit_account_id=account.id))
    session.flush()
    return account.id


def open_take_in(session: Session, *, creditor: Creditor) -> Account:
    """Return the account on which invoices of other systems are taken in, opened with its rule where it is not yet.

    What is owed on them stands against it until somebody says what they earned. Raises NoBooksError.
    """
    take_turn(session, f"take-in account {creditor.id}")
    there = select(Account).join(PostingRule, PostingRule.credit_account_id == Account.id)
    rule = (PostingRule.creditor_id == creditor.id, PostingRule.event == Event.TAKE_IN, PostingRule.currency.is_(None))
    found = session.scalar(there.where(*rule))
    if found is not None:
        return found
    receivable = receivable_of(session, creditor)
    account = open_account(
        session,
        creditor=creditor,
        role=AccountRole.OPENING,
        code=codes_of(creditor).opening,
        names=OPENING,
        kind=AccountKind.LIABILITY,
    )
    session.add(
        PostingRule(
            creditor_id=creditor.id, event=Event.TAKE_IN, debit_account_id=receivable, credit_account_id=account.id
        )
    )
    session.flush()
    return account
