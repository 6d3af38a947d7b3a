"""Products of a group's own: what it sells beside fees, in books of its own."""

from collections.abc import Sequence

from flask import abort, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from admin.addresses import door
from admin.group.here import group_doors, this_group
from admin.setup.fields import Percent, Prices
from admin.setup.products import REFUSED, vat_words
from admin.tables.fields import Names, Text, Tick
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.editing import MissingError
from dues.groups.account_of import account_of
from dues.groups.models import Creditor
from dues.pricing.errors import PricingError
from dues.pricing.models import Product
from dues.pricing.products import (
    ProductTerms,
    change_product,
    own_products,
    prices_of,
    product_account,
    set_up_product,
)
from language import gettext_noop as _
from web.house import begin_anew, commit, session
from web.notes import note
from web.speech import gettext, named, reader

doors = group_doors("group_products", "/look/products")


def _currency() -> Sequence[str]:
    return [_creditor().currency]


class ProductForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a product of a group is made of."""

    number = Text(_("Number"), width="short", hint=_("What it is called by. No other product of this group has it."))
    names = Names(_("Name"), hint=_("As it stands on invoices. At least one language; the others read that one."))
    unit = Names(_("Unit"), optional=True, hint=_("What is counted: piece, hour, metre."))
    prices = Prices(_("Price"), currencies=_currency, hint=_("For one, VAT included."))
    vat_rate = Percent(_("VAT in per cent"), optional=True, hint=_("Leave it empty for what is outside VAT."))
    active = Tick(_("On sale"), hint=_("What is not on sale stays on the invoices that it is on."))


@doors.get("/")
@permission(Permission.GROUP_LOOK)
def page() -> str:
    """List the group's own products."""
    currency, rows = _creditor().currency, own_products(session(), group_id=this_group().id)
    return render_template(
        "group/look/products.html",
        rows=rows,
        costs=lambda row: reader().amount(row.prices[currency], currency) if currency in row.prices else "–",
        currency=currency,
        vat_words=vat_words,
        named=named,
    )


@doors.get("/new")
@permission(Permission.GROUP_LOOK)
def begin() -> str:
    """Ask for a new one."""
    _creditor()
    return _page(ProductForm(formdata=None, data={"active": True}), None)


@doors.post("/new")
@permission(Permission.GROUP_LOOK)
def add() -> str | Response:
    """Add it."""
    _creditor()
    return _saved(ProductForm(), None)


@doors.get("/<int:product_id>")
@permission(Permission.GROUP_LOOK)
def ask(product_id: int) -> str:
    """Show one."""
    one = _own(product_id)
    kept = {name: getattr(one, name) for name in ("number", "names", "unit", "active")}
    more = {"prices": prices_of(session(), products=[one.id])[one.id], "vat_rate": one.vat_rate or None}
    return _page(ProductForm(formdata=None, data={**kept, **more}), one)


@doors.post("/<int:product_id>")
@permission(Permission.GROUP_LOOK)
def change(product_id: int) -> str | Response:
    """Change it; what was invoiced stays as it is."""
    return _saved(ProductForm(), _own(product_id))


def _saved(form: ProductForm, one: Product | None) -> str | Response:
    if not form.validate():
        return _page(form, one)
    product_id = one.id if one else None
    terms = ProductTerms(
        names=form.names.data,
        prices=form.prices.data or {},
        unit=form.unit.data or {},
        vat_rate=form.vat_rate.data or 0,
        account=product_account(session(), one) if one else "",
        active=bool(form.active.data),
    )
    try:
        if product_id is None:
            set_up_product(session(), group_id=this_group().id, number=form.number.data, terms=terms)
        else:
            change_product(session(), product_id=product_id, number=form.number.data, terms=terms)
    except PricingError as error:
        fault = REFUSED[type(error)]
        return _refused(form, product_id, fault.field, fault.words(error))
    except MissingError:
        return _refused(form, product_id, "names", gettext(_("Write a name in one language at least.")))
    commit()
    note(gettext(_("The product is saved. What was invoiced stays as it is.")))
    return redirect(door("group_products.page"), code=303)


def _refused(form: ProductForm, product_id: int | None, field: str, words: str) -> str:
    begin_anew()
    form[field].errors = [words]
    return _page(form, None if product_id is None else _own(product_id))


def _creditor() -> Creditor:
    """Return the group's own creditor; a group without books of its own sells nothing by itself."""
    account = account_of(session(), group_id=this_group().id)
    return account.creditor if account.creditor is not None and account.own else abort(404)


def _own(product_id: int) -> Product:
    """Return a product of the group's own; another one is not there."""
    _creditor()
    found = session().get(Product, product_id) if product_id < 1 << 63 else None
    return found if found is not None and found.group_id == this_group().id else abort(404)


def _page(form: ProductForm, one: Product | None) -> str:
    return render_template(
        "group/form.html",
        heading=named(one.names) if one else gettext(_("A product of our own")),
        about=gettext(_("For your group and those below it. Its revenue is booked on an account of its own.")),
        form=form,
        faults=form.errors,
        ids={one.name: one.first_id for one in form if hasattr(one, "first_id")},
        fields=[form.number, form.names, form.unit, form.prices, form.vat_rate, form.active],
        back=door("group_products.page"),
        back_words=gettext(_("Our products")),
        save=gettext(_("Save")),
    )
