"""Products: what is sold beside fees, what it costs in each currency, its VAT, and where its revenue is booked."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from flask_wtf import FlaskForm
from markupsafe import Markup

from admin.setup import finding
from admin.setup.fields import Percent, Pick, Prices
from admin.setup.money import cell
from admin.setup.setting import Setting, faults, number_of
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Names, Text, Tick
from admin.tables.listing import Tab, Wanted
from admin.tables.setup_view import Fault, doors_of
from documents import rate_words
from dues.access.permissions import Permission
from dues.groups.below import currencies
from dues.journal.earnings import AccountCodeError, NotIncomeError
from dues.paging import Page
from dues.pricing.errors import AmountError, ProductNumberError, VatRateError
from dues.pricing.models import Product
from dues.pricing.products import (
    ListedProduct,
    ProductTerms,
    change_product,
    prices_of,
    product_account,
    products_page,
    remove_product,
    set_up_product,
)
from language import gettext_noop as _
from web.house import session
from web.speech import named, reader


def _currencies() -> Sequence[str]:
    return currencies(session())


def _costs(row: ListedProduct) -> Markup:
    return Markup("<br>").join(cell(minor, currency) for currency, minor in row.prices.items())


def vat_words(rate: int) -> str:
    """Return a rate of VAT, in basis points, as its reader writes it."""
    return rate_words(rate, reader())


REFUSED: Final[dict[type[Exception], Fault]] = {
    ProductNumberError: Fault("number", _("This group has a product with this number. Choose another one.")),
    VatRateError: Fault("vat_rate", _("Write 0 to 100 per cent.")),
    AmountError: Fault("prices", _("A price is zero or more.")),
    NotIncomeError: Fault(
        "account", _("The account with this number is there for something else. Choose another number.")
    ),
    AccountCodeError: Fault("account", _("Write the number of the account in 3 to 10 digits.")),
}
"""What is refused about a product, at which box."""


class ProductForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a product is made of."""

    number = Text(_("Number"), width="short", hint=_("What it is called by. No other product of this group has it."))
    names = Names(_("Name"), hint=_("As it stands on invoices. At least one language; the others read that one."))
    unit = Names(_("Unit"), optional=True, hint=_("What is counted: piece, hour, metre."))
    group = Pick(
        _("Sold by"),
        find=finding.groups,
        source="groups.suggest",
        hint=_("This group and those below it can sell it. This cannot be changed later."),
    )
    prices = Prices(
        _("Price"),
        currencies=_currencies,
        hint=_("For one, VAT included. It can be sold in the currencies in which it has a price."),
    )
    vat_rate = Percent(_("VAT in per cent"), optional=True, hint=_("Leave it empty for what is outside VAT."))
    account = Text(
        _("Revenue account"),
        optional=True,
        width="short",
        hint=_(
            "Its number in the books of the creditor of the group that sells it. A new account is opened "
            "where there is none with that number; the next free one where this is left empty. What is "
            "booked stays where it is."
        ),
    )
    active = Tick(_("On sale"), hint=_("What is not on sale stays on the invoices that it is on."))


class ProductsView(Setting):
    """The library of products."""

    edits = Permission.PRICES_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.PRICES_EDIT)
    door = "products"
    address = "/admin/setup/products"
    words = _("Products")
    about = _("What is sold beside fees: a songbook, a course, a room. Each has its prices, its VAT and its account.")
    shelf = _("What is charged")
    new_words = _("Add a product")
    columns = (
        Column("number", _("Number"), lambda row: row.product.number),
        Column("name", _("Name"), lambda row: named(row.product.names)),
        Column("group", _("Sold by"), lambda row: row.group.name),
        Column("vat", _("VAT"), lambda row: vat_words(row.product.vat_rate) if row.product.vat_rate else ""),
        Column("active", _("On sale"), lambda row: row.product.active),
        Column("price", _("Price"), _costs, number=True),
    )
    tabs = (Tab("", _("On sale")), Tab("all", _("Also others")))
    form = ProductForm
    fixed = ("group",)
    can_delete = True
    faults = faults("names", REFUSED)

    def defaults(self) -> Mapping[str, Any]:
        """A new product is on sale."""
        return {"active": True}

    def read(self, wanted: Wanted) -> Page[ListedProduct]:
        """Return a page of products."""
        return products_page(session(), active=wanted.view != "all", at=wanted.place)

    def one(self, key: str) -> Product | None:
        """Return a product by its id."""
        return session().get(Product, number_of(key))

    def key_of(self, row: Product | ListedProduct) -> str:
        """Return the id."""
        return str(row.id if isinstance(row, Product) else row.product.id)

    def called(self, row: Product) -> str:
        """Return the name."""
        return named(row.names)

    def filled(self, row: Product) -> Mapping[str, Any]:
        """Return a product as its form shows it."""
        return {
            "number": row.number,
            "names": row.names,
            "unit": row.unit,
            "group": finding.group(row.group_id),
            "prices": prices_of(session(), products=[row.id])[row.id],
            "vat_rate": row.vat_rate or None,
            "account": product_account(session(), row),
            "active": row.active,
        }

    def add(self, form: Any) -> Product:
        """Add a product."""
        return set_up_product(session(), group_id=form.group.picked, number=form.number.data, terms=self._terms(form))

    def change(self, row: Product, form: Any) -> None:
        """Change a product."""
        change_product(session(), product_id=row.id, number=form.number.data, terms=self._terms(form))

    def remove(self, row: Product) -> None:
        """Take a product away."""
        remove_product(session(), product_id=row.id)

    def _terms(self, form: Any) -> ProductTerms:
        return ProductTerms(
            names=form.names.data,
            prices=form.prices.data,
            unit=form.unit.data or {},
            vat_rate=form.vat_rate.data or 0,
            account=form.account.data,
            active=form.active.data,
        )
