"""A creditor's books as they are opened: accounts of its country, and rules that say what books where."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.establish import add_group, make_creditor
from dues.groups.models import ReferenceKind
from dues.journal.chart import NoBooksError, add_bank, add_currency
from dues.journal.models import Account, AccountRole, Books, Event
from dues.journal.rules import posting_rules
from language import SUPPORTED
from tests.factories.organisation import Organisation, organisation


def codes(session: Session, made: Organisation) -> dict[str, tuple[AccountRole, str]]:
    found = select(Account).where(Account.creditor_id == made.creditor.id)
    return {account.code: (account.role, account.currency) for account in session.scalars(found)}


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("SE", {"1510": "receivable", "1930": "bank", "2890": "unidentified", "2420": "credit"}),
        ("NO", {"1500": "receivable", "1920": "bank", "2990": "unidentified", "2900": "credit"}),
        ("NL", {"1300": "receivable", "1100": "bank", "1690": "unidentified", "1680": "credit"}),
        ("DE", {"1200": "receivable", "1800": "bank", "3500": "unidentified", "3250": "credit"}),
    ],
)
def test_accounts_follow_the_customs_of_the_country(session: Session, country: str, expected: dict[str, str]) -> None:
    found = codes(session, organisation(session, country=country))
    balance = {code: role.value for code, (role, _) in found.items() if role is not AccountRole.INCOME}
    assert balance == expected
    assert len(found) - len(balance) == 2


def test_accounts_have_a_name_in_every_language(session: Session) -> None:
    made = organisation(session)
    roles = (AccountRole.RECEIVABLE, AccountRole.BANK, AccountRole.UNIDENTIFIED, AccountRole.CREDIT)
    found = select(Account).where(Account.creditor_id == made.creditor.id, Account.role.in_(roles))
    for account in session.scalars(found):
        assert set(account.names) == set(SUPPORTED)


def test_every_event_has_its_accounts(session: Session) -> None:
    made = organisation(session)
    own = made.creditor.id
    role = {account.id: account.role.value for account in session.scalars(select(Account))}

    def booked(event: Event, component: int | None = None) -> tuple[str | None, str | None]:
        accounts = posting_rules(session, event=event, creditors=[own]).find(own, component)
        assert accounts is not None
        debit, credit = accounts
        return role.get(debit or 0), role.get(credit or 0)

    assert booked(Event.ISSUE, made.national.id) == ("receivable", "income")
    assert booked(Event.PAYMENT) == (None, "receivable")
    assert booked(Event.UNIDENTIFIED) == (None, "unidentified")
    assert booked(Event.CREDIT) == ("unidentified", "credit")
    assert booked(Event.OVERPAID) == ("credit", "receivable")


def test_each_component_earns_on_an_account_of_its_own(session: Session) -> None:
    made = organisation(session)
    rules = posting_rules(session, event=Event.ISSUE, creditors=[made.creditor.id])
    national = rules.find(made.creditor.id, made.national.id)
    local = rules.find(made.creditor.id, made.local.id)
    assert national is not None
    assert local is not None
    assert national[0] == local[0]
    assert national[1] != local[1]
    assert rules.find(made.creditor.id, 0) is None


def test_books_begin_open(session: Session) -> None:
    made = organisation(session)
    assert session.get_one(Books, made.creditor.id).closed_through is None


def test_each_bank_account_has_a_ledger_account_in_its_currency(session: Session) -> None:
    made = organisation(session)
    second = add_bank(
        session,
        creditor=made.creditor,
        scheme="BGNR",
        number="991-2346",
        currency="EUR",
        reference_kind=ReferenceKind.OCR,
    )
    account = session.get_one(Account, second.bank_account_id)
    assert (account.code, account.currency, account.role) == ("1931", "EUR", AccountRole.BANK)


def test_money_in_another_currency_gets_accounts_and_rules_of_its_own(session: Session) -> None:
    made = organisation(session)
    own = made.creditor.id
    add_currency(session, creditor=made.creditor, currency="EUR")
    accounts = posting_rules(session, event=Event.UNIDENTIFIED, creditors=[own], currency="EUR").require(own)
    assert session.get_one(Account, accounts[1]).currency == "EUR"
    home = posting_rules(session, event=Event.UNIDENTIFIED, creditors=[own]).require(own)
    assert session.get_one(Account, home[1]).currency == "SEK"


def test_a_bank_account_needs_books(session: Session) -> None:
    root = add_group(session, name="Root", slug="root", parent=None, language="sv", country="SE")
    creditor = make_creditor(
        session,
        group=root,
        name="Förbundet",
        org_number="",
        currency="SEK",
        street="",
        postcode="",
        city="",
        email="office@example.org",
    )
    with pytest.raises(NoBooksError, match="Förbundet has no books yet"):
        add_bank(session, creditor=creditor, scheme="BGNR", number="991-2346", reference_kind=ReferenceKind.OCR)
