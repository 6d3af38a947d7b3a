"""Own texts and the schedule at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.groups.models import OwnText
from dues.runs.models import ScheduledTask, Task
from tests.factories.members import person

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser

NEW: dict[str, Any] = {
    "group": "Norr",
    "occasion": "invoice",
    "language": "en",
    "words": "Hello {name},\r\n\r\nthank you.",
}


def texts(town: Town) -> list[tuple[str, str, bool]]:
    with town.database.unit_of_work(Role.JOBS) as session:
        found = session.scalars(select(OwnText).order_by(OwnText.id))
        return [(one.words, one.actor, one.ended_at is None) for one in found]


def test_a_text_is_added_changed_and_taken_away_and_every_version_is_kept(desk: Browser, town: Town) -> None:
    desk.get("/admin/setup/texts/new/").submit(form=1, **NEW)
    assert (desk.path, "Hello {name}, thank you." in desk.text) == ("/admin/setup/texts/", True)
    desk.get(desk.page.xpath("string(//tbody//a/@href)"))
    assert "Hello Kim Ek," in desk.text
    desk.submit(form=1, words="Hi {name}!")
    desk.get(desk.page.xpath("string(//tbody//a/@href)") + "delete/").submit(form=1)
    assert "is taken away" in desk.text
    assert [(words, alive) for words, _, alive in texts(town)] == [
        ("Hello {name},\n\nthank you.", False),
        ("Hi {name}!", False),
    ]
    assert {actor.split(":")[0] for _, actor, _ in texts(town)} == {"staff"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Hello {nme}", "{nme} is not known on this occasion. Known are: {name}, {amount}, {due date}, {number}"),
        ("Hello {name", "A brace { or } stands alone."),
        ("<b>Hello</b>", "<b> has no meaning here. Write plain text"),
        ("x" * 1001, "The text has 1,001 characters; there is room for 1,000. Make it shorter."),
        ("", "Fill this in."),
    ],
)
def test_words_that_would_be_read_wrongly_are_refused_and_kept(
    desk: Browser, town: Town, words: str, sentence: str
) -> None:
    desk.get("/admin/setup/texts/new/").submit(form=1, **cast("Any", {**NEW, "words": words}))
    assert desk.error_at("words").startswith(sentence)
    assert desk.page.xpath("string(//textarea[@name='words'])").strip() == words
    assert texts(town) == []


def test_a_group_says_one_thing_on_one_occasion(desk: Browser, town: Town) -> None:
    desk.get("/admin/setup/texts/new/").submit(form=1, **NEW)
    desk.get("/admin/setup/texts/new/").submit(form=1, **NEW)
    assert desk.error_at("occasion").startswith("This group has words for this already")
    desk.submit(form=1, medium="email")
    assert len(texts(town)) == 2


@pytest.mark.parametrize("occasion", ["invoice", "renewal", "reminder-2", "credit note", "one off"])
def test_words_are_shown_as_mail_and_as_document_before_they_are_kept(desk: Browser, town: Town, occasion: str) -> None:
    desk.get("/admin/setup/texts/new/")
    token = desk.page.xpath("string(//main//input[@name='csrf_token']/@value)")
    sent = {**NEW, "occasion": occasion, "medium": "everywhere", "words": "Hi {name} & {group}", "csrf_token": token}
    assert "Hi Kim Ek &amp; Norr" in desk.post("/admin/setup/texts/preview/", **sent).answer.get_data(as_text=True)
    mail = desk.post("/admin/setup/texts/mail/", **sent).answer
    assert "Hi Kim Ek &amp; Norr" in mail.get_data(as_text=True)
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    pdf = desk.post("/admin/setup/texts/document/", **sent).answer
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    assert texts(town) == []


def test_words_are_shown_with_the_name_of_a_member_who_is_looked_for(desk: Browser, town: Town) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        person(session, given_name="Åsa", family_name="Öberg").city = "Lund"
    assert "Lund" in desk.get("/admin/setup/texts/people/?q=%C3%A5sa").answer.get_data(as_text=True)
    desk.get("/admin/setup/texts/new/")
    token = desk.page.xpath("string(//main//input[@name='csrf_token']/@value)")
    sent = {**NEW, "medium": "everywhere", "occasion": "one off", "reader": "Åsa Ö", "csrf_token": token}
    sent["words"] = "Hi {name}, quote {reference}"
    seen = desk.post("/admin/setup/texts/preview/", **sent).answer.get_data(as_text=True)
    assert "As Åsa Öberg would read it." in seen
    assert "characters (GSM-7) · 1 part." in seen
    assert "Hi Åsa Öberg, quote " in seen
    assert texts(town) == []


def test_what_cannot_be_shown_says_why(desk: Browser) -> None:
    desk.get("/admin/setup/texts/new/")
    token = desk.page.xpath("string(//main//input[@name='csrf_token']/@value)")
    sent = {**NEW, "words": "{nme}", "medium": "everywhere", "csrf_token": token}
    assert "{nme} is not known" in desk.post("/admin/setup/texts/preview/", **sent).answer.get_data(as_text=True)
    assert "{nme} is not known" in desk.post("/admin/setup/texts/document/", **sent).text
    thanks = {**sent, "words": "Thanks, {group}.", "occasion": "join thanks"}
    assert "Thanks, Norr." in desk.post("/admin/setup/texts/preview/", **thanks).answer.get_data(as_text=True)
    assert "there is only what stands on the page" in desk.post("/admin/setup/texts/document/", **thanks).text
    desk.post("/admin/setup/texts/preview/", status=404, **cast("Any", {**sent, "text": "99"}))


def task(town: Town, name: Task) -> ScheduledTask:
    with town.database.unit_of_work(Role.JOBS) as session:
        found = session.get_one(ScheduledTask, name)
        session.expunge(found)
        return found


def test_the_schedule_says_what_begins_by_itself(desk: Browser) -> None:
    desk.get("/admin/setup/schedule/")
    assert len(desk.page.xpath("//tbody/tr")) == 4
    assert "As soon as something waits" in desk.text
    desk.get("/admin/setup/schedule/new/", status=404)
    desk.get("/admin/setup/schedule/nothing/", status=404)


def test_a_task_rests_until_a_day_with_a_reason(desk: Browser, town: Town) -> None:
    desk.get("/admin/setup/schedule/reminders/").submit(form=1, paused="y", paused_until="2026-11-22", earliest="25")
    assert desk.error_at("earliest") == "Write hour and minute, for example 06:30."
    assert desk.page.xpath("string(//input[@name='earliest']/@value)") == "25"
    desk.submit(form=1, earliest="6.30")
    assert desk.error_at("reason") == "Write why it rests, for your colleagues."
    desk.submit(form=1, reason="The statutes change")
    assert desk.error_at("paused_until") == "Choose a day after today."
    desk.submit(form=1, paused_until="2026-12-24")
    assert "The statutes change" in desk.text
    row = task(town, Task.REMINDERS)
    assert (row.paused, str(row.paused_until), str(row.earliest)) == (True, "2026-12-24", "06:30:00")
    desk.get("/admin/setup/schedule/reminders/")
    assert "Clerk" in desk.text
    desk.submit(form=1, paused=None)
    assert not task(town, Task.REMINDERS).paused


def test_what_begins_when_something_waits_has_no_hour(desk: Browser, town: Town) -> None:
    desk.get("/admin/setup/schedule/messages/")
    assert not desk.page.xpath("//input[@name='earliest']")
    desk.submit(form=1, paused="y", reason="A mistake in the texts", earliest="06:00")
    assert (task(town, Task.MESSAGES).paused, task(town, Task.MESSAGES).earliest) == (True, None)
