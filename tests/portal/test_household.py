"""A household joins on one form, as a visitor without a script does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from database.connect import Role
from dues.groups.models import Creditor
from dues.members.models import Membership, Payer, Person
from dues.runs.models import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken


def step(browser: Browser, value: str, **fields: Any) -> Browser:
    """Press one of the buttons that put somebody on or take somebody off."""
    (button,) = browser.page.xpath("//button[@name='step'][@value=$value]", value=value)
    (form,) = button.iterancestors("form")
    written = {name: held or "" for name, held in form.form_values()}
    return browser.post(button.get("formaction"), **{**written, **fields, "step": value})


def person(town: Town, place: int, name: str, birth: str) -> dict[str, Any]:
    prefix = "" if place == 1 else f"p{place}-"
    return {f"{prefix}kind": str(town.member_type), f"{prefix}given_name": name, f"{prefix}birth": birth}


def home(family: str) -> dict[str, Any]:
    """What a household shares."""
    email = f"{family.lower()}@example.org"
    return {"street": "Ekvägen 1", "postcode": "75320", "city": "Uppsala", "email": email, "consent": "y"}


def family(browser: Browser, town: Town, name: str) -> Browser:
    """Write a parent and two children, without sending them."""
    browser.get(f"/join/{town.slug}")
    step(browser, "more", **person(town, 1, "Marit", "17 5 1980"), family_name=name, **home(name))
    return step(browser, "more", **person(town, 2, "Sigrid", "27 3 2015"))


def value(browser: Browser, field: str) -> str:
    return str(browser.page.xpath("string(//*[@id=$id]/@value)", id=field))


def called(browser: Browser) -> list[str]:
    """The headings of the people on the form."""
    return [" ".join(one.text_content().split()) for one in browser.page.xpath("//*[@class='person-head']/h2")]


def people(town: Town, family_name: str) -> list[Person]:
    with town.database.opener(Role.JOBS)() as session:
        return list(session.scalars(select(Person).where(Person.family_name == family_name).order_by(Person.id)))


def test_another_person_keeps_everything_that_was_written_and_stores_nothing(browser: Browser, town: Town) -> None:
    family(browser, town, "Abborre")
    assert called(browser) == ["1 Marit", "2 Sigrid", "3 Person 3"]
    assert (value(browser, "given_name"), value(browser, "birth"), value(browser, "city")) == (
        "Marit",
        "17 5 1980",
        "Uppsala",
    )
    assert browser.page.xpath("//input[@id='consent'][@checked]")
    # The next one is likely to be called like the one before, and that is where one goes on.
    assert value(browser, "p3-family_name") == "Abborre"
    assert browser.page.xpath("//*[@autofocus]/@id") == ["person-3"]
    assert not browser.title.startswith("Error")
    assert people(town, "Abborre") == []


def test_somebody_is_taken_off_and_the_others_move_up(browser: Browser, town: Town) -> None:
    family(browser, town, "Braxen")
    step(browser, "remove-1", **person(town, 3, "Ole", "3 2 2017"), pays="p2")
    assert called(browser) == ["1 Sigrid", "2 Ole"]
    assert (value(browser, "birth"), value(browser, "p2-birth")) == ("27 3 2015", "3 2 2017")
    assert browser.page.xpath("//input[@name='pays'][@checked]/@value") == ["member"]
    step(browser, "remove-2")
    assert called(browser) == []
    assert browser.heading == "Join Norr"
    assert value(browser, "given_name") == "Sigrid"


def test_a_family_joins_with_one_press_each_at_their_own_price(browser: Browser, town: Town, woken: Woken) -> None:
    family(browser, town, "Id").submit(**person(town, 3, "Ole", "3 2 2017"))
    assert browser.heading == "Thank you for joining Norr"
    for told in (
        "Member, until 21 November 2027 SEK 500.00",
        "Member, until 21 November 2027 SEK 350.00",
        "Together SEK 1,200.00",
        "3 invoices come by e-mail",
        "All go to id@example.org",
        "Pay by 22 December 2026",
    ):
        assert told in browser.text
    marit, *children = people(town, "Id")
    assert [one.given_name for one in children] == ["Sigrid", "Ole"]
    with town.database.opener(Role.JOBS)() as session:
        payers = session.execute(select(Payer.person_id, Payer.payer_id).order_by(Payer.id)).all()
        assert [(child.id, marit.id) for child in children] == [tuple(one) for one in payers[-2:]]
        assert len(woken.runs) == 1
        run = session.get_one(Run, woken.runs[0])
        assert len(run.params["memberships"]) == 3


def test_the_same_family_again_is_told_the_same_and_nothing_is_doubled(
    visit: Callable[..., Browser], town: Town, woken: Woken
) -> None:
    first = family(visit(), town, "Lake").submit(**person(town, 3, "Ole", "3 2 2017")).text
    again = family(visit(), town, "Lake").submit(**person(town, 3, "Ole", "3 2 2017")).text
    assert first == again
    assert len(people(town, "Lake")) == 3
    assert len(woken.runs) == 1


def test_errors_stand_at_each_persons_box_and_name_the_person_above(browser: Browser, town: Town) -> None:
    wrong: dict[str, Any] = {"p2-birth": "31 2 2015", "city": ""}
    family(browser, town, "Mal").submit(**wrong)
    sentence = "Write the birth date as day, month and year, for example 27 3 2015."
    assert browser.title.startswith("Error: Join Norr")
    assert browser.summary() == [
        f"Sigrid: {sentence}",
        "Person 3: Choose a membership.",
        "Person 3: Write the first name.",
        f"Person 3: {sentence}",
        "Write the town or city.",
    ]
    assert browser.error_at("p2-birth") == sentence
    assert not browser.error_at("birth")
    assert people(town, "Mal") == []


def test_one_fault_lets_nobody_in(browser: Browser, town: Town) -> None:
    family(browser, town, "Nors").submit(**{**person(town, 3, "Ole", "3 2 2017"), "p3-kind": str(town.supporter_type)})
    assert "for other ages" in browser.error_at("p3-kind")
    assert people(town, "Nors") == []


def test_a_child_cannot_be_chosen_to_pay(browser: Browser, town: Town) -> None:
    family(browser, town, "Ruda").submit(**person(town, 3, "Ole", "3 2 2017"), pays="p2")
    assert "needs an adult who pays" in browser.error_at("pays")
    hidden = browser.page.xpath("//label[@hidden]//input[@name='pays']/@value")
    assert hidden == ["p3"]


def test_nobody_stands_in_a_form_twice(browser: Browser, town: Town) -> None:
    family(browser, town, "Sik").submit(**person(town, 3, "sigrid", "27.3.2015"))
    assert "stands here already" in browser.error_at("p3-given_name")


def test_somebody_outside_pays_for_all(browser: Browser, town: Town) -> None:
    payer: dict[str, Any] = {
        "payer_given_name": "Gun",
        "payer_family_name": "Torsk",
        "payer_email": "gun.torsk@example.org",
    }
    family(browser, town, "Torsk").submit(**person(town, 3, "Ole", "3 2 2017"), pays="other", email="", **payer)
    assert "All go to gun.torsk@example.org" in browser.text
    names = [one.given_name for one in people(town, "Torsk")]
    assert names == ["Gun", "Marit", "Sigrid", "Ole"]


def test_a_form_has_room_for_ten(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}")
    for _ in range(9):
        step(browser, "more")
    assert len(called(browser)) == 10
    assert not browser.page.xpath("//button[@value='more']")
    token = browser.page.xpath("//input[@name='csrf_token']/@value")[0]
    for count in ("500", "x", "-1"):
        browser.post(f"/join/{town.slug}/people", csrf_token=token, people=count, step="more")
        assert len(browser.page.xpath("//input[contains(@id, 'given_name') and not(contains(@id, 'payer'))]")) <= 10


@pytest.mark.parametrize("value", ["remove-9", "remove-0", "remove-x", "else", ""])
def test_buttons_that_are_not_there_change_nothing(browser: Browser, town: Town, value: str) -> None:
    family(browser, town, "Id")
    token = browser.page.xpath("//input[@name='csrf_token']/@value")[0]
    browser.post(f"/join/{town.slug}/people", csrf_token=token, people="2", given_name="A", step=value)
    assert called(browser) == ["1 A", "2 Person 2"]


def test_the_address_of_the_people_leads_back_to_the_form(browser: Browser, town: Town) -> None:
    assert browser.get(f"/join/{town.slug}/people").path == f"/join/{town.slug}"


def test_prices_come_for_all_people_with_their_sum(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}")
    token = browser.page.xpath("//input[@name='csrf_token']/@value")[0]
    sent = {**person(town, 1, "Marit", "17 5 1980"), **person(town, 2, "Sigrid", "27 3 2015"), "people": "2"}
    piece = browser.post(f"/join/{town.slug}/prices", csrf_token=token, **sent).answer.get_data(as_text=True)
    assert f'<span data-into="p2-price-{town.member_type}">SEK\N{NO-BREAK SPACE}350.00</span>' in piece
    assert "For 2 people" in piece
    assert "SEK\N{NO-BREAK SPACE}850.00" in piece
    assert '<input type="hidden" data-minor="p2" value="yes">' in piece


@pytest.fixture
def sensitive(app: Flask, town: Town) -> Iterator[Flask]:
    """The application while the creditor is a sensitive one."""

    def switch(*, on: bool) -> None:
        with town.database.unit_of_work(Role.JOBS) as session:
            session.get_one(Creditor, town.creditor).sensitive = on

    switch(on=True)
    yield app
    switch(on=False)


def test_a_sensitive_creditors_thanks_show_what_the_mail_looks_like(
    sensitive: Flask, visit: Callable[..., Browser], town: Town
) -> None:
    assert sensitive.name
    browser = visit()
    browser.get(f"/join/{town.slug}").submit(
        **person(town, 1, "Alva", "17 5 1980"), family_name="Vimba", **home("Vimba")
    )
    assert "The mail names neither the group nor the amount." in browser.text
    assert "You have a new document" in browser.text
    assert "Its link asks for a code, which is sent to the same address." in browser.text


def test_the_cookie_that_remembers_ten_people_is_one_that_browsers_keep(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}")
    for _ in range(9):
        step(browser, "more")
    sent: dict[str, Any] = {}
    for place in range(1, 11):
        sent |= person(town, place, f"Å{'ä' * 70} {place:02}", "17 5 1980")
        sent[f"{'' if place == 1 else f'p{place}-'}family_name"] = "Äsping"
    browser.submit(**sent, **home("asping"))
    assert browser.heading == "Thank you for joining Norr"
    assert len(people(town, "Äsping")) == 10
    with town.database.opener(Role.JOBS)() as session:
        wanted = select(func.count()).select_from(Membership).join(Person).where(Person.family_name == "Äsping")
        assert session.scalar(wanted) == 10
    assert 0 < len(browser.kept) < 3_500
