"""The page that shows every component in every state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app import create_app
from dues.invoicing import standing
from settings import Settings
from tests.portal.town import Town, build_town
from tests.web.browser import Browser
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import TestServers


@pytest.fixture(scope="module")
def town(servers: TestServers) -> Iterator[Town]:
    with servers.copy() as database:
        yield build_town(database)


def designer(town: Town, data: Path, **environment: str) -> Browser:
    settings = Settings.from_env({"KONTINGENT_DATA": str(data), **environment})
    return Browser(create_app(settings, database=town.database, wake=Woken()))


def test_outside_development_there_is_no_such_page(town: Town, tmp_path: Path) -> None:
    designer(town, tmp_path).get("/design", status=404)


@pytest.mark.parametrize("face", ["desk", "public"])
def test_every_state_is_shown_in_the_look_of_each_face(town: Town, tmp_path: Path, face: str) -> None:
    browser = designer(town, tmp_path, KONTINGENT_DEVELOPMENT="1").get(f"/design?face={face}")
    shown = {
        " ".join(badge.text_content().split()) for badge in browser.page.xpath("//*[contains(@class, 'badge tone-')]")
    }
    for axis in (standing.Document, standing.Settlement, standing.Delivery):
        assert {state.value.capitalize() for state in axis} <= shown
    assert {"Reminder 1", "Collection notice", "Complaint", "On hold"} <= shown
