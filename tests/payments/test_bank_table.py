"""Tables of payments: columns by name, money by sign or side, balances proved, every fault with line and column."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bankfiles.errors import BankFileError, UnreadableAmount, WrongRecord, WrongTotal
from bankfiles.types import Account, Event, Notice, Payment, Reference, SectionClosed, SectionOpened
from dues.payments.bank_table import Layout, guessed, read_bank_table
from tablefiles import DateOrder, Notation, read

OWN = Account("IBAN", "SE4550000000058398257466")
SWEDISH = (
    "Bokföringsdag;Belopp;Referens;Avsändare;Saldo\n"
    "2026-03-03;-50,00;;Hyra;1 250,50\n"
    "2026-03-02;1 200,50;4711;Åsa Berg;1 300,50\n"
)


def events(text: str, layout: Layout | None = None, currency: str = "SEK") -> list[Event]:
    """What a table says."""
    table = read(text.encode())
    return list(read_bank_table(table, layout or guessed(table.header), own=OWN, currency=currency, content="d1"))


def payments(text: str, layout: Layout | None = None) -> list[Payment]:
    """The payments of a table."""
    return [event for event in events(text, layout) if isinstance(event, Payment)]


def test_a_swedish_export_is_understood_by_its_header_and_proved_by_its_balances() -> None:
    opened, rent, fee, closed = events(SWEDISH)
    assert isinstance(opened, SectionOpened)
    assert isinstance(closed, SectionClosed)
    assert (opened.opening_balance, closed.amount, closed.closing_balance) == (10_000, 115_050, 125_050)
    assert isinstance(rent, Payment)
    assert (rent.amount, rent.kind) == (-5_000, "other")
    assert isinstance(fee, Payment)
    assert (fee.amount, fee.booked_on, fee.payer_name) == (120_050, date(2026, 3, 2), "Åsa Berg")
    assert fee.references == (Reference("4711", structured=False),)
    assert fee.position == "line 3"


def test_two_columns_of_money_and_german_days() -> None:
    text = "Buchungstag;Soll;Haben;Verwendungszweck\n31.03.2026;;1.234,50;Beitrag\n01.04.2026;20,00;;Miete\n"
    table = read(text.encode())
    layout = Layout(guessed(table.header).columns, Notation.COMMA, DateOrder.DAY_FIRST)
    assert [(each.amount, each.booked_on.day) for each in payments(text, layout)] == [(123_450, 31), (-2_000, 1)]


def test_without_balances_a_notice_says_that_nothing_proves_it() -> None:
    notices = [each for each in events("date,amount\n2026-03-02,12.50\n2026-03-02,7\n") if isinstance(each, Notice)]
    assert [each.text for each in notices] == [
        "the table carries no totals: 2 lines with the sum 19.50 SEK were read as they stand"
    ]


def test_lines_alike_share_a_key_that_says_it_is_made_of_the_content() -> None:
    one, two = payments("date,amount\n2026-03-02,7\n2026-03-02,7\n")
    assert one.key == two.key
    assert "|~" in one.key


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        (SWEDISH.replace("-50,00", "-51,00"), WrongTotal, "“Saldo”: the balance does not follow"),
        (SWEDISH.replace("1 200,50", ""), UnreadableAmount, "line 3, “Belopp”: the line has no amount"),
        (SWEDISH.replace("1 200,50", "12x"), UnreadableAmount, "line 3, “Belopp”: “12x” is no number."),
        (SWEDISH.replace("2026-03-02", "2/3/2026"), WrongRecord, "line 3, “Bokföringsdag”: “2/3/2026” is no day"),
        (SWEDISH.replace(";1 300,50", ";"), WrongRecord, "line 3, “Saldo”: the line has no balance"),
        ("date,credit,debit\n2026-03-02,5,6\n", UnreadableAmount, "money both came and left"),
        ("date,amount,credit\n2026-03-02,5,6\n", WrongRecord, "either one column with signs, or two"),
        ("what,amount\n2026-03-02,5\n", WrongRecord, "name the columns of the booking day and of the amount"),
    ],
)
def test_a_wrong_table_is_refused_with_line_and_column(text: str, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(BankFileError) as refusal:
        events(text)
    assert type(refusal.value) is kind
    assert sentence in str(refusal.value)


@settings(max_examples=60)
@given(amounts=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6), chance=st.data())
def test_with_balances_no_digit_can_change_unseen(amounts: list[int], chance: st.DataObject) -> None:
    balance, lines = 0, ["date;amount;balance"]
    for amount in amounts:
        balance += amount
        lines.append(f"2026-03-02;{amount / 100:.2f};{balance / 100:.2f}")
    text = "\n".join(lines) + "\n"
    assert [payment.amount for payment in payments(text)] == amounts
    digits = [place for place in range(len(lines[0]), len(text)) if text[place].isdigit()]
    place = chance.draw(st.sampled_from(digits))
    changed = f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}"
    if len(amounts) == 1:
        return  # a single line leads to no other
    try:
        found = [payment.amount for payment in payments(changed)]
    except BankFileError:
        return
    # The outermost balance or amount has no neighbour to be held against on one side: the confirmed sum holds it.
    assert found[1:] == amounts[1:] or found[:-1] == amounts[:-1]
