"""Lines of invoices as somebody at the desk would write them: products of the library, and words of one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from dues.demo.paperwork.choirs import Choir
from dues.invoicing.one_off import WantedLine
from dues.journal.rules import product_accounts

SONGBOOK, SHIRT, COURSE = "10", "20", "30"
"""Numbers of the products that every branch has."""


@dataclass(frozen=True, slots=True)
class Own:
    """A line in words of one's own; ``percent`` is its price, of what the branch's weekend course costs."""

    text: str
    percent: int


def lines(session: Session, choir: Choir, wanted: Sequence[tuple[str | Own, int]]) -> list[WantedLine]:
    """Return lines of products by number, or of one's own words, each so many times; booked where courses are."""
    course = choir.product(session, COURSE)
    account = product_accounts(session, creditor_id=choir.creditor_id, products=[course.id])[course.id][1]
    found = []
    for what, quantity in wanted:
        if isinstance(what, Own):
            price = course.price * what.percent // 100
            found.append(WantedLine(Decimal(quantity), price, text=what.text, account_id=account))
        else:
            product = choir.product(session, what)
            found.append(WantedLine(Decimal(quantity), product.price, product_id=product.id))
    return found


def library(session: Session, choir: Choir) -> Mapping[int, int]:
    """Return what the products cost, by their ids."""
    products = (choir.product(session, number) for number in (SONGBOOK, SHIRT, COURSE))
    return {product.id: product.price for product in products}
