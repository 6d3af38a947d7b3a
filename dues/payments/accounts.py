"""Finds which of our accounts money came to, and opens an account in a currency that had none."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import or_, select, text, tuple_
from sqlalchemy.orm import Session

from bankfiles.types import Account as FileAccount
from dues.groups.below import books_within
from dues.groups.establish import AgreementTerms
from dues.groups.models import BankAgreement, Creditor
from dues.journal.chart import add_bank, add_currency
from dues.journal.models import Account, AccountRole

INTAKE_LOCK = 1265
"""Our own number among advisory locks: whoever stores a bank file holds it until the transaction ends."""


def hold_intake(session: Session) -> None:
    """Let files be stored one after the other: the second of two that overlap then sees what the first brought."""
    session.execute(text("SELECT pg_advisory_xact_lock(:lock, 0)"), {"lock": INTAKE_LOCK})


@dataclass(frozen=True, slots=True)
class Ours:
    """One of our bank agreements, as the intake needs it."""

    agreement_id: int
    creditor_id: int


class OurAccounts:
    """All agreements by the numbers that bank files call them by, read once for a file; with a ``path`` only those of
    creditors at or below a group, with an ``account`` only that agreement and its account in other currencies.

    ``alone`` is called before the session is used again, for whoever must have done with its connection by then.
    """

    def __init__(
        self, session: Session, *, alone: Callable[[], None], path: str = "", account: int | None = None
    ) -> None:
        self._session = session
        self._path = path
        self._account = account
        self._alone = alone
        self._by_number: dict[tuple[str, str, str], Ours] = {}
        self._numbers: dict[tuple[str, str], BankAgreement] = {}
        self._read()

    @property
    def of_one(self) -> bool:
        """Whether only one account is looked for."""
        return self._account is not None

    def find(self, account: FileAccount, currency: str) -> Ours | None:
        """Return the agreement of an account in a currency, opened now if the account is ours in another one."""
        found = self._by_number.get((account.scheme, account.number, currency))
        if found is not None:
            return found
        known = self._numbers.get((account.scheme, account.number))
        if known is None:
            return None
        return self._opened(account, currency) or self._open(known, account, currency)

    def knows(self, account: FileAccount) -> bool:
        """Tell whether an account is ours in any currency."""
        return (account.scheme, account.number) in self._numbers

    def _opened(self, account: FileAccount, currency: str) -> Ours | None:
        """Look again while nobody else can open it: another file may just have done so."""
        self._alone()
        hold_intake(self._session)
        self._read()
        return self._by_number.get((account.scheme, account.number, currency))

    def _open(self, known: BankAgreement, account: FileAccount, currency: str) -> Ours:
        self._remember(_in_currency(self._session, known, currency))
        return self._by_number[account.scheme, account.number, currency]

    def _read(self) -> None:
        wanted = select(BankAgreement).order_by(BankAgreement.preferred.desc())
        if self._path:
            wanted = wanted.where(books_within(BankAgreement.creditor_id, self._path))
        if self._account is not None:
            meant = select(BankAgreement.scheme, BankAgreement.number).where(BankAgreement.id == self._account)
            wanted = wanted.where(tuple_(BankAgreement.scheme, BankAgreement.number).in_(meant))
        for agreement in self._session.scalars(wanted):
            self._remember(agreement)

    def _remember(self, agreement: BankAgreement) -> None:
        ours = Ours(agreement.id, agreement.creditor_id)
        names = {(agreement.scheme, agreement.number), ("OTHER", agreement.number)}
        if agreement.iban:
            names.add(("IBAN", agreement.iban))
        for scheme, number in names:
            self._by_number.setdefault((scheme, number, agreement.currency), ours)
            self._numbers.setdefault((scheme, number), agreement)


def accounts_called(session: Session, names: Collection[str]) -> dict[str, int]:
    """Return, of some names, those that call an account of ours, with one of its agreements.

    A name is a number or an IBAN, with or without blanks, hyphens and dots.
    """
    plain = {name: "".join(sign for sign in name if sign.isalnum()).upper() for name in names}
    wanted = (
        select(BankAgreement.id, BankAgreement.number, BankAgreement.iban)
        .where(or_(BankAgreement.number.in_(plain.values()), BankAgreement.iban.in_(plain.values())))
        .order_by(BankAgreement.preferred, BankAgreement.id.desc())
    )
    found = {number: id_ for id_, *numbers in session.execute(wanted) for number in numbers if number}
    return {name: found[number] for name, number in plain.items() if number in found}


def _in_currency(session: Session, known: BankAgreement, currency: str) -> BankAgreement:
    """Open a bank account's second currency in the books: what came there came, and is booked."""
    creditor = session.get_one(Creditor, known.creditor_id)
    opened = select(Account.id).where(
        Account.creditor_id == creditor.id, Account.role == AccountRole.UNIDENTIFIED, Account.currency == currency
    )
    if session.scalar(opened) is None:
        add_currency(session, creditor=creditor, currency=currency)
    terms: AgreementTerms = {
        "scheme": known.scheme,
        "number": known.number,
        "reference_kind": known.reference_kind,
        "reference_length": known.reference_length,
        "length_digit": known.length_digit,
        "currency": currency,
        "preferred": False,
    }
    if known.iban:
        terms["iban"] = known.iban
    return add_bank(session, creditor=creditor, **terms)
