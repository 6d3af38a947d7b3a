"""Value added tax within amounts: parts add up to the total, and a minor unit is the most that rounding moves."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from documents import Line, render, vat_parts
from documents.sheet import sheet
from documents.vat import WHOLE, tax_within
from dues.money import times
from tests.factories.documents import swedish

AMOUNTS = st.integers(-(10**10), 10**10)
RATES = st.integers(0, WHOLE)
LINES = st.lists(st.builds(Line, text=st.just("x"), amount=AMOUNTS, vat_rate=RATES), min_size=1, max_size=9)


@given(LINES)
def test_the_parts_of_a_document_add_up_to_its_total(lines: list[Line]) -> None:
    parts = vat_parts(lines)
    if any(line.vat_rate for line in lines):
        assert sum(part.net + part.tax for part in parts) == sum(line.amount for line in lines)
        assert [part.rate for part in parts] == sorted({line.vat_rate for line in lines}, reverse=True)
    else:
        assert parts == ()


@given(AMOUNTS, RATES)
def test_the_tax_is_the_rate_on_the_net_to_half_a_minor_unit(gross: int, rate: int) -> None:
    tax = tax_within(gross, rate)
    assert abs(tax - Fraction(gross * rate, WHOLE + rate)) <= Fraction(1, 2)
    assert tax_within(-gross, rate) == -tax


@given(st.decimals("0.001", "999999.999", places=3), st.integers(-(10**9), 10**9))
def test_quantity_times_price_is_rounded_half_away_from_zero(quantity: Decimal, price: int) -> None:
    exact = Fraction(quantity) * price
    amount = times(quantity, price)
    assert abs(amount - exact) <= Fraction(1, 2)
    assert times(quantity, -price) == -amount
    if abs(amount - exact) == Fraction(1, 2):
        assert abs(amount) > abs(exact)


def test_halves_go_up() -> None:
    assert (times(Decimal("0.5"), 5), times(Decimal("0.5"), -5), times(Decimal("1.005"), 100)) == (3, -3, 101)
    assert (tax_within(12500, 2500), tax_within(5, 2500), tax_within(106, 600)) == (2500, 1, 6)


def test_an_invoice_prints_quantity_price_and_the_tax_it_includes() -> None:
    shirt = Line("Tröja", 25000, quantity=Decimal(2), unit="styck", unit_price=12500, vat_rate=2500)
    book = Line("Bok", 10600, quantity=Decimal("1E+1"), unit_price=1060, vat_rate=600)
    fee = Line("Medlemsavgift", 10000)
    document = swedish(language="en", lines=(shirt, book, fee))
    told = sheet(document, 0, None)
    assert [row["cells"][1] for row in told["rows"]] == ["2", "10", ""]
    assert [row["detail"] for row in told["rows"]] == ["125.00 per styck · VAT 25%", "10.60 each · VAT 6%", ""]
    assert told["totals"] == [
        ("Includes VAT 25% on 200.00", "50.00"),
        ("Includes VAT 6% on 100.00", "6.00"),
        ("Includes VAT 0% on 100.00", "0.00"),
        ("To pay", "456.00"),
    ]
    assert render(document).startswith(b"%PDF")
    assert sheet(swedish(lines=(fee,)), 0, None)["totals"] == [("Att betala", "100,00")]
