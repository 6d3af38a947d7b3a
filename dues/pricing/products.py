"""The library of products: their names, prices, VAT, and where their revenue is booked; who may sell what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from database.base import Names
from documents import WHOLE
from dues.editing import GoneError, MissingError, held, remove
from dues.groups.lists import Named, names_of
from dues.groups.models import Group
from dues.journal.chart import Earning
from dues.journal.earnings import drop_earnings, earn_on, income_code, open_earnings
from dues.paging import Page, Place, Walk, read_page
from dues.pricing.components import creditors_below, named
from dues.pricing.errors import AmountError, ProductNumberError, VatRateError
from dues.pricing.models import Product, ProductPrice

_MOST: Final = 500
"""Products among which one is chosen by a list of them all."""


@dataclass(frozen=True, slots=True)
class ProductTerms:
    """What a product is and costs: names by language, prices in minor units by currency, VAT in basis points.

    ``account`` is the number of its revenue account in the books of its group's creditor; the next free one where it
    is empty.
    """

    names: Mapping[str, str]
    prices: Mapping[str, int]
    unit: Mapping[str, str]
    vat_rate: int = 0
    account: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """A product in a list: where it belongs, and what it costs by currency."""

    product: Product
    group: Named
    prices: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ForSale:
    """A product that a group may sell in a currency, at what price."""

    id: int
    number: str
    names: Names
    unit: Names
    vat_rate: int
    price: int


def set_up_product(session: Session, *, group_id: int, number: str, terms: ProductTerms) -> Product:
    """Add a product to a group's library, booked in the books of every creditor who can sell it.

    Raises ProductNumberError, VatRateError, AmountError, NotIncomeError, AccountCodeError and an EditingError.
    """
    group = session.get(Group, group_id, with_for_update={"key_share": True})
    if group is None:
        raise GoneError("groups")
    called = _free_number(session, group_id, number)
    product = Product(group_id=group_id, number=called, **_kept(terms))
    session.add(product)
    session.flush()
    _write_prices(session, product.id, terms.prices)
    open_earnings(session, creditors=creditors_below(session, group), earning=_earning(product))
    _earn(session, product, terms.account)
    return product


def change_product(session: Session, *, product_id: int, number: str, terms: ProductTerms) -> Product:
    """Change a product; what was invoiced and booked keeps its words, its price, its VAT and its account.

    Raises what `set_up_product` raises.
    """
    product = held(session, Product, product_id)
    session.get_one(Group, product.group_id, with_for_update={"key_share": True})  # numbers are free one at a time
    if number.strip() != product.number:
        product.number = _free_number(session, product.group_id, number)
    for name, value in _kept(terms).items():
        setattr(product, name, value)
    session.flush()
    _write_prices(session, product.id, terms.prices)
    if terms.account.strip() != product_account(session, product):
        _earn(session, product, terms.account)
    return product


def remove_product(session: Session, *, product_id: int) -> None:
    """Take a product away that no invoice names; raise an EditingError."""
    product = held(session, Product, product_id)
    with session.begin_nested():
        drop_earnings(session, earning=_earning(product))
        session.execute(delete(ProductPrice).where(ProductPrice.product_id == product_id))
        remove(session, product)


def product_account(session: Session, product: Product) -> str:
    """Return the number of a product's revenue account in its own group's creditor's books, nothing without any."""
    creditor_id = _creditor(session, product)
    return (creditor_id and income_code(session, creditor_id=creditor_id, earning=_earning(product))) or ""


def prices_of(session: Session, *, products: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return what some products cost, by currency."""
    found: dict[int, dict[str, int]] = {product: {} for product in products}
    wanted = select(ProductPrice).where(ProductPrice.product_id.in_(products))
    for price in session.scalars(wanted.order_by(ProductPrice.product_id, ProductPrice.currency)):
        found[price.product_id][price.currency] = price.amount
    return found


def products_page(session: Session, *, active: bool = False, at: Place | None = None) -> Page[ListedProduct]:
    """Return products in the order they were made; with ``active`` only those that are sold."""
    walk = Walk(Product, ("id",), "id")
    page = read_page(session, walk.along(Product.active.is_(True)) if active else walk, at=at)
    groups = names_of(session, [product.group_id for product in page.rows])
    prices = prices_of(session, products=[product.id for product in page.rows])
    return page.turned(lambda one: ListedProduct(one, groups[one.group_id], prices[one.id]))


def own_products(session: Session, *, group_id: int) -> list[ListedProduct]:
    """Return the products of one group's own library by their numbers, those on sale first, at most `_MOST`."""
    wanted = select(Product).where(Product.group_id == group_id)
    found = session.scalars(wanted.order_by(Product.active.desc(), Product.number).limit(_MOST)).all()
    group, prices = names_of(session, [group_id]), prices_of(session, products=[one.id for one in found])
    return [ListedProduct(one, group[group_id], prices[one.id]) for one in found]


def all_products(session: Session) -> list[tuple[int, str, Names]]:
    """Return the products by their numbers, also those that are not sold any more, at most `_MOST`."""
    wanted = select(Product.id, Product.number, Product.names).order_by(Product.number, Product.id).limit(_MOST)
    return [(product_id, number, names) for product_id, number, names in session.execute(wanted)]


def for_sale(session: Session, *, group: Group, currency: str) -> list[ForSale]:
    """Return the active products of a group and of those above it that have a price in a currency, by number."""
    wanted = (
        select(Product, ProductPrice.amount)
        .join(Group, Group.id == Product.group_id)
        .join(ProductPrice, ProductPrice.product_id == Product.id)
        .where(func.starts_with(group.path, Group.path), Product.active, ProductPrice.currency == currency)
        .order_by(Product.number, Product.id)
    )
    return [
        ForSale(one.id, one.number, one.names, one.unit, one.vat_rate, amount)
        for one, amount in session.execute(wanted)
    ]


def _kept(terms: ProductTerms) -> dict[str, object]:
    if not 0 <= terms.vat_rate <= WHOLE:
        raise VatRateError
    unit = {language: " ".join(name.split()) for language, name in terms.unit.items() if name.strip()}
    return {"names": named(terms.names), "unit": unit, "vat_rate": terms.vat_rate, "active": terms.active}


def _free_number(session: Session, group_id: int, number: str) -> str:
    called = " ".join(number.split())
    if not called:
        raise MissingError("number")
    if session.scalar(select(Product.id).where(Product.group_id == group_id, Product.number == called)) is not None:
        raise ProductNumberError(called)
    return called


def _write_prices(session: Session, product_id: int, prices: Mapping[str, int]) -> None:
    if any(amount < 0 for amount in prices.values()):
        raise AmountError
    others = delete(ProductPrice).where(
        ProductPrice.product_id == product_id, ProductPrice.currency.not_in(list(prices))
    )
    session.execute(others)
    for currency, amount in sorted(prices.items()):
        write = insert(ProductPrice).values(product_id=product_id, currency=currency, amount=amount)
        session.execute(write.on_conflict_do_update(index_elements=["product_id", "currency"], set_={"amount": amount}))


def _earn(session: Session, product: Product, account: str) -> None:
    """Book a product's revenue in its own group's creditor's books on the account of a number, where one is given."""
    creditor_id = _creditor(session, product)
    if account.strip() and creditor_id is not None:
        open_earnings(session, creditors=[creditor_id], earning=_earning(product))
        earn_on(session, creditor_id=creditor_id, earning=_earning(product), code=account)


def _earning(product: Product) -> Earning:
    return Earning(None, product.names, product_id=product.id)


def _creditor(session: Session, product: Product) -> int | None:
    return session.scalar(select(Group.creditor_id).where(Group.id == product.group_id))
