"""Where fee components and products are booked: opens, chooses and takes away their income accounts."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from dues.groups.models import Creditor
from dues.journal.chart import Earning, add_earning
from dues.journal.errors import JournalError
from dues.journal.models import Account, AccountKind, AccountRole, Event, PostingRule


class NotIncomeError(JournalError):
    """An account with this number is there for something else; ``code`` is the number."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Account {code} is not one for income.")
        self.code = code


class AccountCodeError(JournalError):
    """An account's number has digits only."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{code!r} is no account number. Write 3 to 10 digits.")
        self.code = code


def income_code(session: Session, *, creditor_id: int, earning: Earning) -> str | None:
    """Return the number of the account that something's revenue is booked on, None where no rule says."""
    wanted = select(Account.code).join(PostingRule, PostingRule.credit_account_id == Account.id)
    return session.scalar(wanted.where(*_rule(creditor_id, earning)))


def income_accounts(session: Session, *, creditor: Creditor) -> Sequence[Account]:
    """Return the accounts that a creditor's revenue in its own currency can be booked on, by their numbers."""
    wanted = select(Account).where(
        Account.creditor_id == creditor.id, Account.role == AccountRole.INCOME, Account.currency == creditor.currency
    )
    return session.scalars(wanted.order_by(Account.code)).all()


def open_earnings(session: Session, *, creditors: Iterable[int], earning: Earning) -> None:
    """Open an income account in each of some creditors' books that has none for a component or a product."""
    for creditor_id in sorted(set(creditors)):
        if session.scalar(select(PostingRule.id).where(*_rule(creditor_id, earning))) is None:
            add_earning(session, creditor=session.get_one(Creditor, creditor_id), earning=earning)


def earn_on(session: Session, *, creditor_id: int, earning: Earning, code: str) -> None:
    """Book the revenue of something on an account from now on, opened where there is none with that number.

    What is booked stays where it is. Raises NotIncomeError and AccountCodeError.
    """
    number = code.strip()
    if not (number.isascii() and number.isdecimal() and 3 <= len(number) <= 10):  # noqa: PLR2004 -- as the message says
        raise AccountCodeError(code)
    creditor = session.get_one(Creditor, creditor_id)
    account = session.scalar(select(Account).where(Account.creditor_id == creditor_id, Account.code == number))
    if account is None:
        account = Account(
            creditor_id=creditor_id,
            code=number,
            names=earning.names,
            kind=AccountKind.INCOME,
            role=AccountRole.INCOME,
            currency=creditor.currency,
        )
        session.add(account)
        session.flush()
    if account.role is not AccountRole.INCOME or account.currency != creditor.currency:
        raise NotIncomeError(number)
    rule = session.scalars(select(PostingRule).where(*_rule(creditor_id, earning))).one()
    rule.credit_account_id = account.id
    session.flush()


def drop_earnings(session: Session, *, earning: Earning) -> None:
    """Take away the rules of something that was never charged; its accounts stay in the charts."""
    session.execute(delete(PostingRule).where(*_of(earning)))


def _of(earning: Earning) -> tuple[ColumnElement[bool], ...]:
    return PostingRule.component_id.is_not_distinct_from(
        earning.component_id
    ), PostingRule.product_id.is_not_distinct_from(earning.product_id)


def _rule(creditor_id: int, earning: Earning) -> tuple[ColumnElement[bool], ...]:
    return (
        PostingRule.creditor_id == creditor_id,
        *_of(earning),
        PostingRule.event == Event.ISSUE,
        PostingRule.currency.is_(None),
    )
