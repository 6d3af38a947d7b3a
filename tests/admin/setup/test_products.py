"""The library of products at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from database.connect import Role
from dues.pricing.models import Product, ProductPrice
from tests.admin.conftest import entered
from tests.factories.staff import employ
from tests.web.browser import Browser

if TYPE_CHECKING:
    from flask import Flask

    from tests.portal.town import Town

NEW = {"number": "10", "names-sv": "Visbok", "group": "Riks", "vat_rate": "6", "prices-SEK": "125,50", "active": "y"}
ADDRESS = "/admin/setup/products"


def the_product(town: Town) -> Product:
    with town.database.unit_of_work(Role.JOBS) as session:
        found = session.scalars(select(Product)).one()
        session.expunge_all()
        return found


def test_a_product_is_added_changed_and_taken_away(desk: Browser, town: Town) -> None:
    desk.get(f"{ADDRESS}/new/").submit(form=1, **cast("Any", {**NEW, "account": "1510"}))
    assert desk.error_at("account").startswith("The account with this number is there for something else.")
    desk.submit(form=1, account="3900")
    assert "“Visbok” is added." in desk.text
    assert "125.50" in desk.text.replace("\xa0", " ")
    assert "6%" in desk.text
    made = the_product(town)
    assert (made.vat_rate, made.unit) == (600, {})
    desk.get(f"{ADDRESS}/{made.id}/")
    values = {name: desk.page.xpath("string(//input[@name=$name]/@value)", name=name) for name in NEW}
    assert (values["vat_rate"], values["prices-SEK"], values["number"]) == ("6", "125.50", "10")
    assert desk.page.xpath("string(//input[@name='account']/@value)") == "3900"
    desk.submit(form=1, active=None, **cast("Any", {"prices-SEK": "99", "unit-en": "piece"}))
    assert the_product(town).active is False
    with town.database.unit_of_work(Role.JOBS) as session:
        assert session.scalars(select(ProductPrice.amount)).all() == [9900]
    assert "Visbok" not in desk.get(f"{ADDRESS}/").page.xpath("string(//main)")
    assert "Visbok" in desk.get(f"{ADDRESS}/?view=all").text
    desk.get(f"{ADDRESS}/{made.id}/delete/").submit(form=1)
    assert "“Visbok” is taken away." in desk.text


def test_what_no_product_can_be_is_said_beside_its_box(desk: Browser) -> None:
    desk.get(f"{ADDRESS}/new/").submit(form=1, **cast("Any", {**NEW, "prices-SEK": "much", "vat_rate": "101"}))
    assert desk.error_at("prices-SEK").startswith("Write the amount in digits")
    assert desk.page.xpath("string(//input[@name='prices-SEK']/@value)") == "much"
    desk.submit(form=1, **cast("Any", {"prices-SEK": "1"}))
    assert desk.error_at("vat_rate") == "Write 0 to 100 per cent."
    desk.submit(form=1, vat_rate="")
    assert "“Visbok” is added." in desk.text
    desk.get(f"{ADDRESS}/new/").submit(form=1, **cast("Any", NEW))
    assert desk.error_at("number").startswith("This group has a product with this number.")
    desk.submit(form=1, number="11", **cast("Any", {"prices-SEK": ""}))
    assert desk.error_at("prices-SEK") == "Fill this in."


def test_who_may_not_change_prices_looks_only(desk: Browser, app: Flask, town: Town) -> None:
    desk.get(f"{ADDRESS}/new/").submit(form=1, **cast("Any", NEW))
    with town.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="Ada", email="ada@staff.example", roles=("auditor",))
    auditor = entered(Browser(app), town.database, email="ada@staff.example")
    auditor.get(f"{ADDRESS}/{the_product(town).id}/")
    assert "You may look at this. Others may change it." in auditor.text
    auditor.get(f"{ADDRESS}/new/", status=404)
