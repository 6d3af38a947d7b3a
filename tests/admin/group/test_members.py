"""The members in a group's house: found, looked at, changed, added and taken along; those of others are not there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from database.connect import Role
from dues.groups.models import Group
from dues.members.models import Membership, MembershipStatus, MembershipType, Person, StatusChange
from dues.members.register import pay_for
from tests.admin.group.work import two
from tests.factories.members import person
from tests.factories.runs import issued
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.admin.group.work import Two
    from tests.portal.town import Town
    from tests.web.browser import Browser


@pytest.fixture
def members(town: Town) -> Two:
    return two(town)


@pytest.fixture
def closed(town: Town) -> Iterator[None]:
    """Let the group's join page be closed meanwhile."""
    _open(town, joinable=False)
    yield
    _open(town, joinable=True)


def _open(town: Town, *, joinable: bool) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(Group).where(Group.slug == town.slug).values(joinable=joinable))


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
    assert leader.heading == "Ask Nyling"
    assert "Mor Nyling" in leader.text


def _boxes(town: Town, given_name: str, **more: str) -> dict[str, Any]:
    boxes = {"kind": str(town.member_type), "given_name": given_name, "family_name": "Tillagd", "birth": "17 5 1980"}
    return {**boxes, "street": "Storgatan 1", "postcode": "11122", "city": "Umeå", **more}


def _add(leader: Browser, town: Town, given_name: str, **more: str) -> None:
    leader.get(f"/group/{town.slug}/members/new/").submit(form=1, **_boxes(town, given_name, **more))


@pytest.mark.usefixtures("closed")
def test_somebody_is_added_also_where_the_join_page_is_closed(leader: Browser, town: Town) -> None:
    leader.get(f"/join/{town.slug}", status=404)
    _add(leader, town, "Stig", email="stig@tillagd.example")
    assert "Stig Tillagd becomes a member of" in leader.text
    leader.submit(form=1)
    assert leader.heading == "Stig Tillagd"
    assert "stig@tillagd.example" in leader.text
    leader.get(f"/group/{town.slug}/members/")
    assert leader.page.xpath("//main//a[@href=$to]", to=f"/group/{town.slug}/members/new/")


@pytest.mark.usefixtures("closed")
def test_another_membership_is_added_also_where_the_join_page_is_closed(
    leader: Browser, town: Town, members: Two
) -> None:
    new = f"/group/{town.slug}/members/{members.ours.person}/memberships/new"
    assert f"{new}/{town.slug}" in leader.get(new).page.xpath("//main//a/@href")
    leader.get(f"{new}/{town.slug}")
    leader.submit(form=1, kind=str(town.supporter_type))
    assert "The invoice is being written" in leader.text


def test_a_membership_that_starts_later_says_when_its_invoice_is_made(leader: Browser, town: Town) -> None:
    _add(leader, town, "Senare", starts="2027-02-01")
    assert "from 1 February 2027" in leader.text
    assert "is made by itself on 2 January 2027" in leader.text
    leader.submit(form=1)
    assert leader.heading == "Senare Tillagd"
    assert "The invoice is made by itself on 2 January 2027." in leader.text
    assert "invoice on 2 January 2027" in leader.text


def test_a_start_that_was_changed_after_it_was_shown_is_shown_again(leader: Browser, town: Town) -> None:
    _add(leader, town, "Ombytt")
    leader.submit(form=1, starts="2026-11-01")
    assert "from 1 November 2026" in leader.text
    assert leader.heading == "Add a member"
    leader.submit(form=1, starts="1999-11-01")
    assert leader.error_at("starts") == "Choose a day that lies at most a year back or ahead."


def test_days_that_an_earlier_membership_was_charged_for_are_not_charged_again(leader: Browser, town: Town) -> None:
    _add(leader, town, "Igen", email="igen@tillagd.example")
    leader.submit(form=1)
    with town.database.unit_of_work(Role.JOBS) as session:
        one = session.scalars(select(Membership).order_by(Membership.id.desc()).limit(1)).one()
        one.charged_through, one.ended_on = dt.date(2026, 12, 31), dt.date(2026, 6, 30)
    _add(leader, town, "Igen", email="igen@tillagd.example", starts="2026-07-01")
    leader.submit(form=1)
    assert leader.heading == "Add a member"
    said = "An earlier membership is charged through 31 December 2026. Choose a later day."
    assert leader.error_at("starts") == said


def test_who_is_known_here_by_the_address_is_named_and_nobody_of_another_group(
    leader: Browser, town: Town, members: Two
) -> None:
    emails = []
    with town.database.unit_of_work(Role.JOBS) as session:
        for one in (members.ours, members.theirs):
            who = session.get_one(Person, one.person_id)
            who.email = who.email_key = f"known{one.person_id}@tillagd.example"
            emails.append(who.email)
    _add(leader, town, "Dubbel", email=emails[0].upper())
    assert "This e-mail address is known here already" in leader.text
    file = f"/group/{town.slug}/members/{members.ours.person}"
    assert leader.page.xpath("string(//main//a[@href=$to])", to=file) == members.ours.name
    _add(leader, town, "Dubbel", email=emails[1])
    assert "is known here already" not in leader.text
    assert members.theirs.name not in leader.text


def test_who_is_a_member_already_is_shown_and_not_added_twice(leader: Browser, town: Town) -> None:
    for said in ("The invoice is being written", "is a member already. Nothing was added."):
        _add(leader, town, "Tvilling", email="tvilling@tillagd.example")
        leader.submit(form=1)
        assert said in leader.text
        assert leader.heading == "Tvilling Tillagd"


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


def test_of_who_only_pays_one_sees_how_to_reach_them_and_no_more(
    leader: Browser, town: Town, members: Two, desk: Browser
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        born = dt.date(1979, 3, 8)
        payer = Person(given_name="Bara", family_name="Betalar", name_key="betalar bara", language="sv", country="SE")
        payer.email, payer.birth_date, payer.street = "bara@betalar.example", born, "Hemliga gatan 7"
        payer.postcode, payer.city = "123 45", "Gömstad"
        session.add(payer)
        session.flush()
        pay_for(session, person_id=members.ours.person_id, payer_id=payer.id, on=TODAY)
        uuid = payer.uuid
    file = f"/group/{town.slug}/members/{uuid}"
    assert "bara@betalar.example" in leader.get(file).text
    for page in (
        file,
        f"{file}/details",
        f"/group/{town.slug}/members/print",
    ):
        leader.get(page)
        said = leader.answer.get_data(as_text=True)
        assert not [secret for secret in ("Hemliga", "Gömstad", "1979") if secret in said], page
    leader.get(f"{file}/details").submit(form=1, email="ny@betalar.example")
    assert "ny@betalar.example" in leader.text
    assert "Hemliga gatan 7" in desk.get(f"/admin/persons/{uuid}").text
    assert "1979" in desk.text
    leader.get(f"/group/{town.slug}/members/{members.ours.person}")
    assert "Born" in leader.text


def test_of_a_familys_one_invoice_each_group_sees_the_lines_of_its_own(leader: Browser, town: Town) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        groups = [session.scalars(select(Group.id).where(Group.slug == slug)).one() for slug in (town.slug, town.other)]
        parent = person(session, given_name="Eva", family_name="Ek", born=None)
        parent.one_invoice = True
        children = [
            person(session, given_name=name, family_name="Ek", born=dt.date(1999, 1, 1)) for name in ("Ali", "Bo")
        ]
        kind = session.scalars(select(MembershipType.id)).first()
        starts = TODAY + dt.timedelta(days=5)
        held = [
            Membership(person_id=one.id, type_id=kind, group_id=group, joined_on=starts)
            for one, group in zip(children, groups, strict=True)
        ]
        session.add_all(held)
        for one in children:
            pay_for(session, person_id=one.id, payer_id=parent.id, on=TODAY)
        session.flush()
        applied = {"from_on": TODAY, "status": MembershipStatus.APPLIED, "actor": "job:test"}
        session.add_all(StatusChange(membership_id=one.id, **applied) for one in held)
        memberships, ours, theirs = [one.id for one in held], children[0].uuid, children[1].uuid
        membership = held[0].uuid
    assert issued(town.database.opener(Role.JOBS), on=TODAY, memberships=memberships).done == 1
    page = leader.get(f"/group/{town.slug}/members/{ours}").text
    assert "On an invoice with members of other groups" in page
    assert "not paid yet" in page
    assert "No invoice so far." in page
    assert "Bo Ek" not in page
    assert leader.get(f"/group/{town.slug}/members/{theirs}", status=404).path
    ending = leader.get(f"/group/{town.slug}/members/{ours}/memberships/{membership}/end?on={TODAY}&how=left").text
    assert "ask the group above to credit what is not needed" in ending
