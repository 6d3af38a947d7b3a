"""Fee components, membership types and prices at the desk."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from database.connect import Role
from dues.members.models import MembershipType
from dues.pricing.models import FeeComponent, PriceClass, PriceClassLine, PriceRule
from dues.pricing.types import components_of
from dues.runs.models import Run
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def component(town: Town, slug: str) -> int:
    with town.database.unit_of_work(Role.JOBS) as session:
        return session.scalars(select(FeeComponent.id).where(FeeComponent.slug == slug)).one()


def prices(town: Town, component_id: int) -> list[PriceRule]:
    with town.database.unit_of_work(Role.JOBS) as session:
        found = list(
            session.scalars(select(PriceRule).where(PriceRule.component_id == component_id).order_by(PriceRule.id))
        )
        session.expunge_all()
        return found


def use(town: Town, price: int) -> None:
    """Let a run have priced somebody with it."""
    with town.database.unit_of_work(Role.JOBS) as session:
        run = Run(kind="invoices", params={}, actor="job:test", business_day=TODAY)
        session.add(run)
        session.flush()
        line = dict.fromkeys(("component_id", "text_id", "debit_account_id", "credit_account_id"), 1)
        session.add(
            PriceClass(
                run_id=run.id,
                number=1,
                creditor_id=1,
                type_id=1,
                age_bracket=0,
                day_bracket=0,
                starts_on=TODAY,
                currency="SEK",
            )
        )
        session.flush()
        session.add(PriceClassLine(run_id=run.id, class_number=1, position=1, amount=1, rule_id=price, **line))


def test_a_component_is_added_and_changed(desk: Browser, town: Town) -> None:
    new = {"names-sv": "Tidningen", "group": "Riks", "beneficiary": "Norr"}
    desk.get("/admin/setup/components/new/").submit(form=1, account="1510", **cast("Any", new))
    assert desk.error_at("account").startswith("The account with this number is there for something else.")
    desk.submit(form=1, account="3099")
    assert "“Tidningen” is added." in desk.text
    path = f"/admin/setup/components/{component(town, 'tidningen')}/"
    desk.get(path)
    assert desk.page.xpath("string(//input[@name='account']/@value)") == "3099"
    desk.submit(form=1, beneficiary="", **cast("Any", {"names-en": "The magazine"}))
    assert "Each member's own group" in desk.text
    desk.get(f"{path}delete/").submit(form=1)
    assert "“The magazine” is taken away." in desk.text
    desk.get(f"/admin/setup/components/{component(town, 'local')}/delete/").submit(form=1)
    assert "it is used by prices" in desk.text


def test_a_type_is_added_with_its_parts_in_order(desk: Browser, town: Town) -> None:
    national, local = component(town, "national"), component(town, "local")
    desk.get("/admin/setup/types/new/").submit(form=1, group="Riks", **cast("Any", {"names-en": "Trial"}))
    assert desk.error_at("components").startswith("Give at least one part a place")
    order = {f"components-{national}": "2", f"components-{local}": "1"}
    desk.submit(form=1, term_months="5", calendar="y", **cast("Any", order))
    assert desk.error_at("term_months") == "Periods that follow the calendar have 1, 3, 6 or 12 months."
    assert desk.page.xpath(f"string(//input[@name='components-{national}']/@value)") == "2"
    desk.submit(form=1, term_months="6", max_age="25")
    assert "6 months of the calendar" in desk.text
    assert "up to 25" in desk.text
    with town.database.unit_of_work(Role.JOBS) as session:
        made = session.scalars(select(MembershipType).where(MembershipType.slug == "trial")).one()
        assert components_of(session, type_id=made.id) == [local, national]
        kind = made.id
    path = f"/admin/setup/types/{kind}/"
    desk.get(path).submit(form=1, **cast("Any", {f"components-{local}": ""}))
    with town.database.unit_of_work(Role.JOBS) as session:
        assert components_of(session, type_id=kind) == [national]
    desk.get(f"{path}delete/").submit(form=1)
    assert "“Trial” is taken away." in desk.text


def test_a_price_is_saved_only_after_what_it_does_was_seen(desk: Browser, town: Town) -> None:
    national = component(town, "national")
    desk.get("/admin/setup/prices/new/")
    desk.submit(form=1, component=str(national), amount="249,50", max_age="17", currency="SEK")
    assert "Nothing changes for the memberships there are." in desk.text
    assert not desk.summary()
    assert len(prices(town, national)) == 1
    desk.submit(form=1, amount="249.60")
    assert "This is something else than what you saw before." in desk.text
    assert len(prices(town, national)) == 1
    desk.submit(form=1)
    assert "is added" in desk.text
    assert prices(town, national)[-1].amount == 24960


def test_what_no_price_can_be_is_said_beside_its_box(desk: Browser, town: Town) -> None:
    local = component(town, "local")
    desk.get("/admin/setup/prices/new/")
    desk.submit(form=1, component=str(local), amount="much", min_age="30", max_age="20", currency="SEK")
    assert desk.error_at("amount").startswith("Write the amount in digits")
    assert desk.page.xpath("string(//input[@name='amount']/@value)") == "much"
    desk.submit(form=1, amount="100")
    assert desk.error_at("max_age") == "The highest age lies below the lowest."
    desk.submit(form=1, min_age="", max_age="")
    desk.submit(form=1)
    assert desk.error_at("valid_from").startswith("There is a price for exactly this")


def test_a_price_that_was_used_is_followed_by_another(desk: Browser, town: Town) -> None:
    national = component(town, "national")
    price = prices(town, national)[0]
    path = f"/admin/setup/prices/{price.id}/"
    desk.get(path).submit(form=1, amount="290")
    desk.submit(form=1)
    assert prices(town, national)[0].amount == 29000
    use(town, price.id)
    desk.get(path)
    assert not desk.page.xpath("//*[@name='currency'] | //*[@name='component']")
    assert "290 kr" in desk.text or "SEK 290.00" in desk.text
    desk.submit(form=1, amount="310", valid_from="2026-11-01")
    desk.submit(form=1)
    assert desk.error_at("valid_from") == "Choose a day, 22 November 2026 at the earliest."
    desk.submit(form=1, valid_from="2027-01-01")
    assert "For periods that begin on 1 January 2027" in desk.text or "Nothing changes" in desk.text
    desk.submit(form=1)
    assert [(one.amount, one.valid_from) for one in prices(town, national)] == [
        (29000, None),
        (31000, dt.date(2027, 1, 1)),
    ]
    desk.get(f"{path}delete/").submit(form=1)
    assert "it is used by invoices or previews" in desk.text


def test_prices_are_narrowed_down(desk: Browser, town: Town) -> None:
    local = component(town, "local")
    everything = len(desk.get("/admin/setup/prices/").page.xpath("//tbody/tr"))
    assert len(desk.get(f"/admin/setup/prices/?component={local}").page.xpath("//tbody/tr")) == 2 < everything
    assert not desk.get("/admin/setup/prices/?q=norr").page.xpath("//tbody/tr")
