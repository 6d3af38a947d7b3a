"""Who holds a link sees its invoice, and nobody else's; who held one that was revoked sees nothing any more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from dues.invoicing.access import link_number, token_hash
from tests.rights.walk import HOST, web
from tests.rights.world import FOREIGN, OWN
from tests.web.browser import Browser
from web.house import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tests.rights.world import World


@pytest.fixture
def app(world: World, tmp_path: Path) -> Iterator[Flask]:
    """The application, whose work is undone."""
    yield web(world, tmp_path)
    world.database.undo()


def holder(app: Flask, world: World, token: str) -> Browser:
    """Somebody who has given the code of a link a moment ago."""
    opened = {f"{link_number(token_hash(token)):x}": [world.links[token], time.time() + 600]}
    return Browser(app).remember(opened=opened)


def test_a_link_shows_its_invoice_and_another_one_only_asks_for_a_code(app: Flask, world: World) -> None:
    mine, _, others = world.links
    names = world.things["name"]
    browser = holder(app, world, mine)
    assert names[OWN] in browser.get(f"/i/{mine}").text
    assert browser.get(f"/i/{mine}/invoice.pdf").answer.mimetype == "application/pdf"
    locked = browser.get(f"/i/{others}")
    assert names[FOREIGN] not in locked.text
    browser.get(f"/i/{others}/invoice.pdf", status=303)


def test_a_cookie_that_names_another_invoice_shows_that_of_the_link(app: Flask, world: World) -> None:
    mine, _, others = world.links
    opened = {f"{link_number(token_hash(mine)):x}": [world.links[others], time.time() + 600]}
    page = Browser(app).remember(opened=opened).get(f"/i/{mine}")
    assert world.things["name"][OWN] in page.text
    assert world.things["name"][FOREIGN] not in page.text


def test_a_link_that_was_revoked_shows_nothing_also_to_who_had_opened_it(app: Flask, world: World) -> None:
    _, revoked, _ = world.links
    browser = holder(app, world, revoked)
    never = "n" * 43
    shown = browser.get(f"/i/{revoked}").text
    assert world.things["name"][OWN] not in shown
    assert shown == Browser(app).get(f"/i/{never}").text
    browser.get(f"/i/{revoked}/invoice.pdf", status=303)


@pytest.mark.parametrize("path", ["/", "/join/se-norr", "/admin/", "/admin/login", "/group/se-norr/", "/nowhere"])
def test_a_host_that_a_browser_claims_stands_nowhere(app: Flask, path: str) -> None:
    claimed = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    answer = app.test_client().get(path, headers=claimed)
    said = answer.get_data(as_text=True) + answer.headers.get("Location", "")
    assert "evil.example" not in said


def test_addresses_in_mails_are_those_of_the_settings(app: Flask) -> None:
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        assert absolute("/i/x") == f"https://{HOST}/i/x"
