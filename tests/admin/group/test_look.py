"""What a group's own people change of its look, its words, its prices and its sender; and see before they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Group
from tests.admin.group.homes import press

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.group.homes import Home
    from tests.portal.town import Town
    from tests.web.browser import Browser


def test_the_look_is_shown_before_it_is_saved_and_holds_at_once(
    homes: tuple[Home, Home], come: Callable[..., Browser], visit: Callable[..., Browser], town: Town
) -> None:
    home = homes[1]
    leader = come(home.slug)
    page = leader.get(f"/group/{home.slug}/look/")
    token = page.page.xpath("string(//form[@id='look-form']//input[@name='csrf_token']/@value)")
    seen = leader.post(f"/group/{home.slug}/look/preview", csrf_token=token, colour="#ffd400")
    assert "#ffd400" in seen.answer.get_data(as_text=True)
    mail = leader.post(f"/group/{home.slug}/look/mail", csrf_token=token, colour="#ffd400")
    assert "sandbox" in mail.answer.headers["Content-Security-Policy"]
    document = leader.post(f"/group/{home.slug}/look/document", csrf_token=token, colour="#ffd400")
    assert document.answer.data.startswith(b"%PDF")
    with town.database.unit_of_work(Role.JOBS) as session:
        assert session.scalar(select(Group.colour).where(Group.slug == home.slug)) == home.colour
    leader.get(f"/group/{home.slug}/look/")
    page = press_save(leader, colour="#ffd400", **{"welcome-en": "Come and sing."})
    assert "Your look is saved" in page.text
    assert "Come and sing." in visit().get(f"/join/{home.slug}").text
    assert press_save(leader, colour="yellow").error_at("colour").startswith("Write #")
    leader.get(f"/group/{home.slug}/look/")
    press_save(leader, colour=home.colour)


def press_save(browser: Browser, **fields: str) -> Browser:
    form = next(form for form in browser.page.forms if form.get("id") == "look-form")
    posts = [one for one in browser.page.forms if one.method == "POST"]
    return browser.submit(form=posts.index(form), status=200, logo=None, no_logo=None, **fields)


def test_a_group_says_something_in_its_own_words_until_it_takes_them_back(
    homes: tuple[Home, Home], come: Callable[..., Browser]
) -> None:
    home = homes[0]
    page = come(home.slug).get(f"/group/{home.slug}/look/texts/?occasion=invoice&language=en")
    page = press(page, "Save", words="Thank you, {name}.")
    assert "Invoice, English" in page.text
    page = press(page, "Save", words="Thank you, {nobody}.")
    assert page.error_at("words").startswith("{nobody} is not known")
    page = press(page, "Save", words="")
    assert "You say nothing in words of your own yet" in page.text


def test_a_group_prices_its_own_part_where_it_is_allowed(
    homes: tuple[Home, Home], come: Callable[..., Browser], leader: Browser, town: Town
) -> None:
    home = homes[0]
    page = come(home.slug).get(f"/group/{home.slug}/look/prices/")
    assert "National fee" not in page.text
    address = page.page.xpath("//a[contains(@href, '/look/prices/')]/@href")
    own = next(one for one in address if one.rstrip("/").rpartition("/")[2].isdigit())
    page = press(page.get(own), "Set the price", amount="250")
    assert "250.00" in page.text
    page = press(page, "Cost what it costs elsewhere")
    assert "As elsewhere" in page.text
    page = leader.get(f"/group/{town.slug}/look/prices/")
    assert "Whoever looks after the organisation sets these prices" in page.text
    leader.get(own.replace(home.slug, town.slug), status=404)


def test_a_group_has_a_membership_type_of_its_own_where_it_is_allowed(
    homes: tuple[Home, Home], come: Callable[..., Browser], leader: Browser, town: Town, visit: Callable[..., Browser]
) -> None:
    home = homes[0]
    page = come(home.slug).get(f"/group/{home.slug}/look/types/new")
    fields = {"like": str(town.member_type), "names-en": "Rehearsal guest", "min_age": "30", "max_age": "20"}
    page = press(page, "Save", **fields)
    assert page.error_at("max_age") == "The highest age lies below the lowest."
    page = press(page, "Save", **{**fields, "max_age": ""})
    assert "Rehearsal guestfrom 30 years · your own" in page.text
    assert "Rehearsal guest" in visit().get(f"/join/{home.slug}").text
    assert "Rehearsal guest" not in visit().get(f"/join/{town.slug}").text
    own = page.page.xpath("//ul[@class='rows']//a/@href")[0]
    page = press(page.get(own), "Save", joinable=None)
    assert "Rehearsal guest" not in visit().get(f"/join/{home.slug}").text
    leader.get(own.replace(home.slug, town.slug), status=404)
    leader.get(f"/group/{town.slug}/look/types/new", status=404)


def test_who_invoices_are_from_is_said_by_the_group(homes: tuple[Home, Home], come: Callable[..., Browser]) -> None:
    home = homes[0]
    page = come(home.slug).get(f"/group/{home.slug}/look/sender/")
    page = press(page, "Save", email="not an address")
    assert page.error_at("email")
    page = press(page, "Save", email="board@alto.example", phone="")
    assert "Invoices from the next on say it" in page.text
