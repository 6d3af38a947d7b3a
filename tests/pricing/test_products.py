"""The library of products: who may sell what at which price, and where it is booked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dues.editing import MissingError
from dues.groups.establish import CreditorDetails, make_creditor
from dues.journal.chart import Earning, set_up_books
from dues.journal.earnings import NotIncomeError
from dues.journal.models import Account, Event, PostingRule
from dues.journal.rules import posting_rules, product_accounts
from dues.pricing.creditors import found_creditor
from dues.pricing.errors import AmountError, ProductNumberError, VatRateError
from dues.pricing.models import Product
from dues.pricing.products import (
    ProductTerms,
    change_product,
    for_sale,
    prices_of,
    product_account,
    products_page,
    remove_product,
    set_up_product,
)
from tests.factories.organisation import organisation
from tests.factories.products import product

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TERMS = ProductTerms(names={"en": "Songbook"}, prices={"SEK": 12500, "EUR": 1200}, unit={"en": " piece "})
DETAILS: CreditorDetails = {
    "name": "Norr",
    "org_number": "802999-9995",
    "currency": "SEK",
    "street": "Torget 1",
    "postcode": "111 22",
    "city": "Stockholm",
    "email": "own@example.org",
}


def test_a_group_and_all_below_it_sell_what_is_active_and_has_a_price(session: Session) -> None:
    made = organisation(session)
    book = product(session, made.root)
    local = product(session, made.north, number="5", name="Coffee", price=2000)
    product(session, made.root, number="11", active=False)
    product(session, made.root, number="12", currency="EUR")
    assert [one.id for one in for_sale(session, group=made.north, currency="SEK")] == [book.id, local.id]
    assert [one.id for one in for_sale(session, group=made.south, currency="SEK")] == [book.id]
    assert [one.number for one in for_sale(session, group=made.root, currency="EUR")] == ["12"]


def test_numbers_are_unique_within_a_group_only(session: Session) -> None:
    made = organisation(session)
    product(session, made.root)
    product(session, made.north)
    with pytest.raises(ProductNumberError):
        product(session, made.root, number=" 10 ")
    with pytest.raises(MissingError):
        product(session, made.root, number=" ")


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        (replace(TERMS, vat_rate=10001), VatRateError),
        (replace(TERMS, prices={"SEK": -1}), AmountError),
        (replace(TERMS, names={"en": " "}), MissingError),
        (replace(TERMS, account="1510"), NotIncomeError),
    ],
)
def test_what_no_product_can_be_is_refused(session: Session, terms: ProductTerms, refusal: type[Exception]) -> None:
    made = organisation(session)
    with pytest.raises(refusal):
        set_up_product(session, group_id=made.root.id, number="10", terms=terms)


def test_a_product_is_changed_with_its_prices_and_its_account(session: Session) -> None:
    made = organisation(session)
    found = set_up_product(session, group_id=made.root.id, number="10", terms=TERMS)
    assert found.unit == {"en": "piece"}
    assert prices_of(session, products=[found.id])[found.id] == {"EUR": 1200, "SEK": 12500}
    first = product_account(session, found)
    changed = replace(TERMS, prices={"SEK": 13000}, account="3099", vat_rate=600)
    change_product(session, product_id=found.id, number="10a", terms=changed)
    assert prices_of(session, products=[found.id])[found.id] == {"SEK": 13000}
    assert (found.number, found.vat_rate, product_account(session, found)) == ("10a", 600, "3099")
    assert first != "3099"
    (row,) = products_page(session, active=True).rows
    assert (row.group.name, dict(row.prices)) == ("Riks", {"SEK": 13000})


def test_a_product_has_an_account_of_its_own_and_never_becomes_the_rule_of_fees(session: Session) -> None:
    made = organisation(session)
    fees = posting_rules(session, event=Event.ISSUE, creditors=[made.creditor.id])
    found = product(session, made.root)
    assert posting_rules(session, event=Event.ISSUE, creditors=[made.creditor.id]) == fees
    assert fees.find(made.creditor.id) is None
    _, income = product_accounts(session, creditor_id=made.creditor.id, products=[found.id])[found.id]
    assert session.get_one(Account, income).names == found.names


def test_whoever_gets_books_later_can_sell_what_is_sold_above(session: Session) -> None:
    made = organisation(session)
    found = product(session, made.root)
    own = found_creditor(session, group_id=made.north.id, **DETAILS)
    assert found.id in product_accounts(session, creditor_id=own.id, products=[found.id])


def test_a_product_of_a_group_below_is_booked_by_its_own_creditor(session: Session) -> None:
    made = organisation(session)
    own = make_creditor(session, group=made.north, **DETAILS)
    set_up_books(session, creditor=own, earnings=[Earning(made.local.id, made.local.names)])
    found = product(session, made.root)
    creditors = set(session.scalars(select(PostingRule.creditor_id).where(PostingRule.product_id == found.id)))
    assert creditors == {made.creditor.id, own.id}


def test_a_product_that_was_never_sold_goes_with_its_prices_and_rules(session: Session) -> None:
    made = organisation(session)
    found = product(session, made.root)
    remove_product(session, product_id=found.id)
    assert session.scalars(select(Product)).all() == []
    assert session.scalars(select(PostingRule).where(PostingRule.product_id.is_not(None))).all() == []
