"""What the database refuses, whoever asks: changed books, postings that do not fit, entries on closed days."""

import datetime as dt

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from dues.actor import COMMAND_LINE
from dues.groups.models import Creditor
from dues.journal.errors import NoPostingRuleError
from dues.journal.models import Account, AccountRole, Books, Entry, Event
from dues.journal.post import booked, open_entry
from dues.journal.rules import posting_rules
from tests.factories.year import CLOSED

NEVER_CHANGED = (
    *("entry", "posting", "invoice", "invoice_line", "allocation", "payment"),
    *("payee", "frozen_text", "books_closed", "number_void"),
)
OPEN = CLOSED + dt.timedelta(days=1)
CHANGES = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
}
POSTING = text(
    "INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date) "
    "VALUES (:entry, :debit, :credit, :amount, :currency, :on, :on)"
)


def code(error: DBAPIError) -> str | None:
    """PostgreSQL's, or the house's own, code of an error."""
    found: str | None = getattr(error.orig, "sqlstate", None)
    return found


def refusal(books: Session, statement: str) -> tuple[str | None, str]:
    with pytest.raises(DBAPIError) as error, books.begin_nested():
        books.execute(text(statement))
    return code(error.value), str(error.value.orig)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", NEVER_CHANGED)
def test_what_is_written_is_never_changed(books: Session, table: str, change: str) -> None:
    column = books.scalars(
        text("SELECT attname FROM pg_attribute WHERE attrelid = cast(:t AS regclass) AND attnum > 0 LIMIT 1"),
        {"t": table},
    ).one()
    statement = CHANGES[change].format(table=table, column=column)
    as_jobs, _ = refusal(books, statement)
    assert as_jobs in {"42501", "KG001"}
    books.execute(text("RESET ROLE"))
    assert refusal(books, statement) == ("KG001", refusal(books, statement)[1])
    assert "never changed or deleted; they are corrected by new ones" in refusal(books, statement)[1]


CLAIM_CHANGES = (
    *("DELETE FROM claim", "TRUNCATE claim CASCADE", "UPDATE claim SET amount = 1"),
    *("UPDATE claim SET due_on = due_on + 30", "UPDATE claim SET debtor_id = 1"),
)


@pytest.mark.parametrize("change", CLAIM_CHANGES)
def test_what_a_claim_says_stays(books: Session, change: str) -> None:
    books.execute(text("RESET ROLE"))
    assert refusal(books, change)[0] == "KG001"


def test_a_printed_account_keeps_its_layout(books: Session) -> None:
    assert refusal(books, "UPDATE bank_agreement SET reference_length = 10")[0] == "KG004"
    assert refusal(books, "UPDATE bank_agreement SET number = '9912346' WHERE scheme = 'BGNR'")[0] == "KG004"
    books.execute(text("UPDATE bank_agreement SET preferred = false"))


def the(books: Session, role: AccountRole, currency: str = "SEK") -> Account:
    return books.scalars(
        select(Account).where(Account.role == role, Account.currency == currency).order_by(Account.id).limit(1)
    ).one()


def opened(books: Session, *, key: str = "test", on: dt.date = OPEN) -> Entry:
    account = the(books, AccountRole.BANK)
    return open_entry(books, creditor_id=account.creditor_id, event="test", key=key, on=on, by=COMMAND_LINE)


def post(books: Session, onto: Entry, **other: object) -> None:
    values = {
        "entry": onto.id,
        "debit": the(books, AccountRole.BANK).id,
        "credit": the(books, AccountRole.UNIDENTIFIED).id,
        "amount": 100,
        "currency": "SEK",
        "on": onto.on_date,
    }
    with books.begin_nested():
        books.execute(POSTING, {**values, **other})


def test_a_posting_that_fits_is_taken(books: Session) -> None:
    post(books, opened(books))


def test_a_posting_in_another_currency_on_another_day_or_in_other_books_is_refused(books: Session) -> None:
    entry = opened(books)
    theirs = the(books, AccountRole.BANK, "EUR").id
    for wrong in (
        {"currency": "EUR"},
        {"on": OPEN + dt.timedelta(days=1)},
        {"debit": theirs},
        {"credit": theirs},
        {"debit": 0},
        {"entry": 0},
    ):
        with pytest.raises(DBAPIError) as error:
            post(books, entry, **wrong)
        assert code(error.value) == "KG003", wrong


@pytest.mark.parametrize("amount", [0, -100])
def test_a_posting_is_of_a_positive_amount_between_two_accounts(books: Session, amount: int) -> None:
    entry = opened(books)
    with pytest.raises(IntegrityError, match="amount_positive"):
        post(books, entry, amount=amount)
    bank = the(books, AccountRole.BANK).id
    with pytest.raises(IntegrityError, match="two_accounts"):
        post(books, entry, debit=bank, credit=bank)


def test_postings_join_an_entry_only_in_the_transaction_that_wrote_it(books: Session) -> None:
    earlier = books.scalars(select(Entry).where(Entry.on_date > CLOSED).limit(1)).one()
    books.execute(text("RESET ROLE"))
    books.execute(text("ALTER TABLE entry DISABLE TRIGGER entry_never_changes"))
    books.execute(text("UPDATE entry SET transaction = transaction - 1"))  # as if written a transaction ago
    with pytest.raises(DBAPIError) as error:
        post(books, earlier)
    assert code(error.value) == "KG003"


def test_an_entry_on_a_closed_day_is_refused(books: Session) -> None:
    statement = (
        "INSERT INTO entry (creditor_id, number, event, key, on_date, actor) "
        "SELECT creditor_id, 999, 'late', 'late', closed_through - {days}, 'x' FROM books LIMIT 1"
    )
    for days in (0, 1, 300):
        found = refusal(books, statement.format(days=days))
        assert found[0] == "KG002"
        assert f"closed through {CLOSED}" in found[1]


def test_a_late_event_takes_the_first_open_day(books: Session) -> None:
    assert opened(books, on=CLOSED).on_date == OPEN
    assert opened(books, key="later", on=OPEN + dt.timedelta(days=9)).on_date == OPEN + dt.timedelta(days=9)


def test_an_event_is_booked_once(books: Session) -> None:
    assert not booked(books, key="test")
    opened(books)
    assert booked(books, key="test")
    with pytest.raises(IntegrityError, match="uq_entry_key"), books.begin_nested():
        opened(books)


def test_books_without_a_rule_say_so(books: Session) -> None:
    creditor = books.scalars(select(Creditor.id).limit(1)).one()
    rules = posting_rules(books, event=Event.PAYMENT, creditors=[creditor], currency="NOK")
    with pytest.raises(NoPostingRuleError, match=f"Creditor {creditor} has no posting rule for payment"):
        rules.require(creditor)
    assert books.scalars(select(Books.closed_through)).all() == [CLOSED] * 3
