"""What the organisation says in its own words to who joins: the welcome and the thanks, from the nearest group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.groups.models import Group, Occasion
from dues.groups.texts import Saying, add_text
from tests.portal.test_join import adult, press_through

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.portal.town import Town
    from tests.web.browser import Browser


def test_who_joins_is_thanked_in_own_words_of_their_language(visit: Callable[..., Browser], town: Town) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        root = session.scalars(select(Group).where(Group.parent_id.is_(None))).one()
        words = "Takk fra {group}!\n\n{amount} innen {due date}."
        add_text(session, saying=Saying(root.id, Occasion.JOIN_THANKS, "nb"), words=words, by=COMMAND_LINE)
        root.welcome = {"de": "Willkommen bei allen."}
    thanked = press_through(visit("nb"), town, adult(town, "Takknemlig"))
    said = thanked.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Takk fra Norr! 500,00 SEK innen 22. desember 2026." in said
    assert "Takk fra" not in press_through(visit("en"), town, adult(town, "Thankful")).text


def test_a_group_without_a_welcome_has_that_of_the_nearest_above_in_each_language(
    visit: Callable[..., Browser], town: Town
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        root = session.scalars(select(Group).where(Group.parent_id.is_(None))).one()
        root.welcome = {"de": "Willkommen bei allen.", "sv": "Välkommen till alla."}
    assert "Willkommen bei allen." in visit("de").get(f"/join/{town.slug}").text
    assert "Välkommen till Norr." in visit("sv").get(f"/join/{town.slug}").text
    assert "Välkommen till alla." in visit("sv").get(f"/join/{town.other}").text
