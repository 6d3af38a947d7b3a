"""The members in a group's house: found, looked at, changed, added and taken along; those of others are not there."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from database.connect import Role
from dues.members.models import Person
from dues.members.register import pay_for
from tests.admin.group.work import two
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.admin.group.work import Two
    from tests.portal.town import Town
    from tests.web.browser import Browser


@pytest.fixture
def members(town: Town) -> Two:
    return two(town)


def test_the_list_has_those_of_the_group_and_nobody_else(leader: Browser, town: Town, members: Two) -> None:
    house = f"/group/{town.slug}/members"
    family = members.ours.name.split()[-1]
    leader.get(f"{house}/?q={family}")
    names = [" ".join(name.split()) for name in leader.page.xpath("//main//tbody//td[1]/a/text()")]
    assert len(names) == 1
    assert names[0].startswith(family)
    assert leader.get(f"{house}/?q={members.theirs.name.split()[-1]}").page.xpath("//main//tbody") == []
    assert members.theirs.name.split()[-1] not in leader.get(f"{house}/?standing=all").text
    assert members.theirs.name.split()[-1] not in leader.get(f"{house}/print").text


def test_a_table_to_take_along_names_its_columns_and_runs_no_formula(leader: Browser, town: Town, members: Two) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        session.get_one(Person, members.ours.person_id).given_name = "=1+2"
    leader.get(f"/group/{town.slug}/members/members.csv")
    assert leader.answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = leader.answer.get_data(as_text=True)
    assert text.startswith("\ufeffNumber,First name,Family name")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["First name"] for row in rows if row["Number"] == str(members.ours.person_id)] == ["'=1+2"]
    assert str(members.theirs.person_id) not in {row["Number"] for row in rows}


def test_a_file_tells_what_was_charged_and_what_comes_next(leader: Browser, town: Town, members: Two) -> None:
    leader.get(f"/group/{town.slug}/members/{members.ours.person}")
    assert leader.heading == members.ours.name
    assert f"Invoice {members.ours.number}" in leader.text
    assert "Next by itself" in leader.text
    assert "500.00" in leader.text


def test_details_are_changed_in_the_house(leader: Browser, town: Town, members: Two) -> None:
    leader.get(f"/group/{town.slug}/members/{members.ours.person}/details")
    leader.submit(form=1, city="Luleå")
    assert leader.path == f"/group/{town.slug}/members/{members.ours.person}"
    assert "Luleå" in leader.text


def test_a_membership_is_ended_in_the_house(leader: Browser, town: Town, members: Two) -> None:
    page = f"/group/{town.slug}/members/{members.ours.person}/memberships/{members.ours.membership}/end"
    leader.get(f"{page}?on=2026-11-22&how=left").submit(form=1)
    assert leader.path == f"/group/{town.slug}/members/{members.ours.person}"
    assert "ended on 22 November 2026" in leader.text


def test_a_child_is_added_with_who_pays_after_its_price_was_shown(leader: Browser, town: Town) -> None:
    leader.get(f"/group/{town.slug}/members/new/")
    boxes: dict[str, Any] = {
        "kind": str(town.member_type),
        "given_name": "Ask",
        "family_name": "Nyling",
        "birth": "27 3 2015",
        "street": "Storgatan 1",
        "postcode": "11122",
        "city": "Umeå",
    }
    leader.submit(form=1, **boxes)
    assert leader.error_at("payer_given_name") == "Write the first name of whoever pays."
    leader.submit(form=1, payer_given_name="Mor", payer_family_name="Nyling", payer_email="mor@example.org")
    assert "An invoice of 350.00" in leader.text.replace("\xa0", " ")
    assert "goes to Mor Nyling by e-mail" in leader.text
    leader.submit(form=1)
    assert "Ask Nyling is a member. The invoice is being written." in leader.text
    assert "Nyling, Ask" in leader.text


def test_another_membership_is_offered_of_ones_own_groups_only(leader: Browser, town: Town, members: Two) -> None:
    new = f"/group/{town.slug}/members/{members.ours.person}/memberships/new"
    leader.get(new)
    offered = set(leader.page.xpath("//main//a[contains(@href, '/memberships/new/')]/@href"))
    assert f"{new}/{town.slug}" in offered
    assert f"{new}/{town.other}" not in offered
    leader.get(f"{new}/{town.slug}")
    leader.get(f"{new}/{town.other}", status=404)


def test_persons_of_the_group_beside_are_not_there(leader: Browser, town: Town, members: Two) -> None:
    house, theirs = f"/group/{town.slug}/members", members.theirs
    for page in ("", "/details", "/memberships/new", f"/memberships/new/{town.slug}"):
        leader.get(f"{house}/{theirs.person}{page}", status=404)
    leader.get(f"{house}/{theirs.person}/memberships/{theirs.membership}/end", status=404)
    leader.get(f"{house}/{members.ours.person}/memberships/{theirs.membership}/end", status=404)
    leader.get(f"/group/{town.other}/members/", status=404)


def test_details_by_which_another_group_reaches_somebody_are_not_changed_in_the_house(
    leader: Browser, town: Town, members: Two, desk: Browser
) -> None:
    theirs = members.theirs
    with town.database.unit_of_work(Role.JOBS) as session:
        pay_for(session, person_id=members.ours.person_id, payer_id=theirs.person_id, on=TODAY)
    house = f"/group/{town.slug}/members/{theirs.person}"
    leader.get(house)
    assert leader.heading == theirs.name
    assert "the central office changes these details" in leader.text
    assert "Change details" not in leader.text
    leader.get(f"{house}/details", status=404)
    leader.get(f"/group/{town.slug}/members/new/")
    token = leader.page.xpath("string(//input[@name='csrf_token']/@value)")
    leader.post(f"{house}/details", csrf_token=token, email="mine@example.org", status=404)
    assert "Details of" in desk.get(f"/admin/persons/{theirs.person}/details").heading
