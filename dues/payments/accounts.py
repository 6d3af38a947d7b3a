"""Finds which of our accounts money came to, and opens an account in a currency that had none."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankfiles.types import Account as FileAccount
from dues.groups.models import BankAgreement
from dues.journal.models import Account, AccountRole, Event, PostingRule


@dataclass(frozen=True, slots=True)
class Ours:
    """One of our bank agreements, as the intake needs it."""

    agreement_id: int
    creditor_id: int


class OurAccounts:
    """All agreements by the numbers that bank files call them by, read once for a file."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._by_number: dict[tuple[str, str, str], Ours] = {}
        self._numbers: dict[tuple[str, str], BankAgreement] = {}
        for agreement in session.scalars(select(BankAgreement).order_by(BankAgreement.preferred.desc())):
            self._remember(agreement)

    def find(self, account: FileAccount, currency: str) -> Ours | None:
        """Return the agreement of an account in a currency, opened now if the account is ours in another one."""
        found = self._by_number.get((account.scheme, account.number, currency))
        if found is not None:
            return found
        known = self._numbers.get((account.scheme, account.number))
        if known is None:
            return None
        self._remember(_in_currency(self._session, known, currency))
        return self._by_number[account.scheme, account.number, currency]

    def _remember(self, agreement: BankAgreement) -> None:
        ours = Ours(agreement.id, agreement.creditor_id)
        names = {(agreement.scheme, agreement.number), ("OTHER", agreement.number)}
        if agreement.iban:
            names.add(("IBAN", agreement.iban))
        for scheme, number in names:
            self._by_number.setdefault((scheme, number, agreement.currency), ours)
            self._numbers.setdefault((scheme, number), agreement)


def _in_currency(session: Session, known: BankAgreement, currency: str) -> BankAgreement:
    """Open ledger accounts and rules for a bank account's second currency: what came there came, and is booked."""
    accounts = {
        account.role: account
        for account in session.scalars(
            select(Account).where(
                Account.creditor_id == known.creditor_id,
                Account.role.in_([AccountRole.UNIDENTIFIED, AccountRole.CREDIT]),
                Account.currency == known.currency,
            )
        )
    }
    accounts[AccountRole.BANK] = session.get_one(Account, known.bank_account_id)
    opened = {role: _twin(session, account, currency) for role, account in accounts.items()}
    _ensure_rules(session, known.creditor_id, currency, opened)
    agreement = BankAgreement(
        creditor_id=known.creditor_id,
        scheme=known.scheme,
        number=known.number,
        iban=known.iban,
        bic=known.bic,
        currency=currency,
        reference_kind=known.reference_kind,
        reference_length=known.reference_length,
        length_digit=known.length_digit,
        bank_account_id=opened[AccountRole.BANK].id,
        preferred=False,
    )
    session.add(agreement)
    session.flush()  # payments need the id
    return agreement


def _twin(session: Session, account: Account, currency: str) -> Account:
    """Return the same account in another currency, made if it is not there."""
    code = f"{account.code}-{currency}"
    found = session.scalar(select(Account).where(Account.creditor_id == account.creditor_id, Account.code == code))
    if found is None:
        found = Account(
            creditor_id=account.creditor_id,
            code=code,
            names={locale: f"{name} {currency}" for locale, name in account.names.items()},
            kind=account.kind,
            role=account.role,
            currency=currency,
        )
        session.add(found)
        session.flush()  # rules and agreements need the id
    return found


def _ensure_rules(session: Session, creditor_id: int, currency: str, accounts: dict[AccountRole, Account]) -> None:
    unidentified, credit = accounts[AccountRole.UNIDENTIFIED].id, accounts[AccountRole.CREDIT].id
    wanted = {Event.UNIDENTIFIED: (None, unidentified), Event.CREDIT: (unidentified, credit)}
    there = set(
        session.scalars(
            select(PostingRule.event).where(PostingRule.creditor_id == creditor_id, PostingRule.currency == currency)
        )
    )
    for event, (debit, credit_account) in wanted.items():
        if event not in there:
            session.add(
                PostingRule(
                    creditor_id=creditor_id,
                    event=event,
                    currency=currency,
                    debit_account_id=debit,
                    credit_account_id=credit_account,
                )
            )
