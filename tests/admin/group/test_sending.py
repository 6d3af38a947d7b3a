"""In a group's house: invoices written line by line, templates, and what is sent to many, in books of its own alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Group
from dues.invoicing.models import Invoice
from dues.members.models import Person
from dues.runs.models import Run
from tests.admin.group.homes import press, sung
from tests.admin.group.work import two
from tests.factories.products import product
from tests.factories.runs import confirmed, finished
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.group.homes import Home, Sung
    from tests.portal.town import Town


@pytest.fixture
def alto(homes: tuple[Home, Home], come: Callable[..., Browser]) -> Browser:
    """Whoever looks after the first of two groups with books of their own."""
    return come(homes[0].slug)


@pytest.fixture
def singer(town: Town, homes: tuple[Home, Home]) -> Sung:
    return sung(town, homes[0])


@pytest.fixture
def stranger(town: Town, homes: tuple[Home, Home]) -> Sung:
    return sung(town, homes[1])


def address_of(town: Town, person_id: int) -> str:
    with town.database.unit_of_work(Role.JOBS) as session:
        return str(session.get_one(Person, person_id).uuid)


def songbook(town: Town, group_id: int, number: str) -> int:
    with town.database.unit_of_work(Role.JOBS) as session:
        return product(session, session.get_one(Group, group_id), number=number).id


def newest(town: Town, what: type[Run | Invoice]) -> int:
    with town.database.unit_of_work(Role.JOBS) as session:
        return session.scalars(select(what.id).order_by(what.id.desc())).first() or 0


def test_an_invoice_is_written_in_the_house_for_a_member_of_its_own(
    alto: Browser, town: Town, homes: tuple[Home, Home], singer: Sung, stranger: Sung
) -> None:
    home, other = homes
    ours, theirs = songbook(town, home.group_id, f"A{singer.person_id}"), songbook(town, other.group_id, "B1")
    who = address_of(town, singer.person_id)
    alto.get(f"/group/{home.slug}/members/{who}")
    alto.get(alto.page.xpath("//main//a[contains(., 'New invoice')]/@href")[0])
    alto.submit(form=1, do="product", add=str(theirs))
    assert not alto.page.xpath("//input[@name='quantity-0']")
    alto.submit(form=1, do="product", add=str(ours))
    alto.submit(form=1, do="show")
    assert f"{home.name} association issues an invoice" in alto.text
    alto.submit(form=1, do="issue")
    assert alto.path.startswith(f"/group/{home.slug}/invoices/")
    with town.database.unit_of_work(Role.JOBS) as session:
        written = session.get_one(Invoice, newest(town, Invoice))
        assert (written.payer_id, written.group_id, written.creditor_id) == (
            singer.person_id,
            home.group_id,
            home.creditor_id,
        )
    alto.get(f"/group/{home.slug}/members/{address_of(town, stranger.person_id)}/invoices/new", status=404)


def test_a_template_is_written_and_sent_to_the_members_of_the_house(
    alto: Browser, town: Town, homes: tuple[Home, Home], singer: Sung, come: Callable[..., Browser]
) -> None:
    home, other = homes
    book = songbook(town, home.group_id, f"T{singer.person_id}")
    alto.get(f"/group/{home.slug}/invoices/templates/")
    alto.get(alto.page.xpath("//main//a[contains(., 'New template')]/@href")[0])
    alto.submit(form=1, do="product", add=str(book))
    name = f"Songs {singer.person_id}"
    alto.submit(form=1, do="keep", name=name)
    assert alto.heading == name
    template = alto.path
    assert template.startswith(f"/group/{home.slug}/invoices/templates/")
    alto.get(f"{template}?status=applied")
    alto.submit(form=1, do="send")
    page, jobs = alto.path, town.database.opener(Role.JOBS)
    assert page.startswith(f"/group/{home.slug}/invoices/runs/")
    run = newest(town, Run)
    finished(jobs, run)
    assert "Status: Applied" in alto.get(page).text
    assert singer.name in alto.get(f"{page}/rows").text
    confirmed(jobs, run)
    press(alto.get(page), "Preview the undoing")
    assert alto.path.startswith(f"/group/{home.slug}/invoices/runs/")
    assert alto.path != page
    bass = come(other.slug)
    for address in (template, f"{template}/edit", page):
        bass.get(address.replace(f"/{home.slug}/", f"/{other.slug}/"), status=404)
        bass.get(address, status=404)
    assert name not in bass.get(f"/group/{other.slug}/invoices/templates/").text


def test_members_of_another_house_are_sent_nothing(
    alto: Browser, town: Town, homes: tuple[Home, Home], singer: Sung
) -> None:
    home, other = homes
    book = songbook(town, home.group_id, f"O{singer.person_id}")
    alto.get(f"/group/{home.slug}/invoices/templates/new")
    alto.submit(form=1, do="product", add=str(book))
    alto.submit(form=1, do="keep", name=f"Own {singer.person_id}")
    before, template = newest(town, Run), alto.path
    alto.submit(form=1, do="send", groups=str(other.group_id))
    assert alto.path == template
    assert alto.error_at("group") or alto.summary()
    assert newest(town, Run) == before


def test_a_house_without_books_of_its_own_leaves_invoices_to_the_office_above(leader: Browser, town: Town) -> None:
    members = two(town)
    page = f"/group/{town.slug}/members/{members.ours.person}"
    assert "New invoice" not in leader.get(page).text
    leader.get(f"/group/{town.slug}/invoices/templates/new")
    # Another test may have opened a group below it, with books of its own: then it is asked which group sends.
    assert "This group has no books of its own" in leader.text or "Sent by which group?" in leader.text
    leader.get(f"/group/{town.slug}/invoices/{members.ours.invoice}/duplicate", status=404)


def test_a_product_of_the_house_is_added_changed_and_sold(
    alto: Browser, town: Town, homes: tuple[Home, Home], singer: Sung, come: Callable[..., Browser]
) -> None:
    home, other = homes
    alto.get(f"/group/{home.slug}/look/")
    alto.get(alto.page.xpath("//main//a[contains(., 'Our products')]/@href")[0])
    alto.get(alto.page.xpath("//main//a[contains(., 'Add a product')]/@href")[0])
    number = f"H{singer.person_id}"
    filled: dict[str, Any] = {"number": number, "names-en": "Choir cap", "prices-SEK": "70"}
    alto.submit(form=1, **{**filled, "prices-SEK": "x"})
    assert alto.summary()
    alto.submit(form=1, **filled)
    assert f"{number} · Choir cap" in alto.text
    alto.get(f"/group/{home.slug}/look/products/new").submit(form=1, **filled)
    assert alto.error_at("number") == "This group has a product with this number. Choose another one."
    alto.get(f"/group/{home.slug}/look/products/")
    alto.get(alto.page.xpath(f"//main//a[contains(., '{number}')]/@href")[0])
    page = alto.path
    alto.submit(form=1, **{**filled, "prices-SEK": "75"})
    assert "75.00 SEK" in alto.text
    alto.get(f"/group/{home.slug}/members/{address_of(town, singer.person_id)}/invoices/new")
    assert alto.page.xpath(f"//select[@id='add']/option[contains(., '{number} · Choir cap')]")
    bass = come(other.slug)
    bass.get(page.replace(f"/{home.slug}/", f"/{other.slug}/"), status=404)
    assert "Choir cap" not in bass.get(f"/group/{other.slug}/look/products/").text


def test_a_house_without_books_of_its_own_has_no_products(leader: Browser, town: Town) -> None:
    assert "Our products" not in leader.get(f"/group/{town.slug}/look/").text
    leader.get(f"/group/{town.slug}/look/products/", status=404)
