"""The file of a person, and what an officer does there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from database.connect import Role
from dues.invoicing.models import Claim, Invoice
from dues.members.models import Membership, MembershipType, Person
from tests.admin.office.desk_work import billed, jobs, pays, registered
from tests.factories.organisation import FEE
from tests.factories.runs import finished
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken


NOBODY = "00000000-0000-4000-8000-000000000000"


def facts(browser: Browser) -> dict[str, str]:
    """What the page tells as facts: the name of each, and what it is."""
    return {
        " ".join(one.xpath("string(dt)").split()): " ".join(one.xpath("string(dd)").split()).replace("\xa0", " ")
        for one in browser.page.xpath("//dl/div")
    }


def first_form(page: Browser, words: str) -> int:
    """Which of the page's forms has a button with these words."""
    forms = [one for one in page.page.forms if one.method == "POST"]
    return next(number for number, form in enumerate(forms) if words in " ".join(form.text_content().split()))


def test_a_file_says_who_what_is_open_and_what_happens_next(desk: Browser, town: Town) -> None:
    who = billed(town, email="kim@files.example")
    desk.get(f"/admin/persons/{who.person}")
    assert desk.heading == who.name
    assert f"Number {who.person_id}" in desk.text
    assert "46 years old" in desk.text
    assert "kim@files.example" in desk.text
    assert f"reminder 1 of invoice {who.number} on 2 January 2027" in desk.text
    told = facts(desk)
    assert (told["Charged through"], told["Paid through"]) == ("21 Nov 2027", "–")
    assert (told["To pay"], told["Of it overdue"], told["Credit"][0]) == ("500.00 SEK", "–", "–")
    assert f"Invoice {who.number} waits to be sent to kim@files.example" in desk.text
    assert desk.page.xpath(f"//a[@href='/admin/invoices/{who.invoice}']")


@pytest.mark.parametrize(
    "address",
    [
        f"/admin/persons/{NOBODY}",
        "/admin/persons/1",
        "/admin/persons/x",
        f"/admin/persons/{NOBODY}/details",
    ],
)
def test_nobody_unknown_has_a_file(desk: Browser, address: str) -> None:
    assert desk.get(address, status=404).heading == "This page is not there"


def test_a_file_is_for_staff(visit: Callable[..., Browser], town: Town) -> None:
    who, _ = registered(town)
    assert visit().get(f"/admin/persons/{who}").heading == "Log in"


def test_a_file_without_anything_says_so(desk: Browser, town: Town) -> None:
    who, name = registered(town)
    desk.get(f"/admin/persons/{who}")
    assert desk.heading == name
    for words in ("No membership.", "No invoice so far.", "Nothing of this kind has happened."):
        assert words in desk.text


def test_a_timeline_is_narrowed_and_paged_by_its_address(desk: Browser, town: Town) -> None:
    who = billed(town)
    desk.get(f"/admin/persons/{who.person}?show=membership")
    events = [" ".join(one.text_content().split()) for one in desk.page.xpath("//*[@id='happened']//ol/li")]
    assert len(events) == 1
    assert "Joined: Member, Norr" in events[0]
    assert desk.page.xpath("string(//a[@aria-current='true'])") == "Membership"
    desk.get(f"/admin/persons/{who.person}?after=nonsense", status=404)
    assert desk.get(f"/admin/persons/{who.person}?show=nonsense").text.count("Joined: Member, Norr") == 1


def test_money_that_names_an_invoice_stands_in_the_file(desk: Browser, town: Town) -> None:
    who = billed(town)
    pays(town, FEE + 700, who.reference)
    desk.get(f"/admin/persons/{who.person}")
    assert "Payments that wait and name an invoice of this person" in desk.text
    assert f"Invoice {who.number}: too much" in desk.text


def test_details_change_and_are_found_under_the_new_name(desk: Browser, town: Town) -> None:
    who, _ = registered(town)
    desk.get(f"/admin/persons/{who}/details").submit(
        form=1,
        given_name="Åsa",
        family_name="Nybergå",
        email="asa@files.example",
        birth="3 2 1990",
        phone="070-174 06 05",
    )
    assert desk.heading == "Åsa Nybergå"
    assert "The details of Åsa Nybergå are changed." in desk.text
    with jobs(town)() as session:
        found = session.scalars(select(Person).where(Person.uuid == who)).one()
        assert (found.name_key, found.email_key, found.phone) == ("nybergå åsa", "asa@files.example", "+46701740605")
        assert found.birth_date is not None
        assert found.birth_date.isoformat() == "1990-02-03"


def test_what_is_wrong_is_said_beside_its_box_and_the_rest_is_kept(desk: Browser, town: Town) -> None:
    who, _ = registered(town)
    desk.get(f"/admin/persons/{who}/details")
    desk.submit(form=1, given_name="", email="kim at home", birth="yesterday", phone="1", postcode="12", city="Kiruna")
    assert desk.title.startswith("Error:")
    assert desk.error_at("given_name") == "Write the first name."
    assert desk.error_at("email") == "Write an e-mail address, for example name@example.com."
    assert desk.error_at("birth").startswith("Write the birth date")
    assert desk.error_at("phone")
    assert desk.error_at("postcode")
    assert len(desk.summary()) == 5
    assert desk.page.xpath("string(//input[@id='city']/@value)") == "Kiruna"
    assert desk.page.xpath("string(//input[@id='email']/@value)") == "kim at home"


def test_two_colleagues_do_not_overwrite_each_other_unseen(desk: Browser, town: Town) -> None:
    who, _ = registered(town)
    desk.get(f"/admin/persons/{who}/details")
    with town.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(Person).where(Person.uuid == who).values(city="Luleå"))
    desk.submit(form=1, status=409, city="Boden")
    assert "Somebody has changed these details meanwhile" in desk.text
    assert "Luleå" in desk.text
    assert desk.page.xpath("string(//input[@id='city']/@value)") == "Boden"
    desk.submit(form=1)
    assert "Boden" in desk.text


def test_a_membership_is_added_and_invoiced_by_the_run_that_everybody_has(
    desk: Browser, town: Town, woken: Woken
) -> None:
    who, name = registered(town)
    desk.get(f"/admin/persons/{who}/memberships/new?q=norr")
    assert desk.page.xpath(f"//a[@href='/admin/persons/{who}/memberships/new/{town.slug}']")
    desk.get(f"/admin/persons/{who}/memberships/new/{town.slug}").submit(form=1, kind=str(town.member_type))
    assert f"{name} is a member of Norr. The invoice is being written." in desk.text
    (run,) = woken.runs
    finished(jobs(town), run)
    desk.get(f"/admin/persons/{who}")
    assert "Applied" in desk.text
    with jobs(town)() as session:
        invoice = session.scalars(
            select(Invoice).join(Person, Person.id == Invoice.payer_id).where(Person.uuid == who)
        ).one()
        assert invoice.amount == FEE


def test_a_second_press_adds_no_second_membership(desk: Browser, town: Town) -> None:
    who = billed(town)
    desk.get(f"/admin/persons/{who.person}/memberships/new/{town.slug}").submit(form=1, kind=str(town.member_type))
    assert "The membership was there already. Nothing was added." in desk.text


def test_who_chooses_nothing_or_what_is_not_offered_is_told(desk: Browser, town: Town) -> None:
    who, _ = registered(town)
    desk.get(f"/admin/persons/{who}/memberships/new/{town.slug}")
    assert desk.submit(form=1, kind="").summary() == ["Choose a membership."]
    assert desk.submit(form=1, kind="9" * 30).summary() == [
        "This group does not offer that membership. Choose another one."
    ]
    desk.get(f"/admin/persons/{who}/memberships/new/nowhere", status=404)


def test_a_child_without_a_payer_is_led_to_where_one_is_asked_for(desk: Browser, town: Town) -> None:
    child, _ = registered(town, born=TODAY.replace(year=2016))
    desk.get(f"/admin/persons/{child}/memberships/new/{town.slug}")
    assert "Nobody pays yet" in desk.text
    assert desk.page.xpath(f"//a[@href='/join/{town.slug}']")
    desk.submit(form=1, kind=str(town.member_type))
    assert desk.summary() == ["A member under 18 needs an adult who pays."]


def test_reminders_are_paused_and_go_on(desk: Browser, town: Town) -> None:
    who = billed(town)
    desk.get(f"/admin/persons/{who.person}/hold")
    desk.submit(form=1, reason="complaint", until="2027-02-01", note="Moved house")
    assert "Nobody is reminded of 1 invoice through 1 February 2027." in desk.text
    assert "nothing through 1 February 2027, while it is on hold" in desk.text
    assert "reminder 1 of invoice" in desk.text
    assert "Moved house" in desk.text
    desk.submit(form=first_form(desk, "Undo"))
    assert "Reminders go on." in desk.text
    assert f"Hold on invoice {who.number} ended" in desk.text
    desk.post(f"/admin/persons/{who.person}/release", csrf_token=token(desk))
    assert "Nothing is on hold any more." in desk.text


@pytest.mark.parametrize(("until", "reason"), [("2026-11-21", "paused"), ("", "paused"), ("2040-01-01", "paused")])
def test_a_pause_needs_a_day_ahead(desk: Browser, town: Town, until: str, reason: str) -> None:
    who = billed(town)
    desk.get(f"/admin/persons/{who.person}/hold").submit(form=1, until=until, reason=reason, note="kept")
    assert desk.error_at("until").startswith("Choose the last day")
    assert "kept" in desk.page.xpath("string(//textarea[@id='note'])")


def token(browser: Browser) -> str:
    return str(browser.page.xpath("string(//input[@name='csrf_token']/@value)"))


def test_a_press_without_a_token_does_nothing(desk: Browser, town: Town) -> None:
    who = billed(town)
    for path in ("hold", "details", f"memberships/{who.membership}/end"):
        desk.post(f"/admin/persons/{who.person}/{path}", status=400, reason="paused", until="2027-01-01")
    with jobs(town)() as session:
        assert session.get_one(Claim, who.claim_id).held_until is None


def test_a_membership_ends_as_it_was_shown(desk: Browser, town: Town) -> None:
    who = billed(town)
    address = f"/admin/persons/{who.person}/memberships/{who.membership}/end"
    desk.get(f"{address}?on={TODAY}&how=left")
    credited = f"Invoice {who.number} is credited, because it is not needed any more: 500.00 SEK"
    assert credited in desk.text.replace("\xa0", " ")
    desk.submit(form=first_form(desk, "End membership and credit 1 invoice"))
    assert "Member ended on 22 November 2026. 1 invoice of 500.00 SEK is credited." in desk.text.replace("\xa0", " ")
    assert "Left: Member, Norr" in desk.text
    desk.get(address)
    assert "This membership has ended already." in desk.text


def test_a_membership_does_not_end_otherwise_than_was_shown(desk: Browser, town: Town) -> None:
    who = billed(town)
    desk.get(f"/admin/persons/{who.person}/memberships/{who.membership}/end?on={TODAY}&how=left")
    form = first_form(desk, "End membership")
    pays(town, FEE, who.reference)
    desk.submit(form=form, status=409)
    assert "Nothing was ended and nothing credited." in desk.text
    assert "No invoice is credited." in desk.text
    with jobs(town)() as session:
        assert session.scalars(select(Membership.ended_on).where(Membership.uuid == who.membership)).one() is None


@pytest.mark.parametrize("query", ["on=2020-01-01&how=left", "on=x&how=left", f"on={TODAY}&how=active"])
def test_a_membership_ends_on_a_day_and_in_a_way_that_can_be(desk: Browser, town: Town, query: str) -> None:
    who = billed(town)
    desk.get(f"/admin/persons/{who.person}/memberships/{who.membership}/end?{query}")
    assert desk.summary()
    assert "What happens" not in desk.text.replace("Show what happens", "")


def test_anothers_membership_is_not_there(desk: Browser, town: Town) -> None:
    one, other = billed(town), billed(town)
    desk.get(f"/admin/persons/{one.person}/memberships/{other.membership}/end", status=404)


def test_a_credited_stretch_can_be_invoiced_at_once(desk: Browser, town: Town, woken: Woken) -> None:
    who = billed(town)
    desk.get(f"/admin/persons/{who.person}")
    assert "Invoice now" not in desk.text
    desk.post(f"/admin/persons/{who.person}/memberships/{who.membership}/invoice", csrf_token=token(desk))
    assert "There is nothing to invoice today." in desk.text
    desk.get(f"/admin/invoices/{who.invoice}/credit").submit(form=1)
    woken.runs.clear()
    desk.get(f"/admin/persons/{who.person}")
    desk.submit(form=first_form(desk, "Invoice now"))
    assert "The invoice for Member is being written." in desk.text
    finished(jobs(town), woken.runs[0])
    with jobs(town)() as session:
        numbers = session.scalars(select(Invoice.number).where(Invoice.payer_id == who.person_id)).all()
        assert len(numbers) == 3
        assert session.scalars(select(MembershipType.renews).where(MembershipType.id == town.member_type)).one()
