"""Runs at the desk: chosen, looked at, confirmed once, followed, and what came of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text, update

from database.connect import Role
from dues.dates import set_clock
from dues.groups.establish import add_group
from dues.invoicing.models import Invoice
from dues.invoicing.sample import samples
from dues.members.models import Membership, Person
from dues.pricing.models import PriceRule
from dues.runs.models import Run, RunPreview, RunState
from tests.admin.conftest import entered
from tests.admin.run_office import TODAY, Office, office, start
from tests.factories.members import member
from tests.factories.organisation import FEE
from tests.factories.runs import issued
from tests.factories.staff import employ
from tests.web.browser import Browser
from tests.web.one_app import before

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

__all__ = ["office"]

LONG_AGO = TODAY - dt.timedelta(days=100)


def test_renewals_go_from_choice_to_result_at_one_address(office: Office) -> None:
    office.join(3)
    desk = office.desk.get("/admin/runs/new")
    assert desk.page.xpath("string(//input[@id='day']/@value)") == TODAY.isoformat()
    desk.submit(form=1)
    address = desk.path
    assert desk.heading == "Renewals 22 November 2026"
    assert "· Siv · all groups" in desk.text
    assert "Preparing" in desk.text
    office.work()
    assert "Before you confirm: 3 invoices" in desk.text
    assert "1,500.00 SEK" in desk.text.replace("\xa0", " ")
    assert "3 by e-mail." in desk.text
    assert "Nobody is left out." in desk.text
    assert "There is no earlier run over the same groups" in desk.text
    office.press("Issue 3 invoices")
    assert (desk.path, "Pause" in office.buttons()) == (address, True)
    office.work()
    assert (desk.path, "3 invoices issued." in desk.text) == (address, True)
    assert office.count(Invoice) == 3
    assert not desk.page.xpath("//noscript/meta | //script[contains(@src, 'run.js')]")
    [its] = desk.page.xpath("//a[. = 'Find its invoices']/@href")
    desk.get(str(its))
    assert "Run: Renewals 22 November 2026" in desk.page.xpath("string(//*[@class='chips'])")
    assert len(desk.page.xpath("//main//tbody/tr")) == 3


def test_what_is_free_goes_on_without_an_invoice(office: Office) -> None:
    office.join(2)
    office.do(lambda session: session.execute(update(PriceRule).values(amount=0)))
    desk = office.preview()
    assert "There is nothing to issue, but 2 memberships go on for nothing." in desk.text
    assert "Free: the period counts without an invoice" in desk.text
    office.press("Let 2 memberships go on")
    office.work()
    assert "0 invoices issued." in desk.text
    assert "Free: the period counts without an invoice" in desk.text
    with office.open_session() as session:
        assert session.scalars(select(Membership.status)).all() == ["active", "active"]


def test_a_page_that_moves_loads_itself_again_without_script(office: Office) -> None:
    desk = office.begin()
    assert desk.page.xpath("string(//head//noscript//meta/@content)") == "5"
    assert desk.page.xpath("//progress[not(@value)]")


def test_a_second_press_does_nothing_twice(office: Office) -> None:
    office.join(2)
    desk = office.preview()
    confirm = office.confirming()
    for _ in range(2):
        confirm()
    office.work()
    confirm()
    assert "2 invoices issued." in desk.text
    assert (office.count(Invoice), office.count(Run)) == (2, 1)


def test_when_the_ground_has_moved_nothing_is_issued_and_the_new_preview_is_shown(office: Office) -> None:
    office.join(2)
    desk = office.preview()
    office.do(lambda session: session.execute(update(PriceRule).values(amount=PriceRule.amount + 5000)))
    office.press("Issue 2 invoices")
    office.work()
    assert "Nothing was done, because something has changed since the preview." in desk.text
    assert "2 have another price." in desk.text
    assert "Before, it was 2 rows of SEK 1,000.00." in desk.text.replace("\xa0", " ")
    assert "1,200.00 SEK" in desk.text.replace("\xa0", " ")
    assert office.count(Invoice) == 0
    office.press("Issue 2 invoices")
    office.work()
    assert office.count(Invoice) == 2


def test_a_page_of_yesterdays_preview_confirms_nothing(office: Office) -> None:
    office.join(2)
    desk = office.preview()
    confirm = office.confirming()
    office.join(1)
    office.press("Preview again")
    office.work()
    assert "The preview was made again." in desk.text
    assert "1 has been added." in desk.text
    confirm()
    assert "The preview was made again in the meantime." in desk.text
    office.work()
    assert (office.woken.runs, office.count(Invoice)) == ([], 0)


def test_a_preview_that_was_put_aside_cannot_be_confirmed(office: Office) -> None:
    office.join(1)
    desk = office.preview()
    confirm = office.confirming()
    office.press("Not now")
    assert "The preview was put aside. Nothing was done." in desk.text
    confirm()
    assert "This preview was put aside." in desk.text
    assert office.woken.runs == []
    assert not [words for words in office.buttons() if words.startswith("Issue")]


def test_the_same_preview_is_not_made_twice(office: Office) -> None:
    first = office.preview().path
    assert office.begin().path == first
    assert "This preview is there already." in office.desk.text
    other = office.begin(group="Norr").path
    assert other != first


def test_a_group_is_chosen_by_the_beginning_of_its_name(office: Office) -> None:
    office.join(1)
    office.join(1, group=office.made.south)
    desk = office.preview(group="sY")
    assert "Syd and below" in desk.text
    assert "Issue 1 invoice" in office.buttons()


def test_of_several_groups_with_one_beginning_one_is_chosen(office: Office) -> None:
    def add(session: Session) -> None:
        for slug in ("nord", "nordost"):
            add_group(session, name="Nord", slug=slug, parent=office.made.root, language="sv", country="SE")

    office.do(add)
    desk = office.begin(group="nord")
    assert desk.error_at("group") == "Several groups are called like this. Choose one."
    assert desk.page.xpath("//input[@name='slug']/@value") == ["nord", "nordost"]
    desk.submit(form=1, slug="nordost")
    with office.open_session() as session:
        assert [run.params["group"] for run in session.scalars(select(Run))] == ["nordost"]


@pytest.mark.parametrize(
    ("fields", "box", "says"),
    [
        ({"group": "Nowhere"}, "group", "No group is called that. Write some of its name or place."),
        ({"day": "tomorrow"}, "day", "Choose a day, for example 2026-11-22."),
        ({"day": "2026-11-21"}, "day", "Choose a day from 22 November 2026 to 23 November 2027."),
        ({"day": "2036-11-21"}, "day", "Choose a day from 22 November 2026 to 23 November 2027."),
    ],
)
def test_what_is_wrong_is_said_beside_its_box(office: Office, fields: dict[str, str], box: str, says: str) -> None:
    desk = office.begin(**fields)
    assert (desk.error_at(box), desk.summary()) == (says, [says])
    assert desk.page.xpath("string(//input[@id=$box]/@value)", box=box) == fields[box]
    assert office.count(Run) == 0


def test_reminders_are_previewed_and_sent(office: Office) -> None:
    office.join(2)
    issued(office.open_session, on=TODAY)
    later = TODAY + dt.timedelta(days=60)
    office.do(lambda session: set_clock(session, to=later, real=later))
    desk = office.preview(kind="reminders")
    assert desk.heading == "Reminders 21 January 2027"
    assert "Reminder 1" in desk.text
    office.press("Send 2 reminders")
    office.work()
    assert "2 reminders written." in desk.text
    desk.get(desk.path + "/rows")
    assert desk.text.count("Reminder 1") == 2


def test_reminders_of_a_day_that_has_passed_are_shown_anew(office: Office) -> None:
    office.join(1)
    issued(office.open_session, on=TODAY)
    for days in (60, 61):
        later = TODAY + dt.timedelta(days=days)
        office.do(lambda session, later=later: set_clock(session, to=later, real=later))  # type: ignore[misc]
        if days == 60:
            office.preview(kind="reminders")
    office.press("Send 1 reminder")
    office.work()
    assert office.desk.heading == "Reminders 22 January 2027"
    assert "The day 21 January 2027 has passed; it is made for today." in office.desk.text
    office.press("Send 1 reminder")
    office.work()
    assert "1 reminder written." in office.desk.text


def no_address(office: Office, membership: int) -> None:
    def spoil(session: Session) -> None:
        whose = session.get_one(Membership, membership).person_id
        session.execute(update(Person).where(Person.id == whose).values(email="", street="", postcode=""))

    office.do(spoil)


def test_who_is_left_out_is_listed_and_the_rest_is_run_again_once_mended(office: Office) -> None:
    _, spoilt = office.join(2)
    no_address(office, spoilt)
    desk = office.preview()
    assert "No address of any kind can be mended 1" in desk.text
    reason = desk.page.xpath("string(//ul[@class='reasons']//a/@href)")
    address = desk.path
    desk.get(reason)
    assert (desk.heading, "No address of any kind" in desk.text) == ("Left out", True)
    assert len(desk.page.xpath("//tbody/tr")) == 1
    desk.get(address)
    office.press("Issue 1 invoice")
    office.work()
    assert "1 row to mend" in desk.text
    desk.get("/admin/runs/?state=to+mend")
    assert len(desk.page.xpath("//tbody/tr")) == 1
    office.do(lambda session: session.execute(update(Person).where(Person.email == "").values(email="a@example.org")))
    desk.get(address)
    office.press("Run the rest again")
    office.work()
    assert desk.path != address
    office.press("Issue 1 invoice")
    office.work()
    assert office.count(Invoice) == 2
    assert "Every row has found its way." in desk.get("/admin/runs/?state=to+mend").text
    assert "Invoiced since" in desk.get(address).text


def test_samples_look_as_they_will_and_cannot_be_paid(office: Office) -> None:
    office.join(2)
    desk = office.preview()
    address = desk.path
    answer = desk.get(address + "/samples.pdf").answer
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    with office.open_session() as session:
        run = session.scalars(select(Run)).one()
        kept = session.get_one(RunPreview, run.id)
        documents = samples(session, run=run, seqs=kept.content["samples"])
    assert [document.total for document in documents] == [FEE, FEE]
    assert {document.payment for document in documents} == {None}
    desk.get(address)
    office.press("Not now")
    desk.get(address + "/samples.pdf", status=404)


def test_a_preview_says_what_is_different_from_the_last_time(office: Office) -> None:
    with office.database.unit_of_work(Role.JOBS) as session:
        stays = [member(session, office.made, joined_on=LONG_AGO) for _ in range(2)]
        ids = [one.id for one in stays]
    issued(office.open_session, on=LONG_AGO)

    def pass_a_year(session: Session) -> None:
        year = TODAY + dt.timedelta(days=300)
        set_clock(session, to=year, real=year)
        session.execute(update(Membership).where(Membership.id.in_(ids)).values(status="active"))
        session.execute(update(PriceRule).values(amount=PriceRule.amount + 1000))

    office.do(pass_a_year)
    office.join(1)
    desk = office.preview()
    assert "Compared with Renewals 14 August 2026" in desk.text
    figures = [" ".join(one.text_content().split()) for one in desk.page.xpath("//dl[@class='numbers']/div")]
    assert [one.replace("\xa0", " ") for one in figures] == [
        "New1+520.00 SEK",
        "Gone0",
        "Price changed2+40.00 SEK",
        "Left out0",
    ]


def test_work_is_paused_and_goes_on(office: Office) -> None:
    office.join(1)
    desk = office.preview()
    office.press("Issue 1 invoice")
    office.press("Pause")
    office.work()
    assert "Paused" in desk.text
    assert office.count(Invoice) == 0
    office.press("Resume")
    office.work()
    assert office.count(Invoice) == 1


def test_a_run_that_failed_says_why_and_goes_on(office: Office) -> None:
    office.join(1)
    run_id = start(office)
    wrong = {"state": RunState.FAILED, "error": "NumberTooLongError: Invoice number 12 is too long."}
    office.do(lambda session: session.execute(update(Run).where(Run.id == run_id).values(**wrong)))
    desk = office.desk.get("/admin/runs/?state=failed")
    desk.get(desk.page.xpath("string(//tbody//a/@href)"))
    assert "Invoice number 12 is too long." in desk.text
    assert "NumberTooLongError" not in desk.text
    office.press("Go on where it stopped")
    assert office.woken.runs == [run_id]


def test_what_only_operators_understand_is_kept_apart(office: Office) -> None:
    run_id = start(office)
    wrong = {"state": RunState.FAILED, "error": "OperationalError: could not extend file"}
    office.do(lambda session: session.execute(update(Run).where(Run.id == run_id).values(**wrong)))
    desk = office.desk.get("/admin/runs/?state=failed")
    desk.get(desk.page.xpath("string(//tbody//a/@href)"))
    assert "The program or its database could not do it." in desk.text
    assert "could not extend file" in desk.page.xpath("string(//details[summary[contains(., 'operates')]])")


def test_a_preview_that_could_not_be_made_leaves_nothing_behind(office: Office) -> None:
    office.join(1)
    office.do(lambda session: session.execute(text("UPDATE bank_agreement SET reference_length = 6")))
    office.do(
        lambda session: session.execute(
            text("INSERT INTO number_series SELECT id, 'invoice', 99999 FROM creditor"),
        )
    )
    office.begin()
    with pytest.raises(Exception, match="too long"):
        office.work()
    office.desk.get(office.desk.path)
    assert "It could not go on" in office.desk.text
    assert office.count(RunPreview) == 0


def test_who_may_not_remind_neither_confirms_nor_pauses_nor_resumes_reminders(office: Office, one_app: Flask) -> None:
    office.join(2)
    issued(office.open_session, on=TODAY)
    later = TODAY + dt.timedelta(days=60)
    office.do(lambda session: set_clock(session, to=later, real=later))
    office.preview(kind="reminders")
    office.do(lambda session: employ(session, name="Mo", email="mo@runs.example", roles=["member-officer"]))
    officer = entered(Browser(before(one_app, office.database, office.woken)), office.database, email="mo@runs.example")
    address = officer.get(office.desk.path).path
    assert [one for one in officer.page.xpath("//main//button") if one.text_content().strip()] == []
    token = office.desk.page.xpath("string(//input[@name='csrf_token']/@value)")
    token = officer.get("/admin/runs/new").page.xpath("string(//input[@name='csrf_token']/@value)") or token
    for deed in ("confirm", "discard", "again", "pause", "resume"):
        officer.post(f"{address}/{deed}", csrf_token=token, status=404)
    office.press("Send 2 reminders")
    office.press("Pause")
    assert "Pause" not in officer.get(address).page.xpath("string(//main)").split()
    officer.post(f"{address}/resume", csrf_token=token, status=404)
    office.work()
    assert "Paused" in office.desk.text
    office.press("Resume")
    office.work()
    assert "2 reminders written." in office.desk.text
