"""Sets up a creditor's books: the accounts an association of its country expects, and what books where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.base import Names
from dues.groups.establish import AgreementTerms, add_agreement
from dues.groups.models import BankAgreement, Creditor
from dues.journal.errors import JournalError
from dues.journal.models import Account, AccountKind, AccountRole, Books, Event, PostingRule

RECEIVABLE: Names = {
    "sv": "Medlemsfordringar",
    "nb": "Kontingentfordringer",
    "nl": "Contributiedebiteuren",
    "de": "Beitragsforderungen",
    "en": "Dues receivable",
}
BANK: Names = {"sv": "Bankkonto", "nb": "Bankkonto", "nl": "Bankrekening", "de": "Bankkonto", "en": "Bank account"}
UNIDENTIFIED: Names = {
    "sv": "Oidentifierade inbetalningar",
    "nb": "Uidentifiserte innbetalinger",
    "nl": "Niet herkende ontvangsten",
    "de": "Ungeklärte Zahlungseingänge",
    "en": "Unidentified receipts",
}
CREDIT: Names = {
    "sv": "Medlemmars tillgodohavanden",
    "nb": "Medlemmers tilgodehavende",
    "nl": "Tegoeden van leden",
    "de": "Guthaben der Mitglieder",
    "en": "Members' credit",
}
PASSED_ON: Names = {
    "sv": "Avgifter till organisationsled",
    "nb": "Kontingent til organisasjonsledd",
    "nl": "Contributie voor afdelingen",
    "de": "Beiträge für Gliederungen",
    "en": "Dues passed on to groups",
}
OWED: Names = {
    "sv": "Skulder till organisationsled",
    "nb": "Gjeld til organisasjonsledd",
    "nl": "Schulden aan afdelingen",
    "de": "Verbindlichkeiten gegenüber Gliederungen",
    "en": "Owed to groups",
}


DUE_FROM: Names = {
    "sv": "Fordringar på organisationsled",
    "nb": "Fordringer på organisasjonsledd",
    "nl": "Vorderingen op afdelingen en bonden",
    "de": "Forderungen gegen Gliederungen",
    "en": "Due from groups",
}
SHARE: Names = {
    "sv": "Avgifter genom organisationsled",
    "nb": "Kontingent gjennom organisasjonsledd",
    "nl": "Contributie via afdelingen en bonden",
    "de": "Beiträge über Gliederungen",
    "en": "Dues received through groups",
}


class NoBooksError(JournalError):
    """The creditor's books have not been opened."""

    def __init__(self, creditor: str) -> None:
        super().__init__(f"{creditor} has no books yet. Set them up before bank accounts and fee components.")


@dataclass(frozen=True, slots=True)
class Codes:
    """The account numbers a country's chart uses; several of one kind take the following free numbers."""

    receivable: int
    bank: int
    unidentified: int
    credit: int
    income: int
    passed_on: int
    owed: int
    due_from: int
    opening: int
    exchange: int
    exchange_difference: int
    refund: int
    difference: int
    gift: int


PLAIN = Codes(
    receivable=1300,
    bank=1100,
    unidentified=1690,
    credit=1680,
    income=8000,
    passed_on=7000,
    owed=1670,
    due_from=1390,
    opening=1999,
    exchange=1695,
    exchange_difference=8990,
    refund=1685,
    difference=6990,
    gift=8500,
)
COUNTRIES: Mapping[str, Codes] = {
    "SE": Codes(
        receivable=1510,
        bank=1930,
        unidentified=2890,
        credit=2420,
        income=3010,
        passed_on=4010,
        owed=2895,
        due_from=1685,
        opening=2999,
        exchange=1690,
        exchange_difference=7960,
        refund=2899,
        difference=3740,
        gift=3985,
    ),  # BAS
    "NO": Codes(
        receivable=1500,
        bank=1920,
        unidentified=2990,
        credit=2900,
        income=3920,
        passed_on=4300,
        owed=2970,
        due_from=1570,
        opening=2998,
        exchange=1579,
        exchange_difference=8160,
        refund=2995,
        difference=7740,
        gift=3970,
    ),  # NS 4102
    "DE": Codes(
        receivable=1200,
        bank=1800,
        unidentified=3500,
        credit=3250,
        income=4100,
        passed_on=5900,
        owed=3510,
        due_from=1300,
        opening=9008,
        exchange=1460,
        exchange_difference=6880,
        refund=3520,
        difference=6300,
        gift=4190,
    ),  # after SKR 04
}


@dataclass(frozen=True, slots=True)
class Earning:
    """A fee component, or a product, as the books see it: its id, and the names its income account gets."""

    component_id: int | None
    names: Names
    product_id: int | None = None


def set_up_books(session: Session, *, creditor: Creditor, earnings: Iterable[Earning] = ()) -> Books:
    """Open a creditor's books in its own currency: accounts, posting rules, and income accounts for components.

    On issue a component books receivable against its income; a payment books its bank account against receivable,
    or against unidentified receipts; what an identified payment has too much moves from there to the person's
    credit; and credit used for a claim books credit against receivable.
    """
    books = Books(creditor_id=creditor.id)
    session.add(books)
    session.flush()
    _open_currency(session, creditor=creditor, currency=None)
    for earning in earnings:
        add_earning(session, creditor=creditor, earning=earning)
    return books


def add_currency(session: Session, *, creditor: Creditor, currency: str) -> None:
    """Open accounts and rules for money that comes in another currency than the creditor's own."""
    receivable_of(session, creditor)
    _open_currency(session, creditor=creditor, currency=currency)


def _open_currency(session: Session, *, creditor: Creditor, currency: str | None) -> None:
    codes = codes_of(creditor)
    wanted = (
        (AccountRole.RECEIVABLE, codes.receivable, RECEIVABLE, AccountKind.ASSET),
        (AccountRole.UNIDENTIFIED, codes.unidentified, UNIDENTIFIED, AccountKind.LIABILITY),
        (AccountRole.CREDIT, codes.credit, CREDIT, AccountKind.LIABILITY),
    )
    receivable, unidentified, credit = (
        open_account(session, creditor=creditor, role=role, code=code, names=names, kind=kind, currency=currency).id
        for role, code, names, kind in wanted
    )
    rules: Sequence[tuple[Event, int | None, int | None]] = (
        (Event.PAYMENT, None, receivable),
        (Event.UNIDENTIFIED, None, unidentified),
        (Event.CREDIT, unidentified, credit),
        (Event.OVERPAID, credit, receivable),
    )
    session.add_all(
        PostingRule(
            creditor_id=creditor.id, event=event, currency=currency, debit_account_id=debit, credit_account_id=other
        )
        for event, debit, other in rules
    )
    session.flush()


def add_earning(session: Session, *, creditor: Creditor, earning: Earning) -> Account:
    """Open the income account of a component or a product, and the rule that its claims book there.

    Raises NoBooksError.
    """
    receivable = receivable_of(session, creditor)
    income = open_account(
        session,
        creditor=creditor,
        role=AccountRole.INCOME,
        code=codes_of(creditor).income,
        names=earning.names,
        kind=AccountKind.INCOME,
    )
    session.add(
        PostingRule(
            creditor_id=creditor.id,
            event=Event.ISSUE,
            component_id=earning.component_id,
            product_id=earning.product_id,
            debit_account_id=receivable,
            credit_account_id=income.id,
        )
    )
    session.flush()
    return income


def open_settling(session: Session, *, creditor: Creditor) -> None:
    """Open what settlements with other groups are booked on, and their rule, where it is not open yet.

    What was collected for a group leaves the creditor's result and is owed to the group. Raises NoBooksError.
    """
    codes = codes_of(creditor)
    open_between(
        session,
        creditor,
        Event.SETTLEMENT,
        (AccountRole.PASSED_ON, codes.passed_on, PASSED_ON, AccountKind.EXPENSE),
        (AccountRole.OWED, codes.owed, OWED, AccountKind.LIABILITY),
        currency=None,
    )


def open_sharing(session: Session, *, creditor: Creditor, currency: str | None) -> None:
    """Open what is booked when another creditor settles what it collected for this one, where it is not open yet.

    What was collected elsewhere is income, and due from whoever collected it; ``currency`` is None for the creditor's
    own. Raises NoBooksError.
    """
    codes = codes_of(creditor)
    open_between(
        session,
        creditor,
        Event.SHARE,
        (AccountRole.DUE_FROM, codes.due_from, DUE_FROM, AccountKind.ASSET),
        (AccountRole.SHARE, codes.income, SHARE, AccountKind.INCOME),
        currency=currency,
    )


Wanted = tuple[AccountRole, int, Names, AccountKind]
"""An account to be opened: what it is used for, from which number on, its names, and its kind."""


def open_between(
    session: Session, creditor: Creditor, event: Event, debit: Wanted, credit: Wanted, *, currency: str | None
) -> None:
    """Open an event's two accounts and its rule, unless it has one."""
    there = select(PostingRule.id).where(
        PostingRule.creditor_id == creditor.id,
        PostingRule.event == event,
        PostingRule.currency.is_(None) if currency is None else PostingRule.currency == currency,
    )
    if session.scalar(there) is not None:
        return
    receivable_of(session, creditor)
    debited, credited = (
        open_account(session, creditor=creditor, role=role, code=code, names=names, kind=kind, currency=currency).id
        for role, code, names, kind in (debit, credit)
    )
    session.add(
        PostingRule(
            creditor_id=creditor.id,
            event=event,
            currency=currency,
            debit_account_id=debited,
            credit_account_id=credited,
        )
    )
    session.flush()


def add_bank(session: Session, *, creditor: Creditor, **terms: Unpack[AgreementTerms]) -> BankAgreement:
    """Add a bank agreement with a ledger account of its own; the terms are those of `add_agreement`.

    Raises NoBooksError, and what `add_agreement` raises.
    """
    receivable_of(session, creditor)
    account = open_account(
        session,
        creditor=creditor,
        role=AccountRole.BANK,
        code=codes_of(creditor).bank,
        names={language: f"{name} {terms['number']}" for language, name in BANK.items()},
        kind=AccountKind.ASSET,
        currency=terms.get("currency"),
    )
    return add_agreement(session, creditor=creditor, bank_account_id=account.id, **terms)


def codes_of(creditor: Creditor) -> Codes:
    """Return the account numbers of the creditor's country; plain ones where no chart is customary."""
    return COUNTRIES.get(creditor.country, PLAIN)


def receivable_of(session: Session, creditor: Creditor) -> int:
    """Return the receivable account in the creditor's own currency; raise NoBooksError."""
    found = session.scalar(
        select(Account.id).where(
            Account.creditor_id == creditor.id,
            Account.role == AccountRole.RECEIVABLE,
            Account.currency == creditor.currency,
        )
    )
    if found is None:
        raise NoBooksError(creditor.name)
    return found


def open_account(
    session: Session,
    *,
    creditor: Creditor,
    role: AccountRole,
    code: int,
    names: Names,
    kind: AccountKind,
    currency: str | None = None,
) -> Account:
    """Open an account at the first free number from ``code``."""
    taken = set(session.scalars(select(Account.code).where(Account.creditor_id == creditor.id)))
    while str(code) in taken:
        code += 1
    account = Account(
        creditor_id=creditor.id,
        code=str(code),
        names=names,
        kind=kind,
        role=role,
        currency=currency or creditor.currency,
    )
    session.add(account)
    session.flush()
    return account
