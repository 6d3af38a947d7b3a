"""Joining on the public page, as a visitor without a script sees it."""

from __future__ import annotations

import datetime as dt
import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from database.connect import Role
from dues.dates import set_clock
from dues.invoicing.models import Invoice
from dues.members.models import Membership, MembershipStatus, Payer, Person, StatusChange
from dues.runs.drive import drive
from dues.runs.models import Run
from tests.portal.town import TODAY
from wiring import bind_kinds

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken


def adult(town: Town, name: str, **changes: str | None) -> dict[str, Any]:
    """What an adult writes."""
    return {
        "kind": str(town.member_type),
        "given_name": "Alva",
        "family_name": name,
        "birth": "17 5 1980",
        "street": "Ekvägen 1",
        "postcode": "75320",
        "city": "Uppsala",
        "email": f"alva.{name.lower()}@example.org",
        "consent": "y",
        **changes,
    }


def child(town: Town, name: str, **changes: str | None) -> dict[str, Any]:
    """What a parent writes for a child."""
    paid = {"pays": "other", "payer_given_name": "Marit", "payer_family_name": name}
    return adult(
        town,
        name,
        **{
            "given_name": "Sigrid",
            "birth": "27 3 2015",
            "email": "",
            **paid,
            "payer_email": f"marit.{name.lower()}@example.org",
            **changes,
        },
    )


def press_through(browser: Browser, town: Town, fields: dict[str, Any]) -> Browser:
    """Fill the form in and press; where the price is shown first, press again."""
    browser.get(f"/join/{town.slug}").submit(**fields)
    if browser.page.xpath("//*[@id='note']"):
        browser.submit()
    return browser


def people(town: Town, name: str) -> list[Person]:
    with town.database.opener(Role.JOBS)() as session:
        return list(session.scalars(select(Person).where(Person.family_name == name).order_by(Person.id)))


def memberships(town: Town, name: str) -> list[Membership]:
    wanted = select(Membership).join(Person, Person.id == Membership.person_id).where(Person.family_name == name)
    with town.database.opener(Role.JOBS)() as session:
        return list(session.scalars(wanted.order_by(Membership.id)))


def test_the_form_stands_in_the_groups_look_and_words(visit: Callable[..., Browser], town: Town) -> None:
    page = visit("sv").get(f"/join/{town.slug}")
    assert page.heading == "Bli medlem i Norr"
    assert "Välkommen till Norr." in page.text
    sheets = page.page.xpath("//link[@rel='stylesheet']/@href")
    assert "--brand-fill:light-dark(#f5c400,#f5c400)" in page.get(sheets[1]).answer.get_data(as_text=True)


def test_prices_are_a_span_until_the_age_is_known(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}")
    assert "Member SEK 350.00 to SEK 500.00" in browser.text
    assert "Supporter from 18 years SEK 300.00" in browser.text


def test_an_adult_joins_and_is_told_what_happens_next(browser: Browser, town: Town, woken: Woken) -> None:
    press_through(browser, town, adult(town, "Alm", phone="070-174 06 05"))
    assert browser.heading == "Thank you for joining Norr"
    assert browser.path == f"/join/{town.slug}/thanks"
    assert browser.answer.headers["Cache-Control"] == "no-store"
    assert "An invoice of SEK 500.00 is on its way to alva.alm@example.org." in browser.text
    assert "Pay by 22 December 2026" in browser.text
    assert "22 December 2026" in browser.get(f"/join/{town.slug}/thanks").text
    (person,) = people(town, "Alm")
    assert (person.birth_date, person.postcode, person.phone) == (dt.date(1980, 5, 17), "753 20", "+46701740605")
    assert (person.language, person.country) == ("en", "SE")
    assert person.consented_at is not None
    (membership,) = memberships(town, "Alm")
    assert (membership.status, membership.joined_on) == (MembershipStatus.APPLIED, TODAY)
    assert len(woken.runs) == 1


def test_the_run_that_was_started_issues_the_invoice_at_the_price_that_was_shown(
    browser: Browser, town: Town, woken: Woken
) -> None:
    bind_kinds()
    press_through(browser, town, child(town, "Bok"))
    assert "SEK 350.00" in browser.text
    drive(town.database.opener(Role.JOBS), woken.runs[0])
    with town.database.opener(Role.JOBS)() as session:
        invoice = session.scalars(select(Invoice).where(Invoice.run_id == woken.runs[0])).one()
        assert (invoice.payer_name, invoice.amount, invoice.currency) == ("Marit Bok", 35000, "SEK")
        assert invoice.due_on == dt.date(2026, 12, 22)


def test_one_press_is_enough_at_a_price_between_those_that_were_shown(browser: Browser, town: Town) -> None:
    assert "SEK 350.00 to SEK 500.00" in browser.get(f"/join/{town.slug}").text
    browser.submit(**child(town, "Ceder"))
    assert browser.heading == "Thank you for joining Norr"
    assert "SEK 350.00" in browser.text


def test_a_price_that_changed_since_the_page_was_loaded_is_shown_again(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}").submit(**adult(town, "Dahlia", seen=f"{town.member_type}=30000-49900"))
    assert "Look at the price before you join" in browser.text
    assert people(town, "Dahlia") == []


def test_every_error_stands_at_its_box_and_in_the_summary_and_input_is_kept(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}").submit(
        kind=None,
        given_name="",
        family_name="Ek",
        birth="31 2 2015",
        street="",
        postcode="12",
        city="",
        email="alva@",
        phone="12",
        consent=None,
    )
    assert browser.title.startswith("Error: Join Norr")
    wrong = {
        "kind": "Choose a membership.",
        "given_name": "Write the first name.",
        "birth": "Write the birth date as day, month and year, for example 27 3 2015.",
        "street": "Write the street and number.",
        "postcode": "Write the postcode as it stands in addresses, for example 114 55.",
        "city": "Write the town or city.",
        "email": "Write an e-mail address, for example name@example.com.",
        "phone": "Write a telephone number that exists, or leave the box empty.",
        "consent": "Tick the box to agree. Nobody is registered without it.",
    }
    assert browser.summary() == list(wrong.values())
    assert {field: browser.error_at(field) for field in wrong} == wrong
    assert browser.page.xpath("//main/*[1]/@id") == ["summary"]
    assert browser.page.xpath("//*[@id='summary'][@autofocus]")
    kept = {field: browser.page.xpath(f"//input[@id='{field}']/@value") for field in ("family_name", "birth", "email")}
    assert kept == {"family_name": ["Ek"], "birth": ["31 2 2015"], "email": ["alva@"]}
    assert browser.page.xpath("//input[@id='birth']/@aria-invalid") == ["true"]


def test_errors_speak_the_readers_language(visit: Callable[..., Browser], town: Town) -> None:
    for language, sentence in {
        "sv": "Skriv förnamnet.",
        "nb": "Skriv fornavnet.",
        "nl": "Schrijf de voornaam.",
        "de": "Schreiben Sie den Vornamen.",
    }.items():
        page = visit(language).get(f"/join/{town.slug}").submit()
        assert page.error_at("given_name") == sentence


@pytest.mark.parametrize(
    ("birth", "sentence"),
    [
        ("15-03-27", "two different days"),
        ("1 1 2030", "has not come yet"),
        ("1 1 1850", "more than 120 years"),
        ("soon", "day, month and year"),
    ],
)
def test_a_birth_date_that_cannot_be_taken_says_how(browser: Browser, town: Town, birth: str, sentence: str) -> None:
    browser.get(f"/join/{town.slug}").submit(**adult(town, "Fura", birth=birth))
    assert sentence in browser.error_at("birth")


def test_a_child_needs_an_adult_who_pays(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}").submit(**adult(town, "Gran", birth="27 3 2015"))
    assert "needs an adult who pays" in browser.error_at("pays")
    assert people(town, "Gran") == []


def test_who_pays_must_be_reachable_too(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}").submit(
        **child(town, "Hassel", payer_given_name="", payer_email="", payer_street="Åsen 2")
    )
    assert browser.error_at("payer_given_name")
    assert browser.error_at("payer_email")
    assert browser.error_at("payer_postcode")
    assert browser.error_at("payer_city")
    assert not browser.error_at("email")


def test_a_parent_is_invoiced_for_a_child_at_the_same_address(browser: Browser, town: Town) -> None:
    press_through(browser, town, child(town, "Idegran"))
    assert "is on its way to marit.idegran@example.org" in browser.text
    payer, member = people(town, "Idegran")
    assert (payer.given_name, payer.street, payer.city) == ("Marit", "Ekvägen 1", "Uppsala")
    assert member.email == ""
    assert (payer.consented_at, member.consented_at is not None) == (None, True)
    with town.database.opener(Role.JOBS)() as session:
        pays = session.scalars(select(Payer).where(Payer.person_id == member.id)).one()
        assert (pays.payer_id, pays.from_on) == (payer.id, TODAY)


def test_a_membership_for_other_ages_is_refused_at_the_choice(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}").submit(**child(town, "Jasmin", kind=str(town.supporter_type)))
    assert browser.error_at("kind") == "This membership is for other ages. Choose another one, or check the birth date."
    assert "not at this age" in browser.text


def test_a_name_that_advertises_is_refused(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}").submit(**adult(town, "Win money at https://casino.example"))
    assert browser.error_at("family_name") == "Write a name, without addresses of the web or of mail."


def test_what_is_typed_is_never_taken_for_html(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}").submit(**adult(town, '"><script>alert(1)</script>', given_name="<b>x"))
    assert not browser.page.xpath("//script[not(@src)] | //b")


def test_pressing_twice_joins_once(browser: Browser, town: Town, woken: Woken) -> None:
    fields = adult(town, "Kastanj")
    press_through(browser, town, fields)
    first = browser.text
    press_through(browser, town, fields)
    assert browser.text == first
    assert len(people(town, "Kastanj")) == len(memberships(town, "Kastanj")) == 1
    assert len(woken.runs) == 1


def test_two_presses_at_the_same_moment_join_once(town: Town, visit: Callable[..., Browser]) -> None:
    fields = child(town, "Lind")
    browsers = [visit() for _ in range(4)]
    for one in browsers:
        one.get(f"/join/{town.slug}")
    together = threading.Barrier(len(browsers))

    def press(one: Browser) -> None:
        together.wait()
        one.submit(**fields)

    threads = [threading.Thread(target=press, args=(one,)) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.heading for one in browsers] == ["Thank you for joining Norr"] * len(browsers)
    assert len(memberships(town, "Lind")) == 1
    assert [person.given_name for person in people(town, "Lind")] == ["Marit", "Sigrid"]


def test_nothing_tells_who_is_registered(visit: Callable[..., Browser], town: Town, woken: Woken) -> None:
    newcomer = press_through(visit(), town, adult(town, "Mistel"))
    stranger = press_through(visit(), town, adult(town, "Mistel"))
    assert re.sub(r"nonce-\S+", "", newcomer.text) == re.sub(r"nonce-\S+", "", stranger.text)
    assert sorted(newcomer.answer.headers.keys()) == sorted(stranger.answer.headers.keys())
    assert len(woken.runs) == 1


def test_a_known_person_keeps_what_is_stored_of_them(visit: Callable[..., Browser], town: Town) -> None:
    press_through(visit(), town, adult(town, "Nypon"))
    again = adult(town, "Nypon", kind=str(town.supporter_type), street="Annan gata 9", phone="0701740605")
    press_through(visit("sv"), town, again)
    (person,) = people(town, "Nypon")
    assert (person.street, person.phone, person.language) == ("Ekvägen 1", "", "en")
    assert {one.type_id for one in memberships(town, "Nypon")} == {town.member_type, town.supporter_type}


def test_who_writes_another_e_mail_address_is_not_taken_for_the_known_person(
    visit: Callable[..., Browser], town: Town
) -> None:
    press_through(visit(), town, adult(town, "Oxel"))
    press_through(visit(), town, adult(town, "Oxel", kind=str(town.supporter_type), email="somebody.else@example.org"))
    assert len(people(town, "Oxel")) == 2


def test_the_history_names_the_join_page(browser: Browser, town: Town) -> None:
    press_through(browser, town, adult(town, "Pil"))
    (membership,) = memberships(town, "Pil")
    with town.database.opener(Role.JOBS)() as session:
        wanted = select(StatusChange).where(StatusChange.membership_id == membership.id)
        change = session.scalars(wanted).one()
        assert (change.from_on, change.status, change.actor) == (
            TODAY,
            MembershipStatus.APPLIED,
            "visitor:join page",
        )


def test_workers_that_cannot_be_woken_are_not_the_visitors_concern(
    browser: Browser, town: Town, woken: Woken, caplog: pytest.LogCaptureFixture
) -> None:
    woken.broken = True
    press_through(browser, town, adult(town, "Rosen"))
    assert browser.heading == "Thank you for joining Norr"
    assert "workers could not be woken" in caplog.text
    with town.database.opener(Role.JOBS)() as session:
        waiting = select(func.count()).select_from(Run).where(Run.state == "preparing", Run.confirmed)
        assert (session.scalar(waiting) or 0) >= 1


def test_the_prices_of_a_birth_date_come_as_a_piece_of_the_page(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}")
    token = browser.page.xpath("//input[@name='csrf_token']/@value")[0]
    piece = browser.post(f"/join/{town.slug}/prices", csrf_token=token, birth="27/3-15").answer.get_data(as_text=True)
    assert f'<span data-into="price-{town.member_type}">SEK\N{NO-BREAK SPACE}350.00</span>' in piece
    assert f'<span data-into="price-{town.supporter_type}">not at this age</span>' in piece
    assert '<span data-into="birth-understood">27 March 2015</span>' in piece
    assert "under 18" in piece
    unread = browser.post(f"/join/{town.slug}/prices", csrf_token=token, birth="27").answer.get_data(as_text=True)
    assert "SEK\N{NO-BREAK SPACE}350.00 to SEK" in unread


def test_thanks_is_only_said_to_who_joined(visit: Callable[..., Browser], town: Town) -> None:
    press_through(browser := visit(), town, adult(town, "Salix"))
    assert visit().get(f"/join/{town.slug}/thanks").heading == "Join Norr"
    assert browser.get(f"/join/{town.other}/thanks").heading == "Join Syd"


@pytest.mark.parametrize("slug", ["org", "nowhere", "NORR", "%00"])
def test_groups_that_take_nobody_are_not_there(browser: Browser, slug: str) -> None:
    assert browser.get(f"/join/{slug}", status=404).heading == "This page is not there"
    assert browser.get(f"/join/{slug}/privacy", status=404).heading == "This page is not there"


def test_what_is_kept_is_told_with_whom_to_ask(browser: Browser, town: Town) -> None:
    text = browser.get(f"/join/{town.slug}/privacy").text
    assert "Riksförbundet" in text
    assert "office@example.org" in text


def test_a_form_without_its_token_is_refused_and_says_what_to_do(browser: Browser, town: Town) -> None:
    browser.get(f"/join/{town.slug}").submit(status=400, **adult(town, "Tall", csrf_token="x"))
    assert browser.heading == "The form could not be taken"
    assert people(town, "Tall") == []


def test_the_business_day_decides_when_the_membership_begins(browser: Browser, town: Town) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=dt.date(2027, 2, 1), real=TODAY)
    try:
        press_through(browser, town, adult(town, "Viol"))
    finally:
        with town.database.unit_of_work(Role.JOBS) as session:
            set_clock(session, to=TODAY, real=TODAY)
    assert memberships(town, "Viol")[0].joined_on == dt.date(2027, 2, 1)
