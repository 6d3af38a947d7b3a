"""Named lists at the desk: kept, shared, changed, opened; what they show is decided anew each time."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from database.connect import Role
from tests.admin.conftest import entered
from tests.factories.staff import employ
from tests.web.browser import Browser

if TYPE_CHECKING:
    from flask import Flask

    from tests.portal.town import Town

_numbers = itertools.count()


@pytest.fixture
def name() -> str:
    """A name that no other test gives a list."""
    return f"Late ones {next(_numbers)}"


def press(desk: Browser, action: str, *, status: int = 200, **fields: str | None) -> Browser:
    """Send the form whose address holds some words."""
    forms = [one for one in desk.page.forms if one.method == "POST"]
    place = next(at for at, one in enumerate(forms) if action in (one.action or ""))
    return desk.submit(form=place, status=status, **fields)


def colleague(app: Flask, town: Town, *roles: str) -> Browser:
    email = f"colleague{next(_numbers)}@example.org"
    with town.database.unit_of_work(Role.JOBS) as session:
        employ(session, name=f"Colleague {email}", email=email, roles=roles)
    return entered(Browser(app), town.database, email=email).get("/admin/you/")


def test_what_is_narrowed_down_is_kept_under_a_name_and_opens_again(desk: Browser, name: str) -> None:
    desk.get("/admin/invoices/?view=overdue&least=250&sort=-due")
    press(desk, "/keep", name=name)
    assert f"Kept as “{name}”" in desk.text
    assert desk.path.partition("?")[2].startswith("view=overdue&sort=-due&least=250&list=")
    assert desk.page.xpath("string(//nav[@class='named-lists']//a[@aria-current])").strip() == name
    desk.get("/admin/lists/")
    desk.get(desk.page.xpath("string(//a[text()=$name]/@href)", name=name))
    assert "Amount from: 250" in desk.text


def test_a_name_stands_for_what_is_shown_now_where_one_says_so(desk: Browser, name: str) -> None:
    press(desk.get("/admin/invoices/?view=overdue"), "/keep", name=name)
    saved = desk.path.partition("list=")[2]
    desk.get(f"/admin/invoices/?view=paid&list={saved}")
    press(desk, "/keep")
    assert f"“{name}” now stands for what is shown here" in desk.text
    desk.get(f"/admin/lists/{saved}")
    assert "view=paid" in desk.path


def test_a_name_is_asked_for_and_given_once(desk: Browser, name: str) -> None:
    press(desk.get("/admin/claims/?view=open"), "/keep", name=" ")
    assert "Give the list a name." in desk.text
    press(desk, "/keep", name=name)
    press(desk.get("/admin/claims/?view=held"), "/keep", name=name.upper())
    assert f"You have a list called “{name.upper()}” already." in desk.text
    assert desk.page.xpath("string(//input[@name='name']/@value)") == name.upper()
    press(desk.get("/admin/invoices/?view=held"), "/keep", name=name)
    assert "Kept as" in desk.text


def test_a_list_is_ones_own_until_it_is_shared(desk: Browser, app: Flask, town: Town, name: str) -> None:
    press(desk.get("/admin/invoices/?view=open"), "/keep", name=name)
    saved = desk.path.partition("list=")[2]
    other = colleague(app, town, "economist")
    assert name not in other.get("/admin/invoices/").text
    other.get(f"/admin/lists/{saved}", status=404)
    desk.get(f"/admin/lists/{saved}/edit")
    press(desk, "/edit", shared="y")
    assert "You and colleagues" in desk.text
    assert name in other.get("/admin/invoices/").text
    assert "Shared by Clerk" in other.get("/admin/lists/").text
    other.get(f"/admin/lists/{saved}/edit", status=404)


def test_a_list_is_called_otherwise_and_deleted(desk: Browser, name: str) -> None:
    press(desk.get("/admin/persons/?mail=without"), "/keep", name=name)
    saved = desk.path.partition("list=")[2]
    desk.get(f"/admin/lists/{saved}/edit")
    press(desk, "/edit", name=f"{name} again")
    assert f"{name} again" in desk.text
    desk.get(f"/admin/lists/{saved}/edit")
    press(desk, "/delete")
    assert f"“{name} again” is not kept any more" in desk.text
    desk.get(f"/admin/lists/{saved}", status=404)


def test_what_a_list_stands_for_is_read_like_any_address(desk: Browser, town: Town, name: str) -> None:
    press(desk.get("/admin/invoices/?view=open&nonsense=1&least=much"), "/keep", name=name)
    assert "nonsense" not in desk.path
    assert "Write the amount in digits" in desk.text
    with town.database.unit_of_work(Role.JOBS) as session:
        session.execute(
            text("UPDATE saved_list SET query = 'view=nothing&sort=salary&after=1' WHERE name = :n"), {"n": name}
        )
    desk.get("/admin/lists/")
    desk.get(desk.page.xpath("string(//a[text()=$name]/@href)", name=name))
    assert desk.heading == "Invoices"


def test_a_named_list_is_found_by_its_name(desk: Browser, name: str) -> None:
    press(desk.get("/admin/invoices/?view=overdue"), "/keep", name=name)
    desk.get(f"/admin/find?q={name.replace(' ', '+')}")
    desk.get(desk.page.xpath("string(//a[text()=$name]/@href)", name=name))
    assert "view=overdue" in desk.path
