"""Somebody's death recorded at the desk, and a mistake taken back there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dues.members.models import Membership, Person
from tests.admin.office.desk_work import billed, jobs, pays
from tests.admin.office.test_bill import plain
from tests.factories.organisation import FEE

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def test_a_death_says_first_what_follows_and_is_taken_back(desk: Browser, town: Town) -> None:
    who = billed(town, email="died@files.example")
    desk.get(f"/admin/persons/{who.person}/death?on=2026-11-22")
    for words in (
        "Member ends on 22 November 2026.",
        "1 message that waits is held back.",
        "A mistake can be taken back for 30 days.",
    ):
        assert words in plain(desk), words
    desk.submit(form=1)
    assert "is recorded. Nothing is sent to them any more." in desk.text
    assert "Died 22 November 2026" in plain(desk)
    with jobs(town)() as session:
        held = select(Membership.status).join(Person, Person.id == Membership.person_id)
        assert session.scalars(held.where(Person.uuid == who.person)).all() == ["deceased"]
    desk.get(f"/admin/persons/{who.person}/death").submit(form=1)
    assert "lives, and the memberships go on." in desk.text
    assert "Died 22" not in desk.text


def test_a_day_that_has_not_come_is_refused_beside_its_box(desk: Browser, town: Town) -> None:
    who = billed(town)
    for day in ("2027-05-01", "", "soon"):
        desk.get(f"/admin/persons/{who.person}/death?on={day}")
        assert "Choose the day of death, today at the latest." in desk.text
        assert "What happens" not in desk.text


def test_nothing_is_recorded_where_something_else_would_be_credited(desk: Browser, town: Town) -> None:
    who = billed(town)
    pays(town, FEE, who.reference)
    desk.get(f"/admin/persons/{who.person}/death?on=2026-11-22")
    desk.submit(form=1, seen="1", status=409)
    assert "Nothing was recorded." in desk.text
