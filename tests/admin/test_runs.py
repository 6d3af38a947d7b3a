"""Runs at the desk: chosen, looked at, confirmed once, followed, and what came of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text, update

from app import create_app
from database.connect import Role
from dues.access.staff import add_staff
from dues.actor import AUTOMATIC, COMMAND_LINE, VISITOR
from dues.dates import set_clock
from dues.groups.establish import add_group
from dues.invoicing.issue import start_issue
from dues.invoicing.models import Invoice
from dues.invoicing.sample import samples
from dues.members.models import Membership, Person
from dues.pricing.models import PriceRule
from dues.runs.models import Run, RunPreview, RunState
from tests.admin.conftest import EMAIL, PASSWORD, logged_in
from tests.factories.members import member, person
from tests.factories.money import banked, camt, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import finished, issued
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from database.connect import Database, OpenSession
    from settings import Settings
    from tests.web.waking import Woken

TODAY = dt.date(2026, 11, 22)
LONG_AGO = TODAY - dt.timedelta(days=100)


@dataclass
class Office:
    """A desk before an organisation of its own, and the workers that its presses wake."""

    database: Database
    made: Organisation
    desk: Browser
    woken: Woken

    @property
    def open_session(self) -> OpenSession:
        return self.database.opener(Role.JOBS)

    def do(self, work: Callable[[Session], object]) -> None:
        """Change something in a transaction of its own."""
        with self.database.unit_of_work(Role.JOBS) as session:
            work(session)

    def join(self, many: int = 1, **values: object) -> list[int]:
        """Let members join today, who have not been invoiced; return their memberships."""
        with self.database.unit_of_work(Role.JOBS) as session:
            return [member(session, self.made, joined_on=TODAY, **values).id for _ in range(many)]  # type: ignore[arg-type]

    def work(self) -> None:
        """Let the workers do what they were woken for, and look at the page again."""
        while self.woken.runs:
            finished(self.open_session, self.woken.runs.pop(0))
        self.desk.get(self.desk.path)

    def begin(self, **fields: str | None) -> Browser:
        """Fill in the form that starts a run, and press its button."""
        return self.desk.get("/admin/runs/new").submit(form=1, status=200, **fields)

    def preview(self, **fields: str | None) -> Browser:
        """Start renewals in the browser and wait for their preview."""
        self.begin(**fields)
        self.work()
        return self.desk

    def confirming(self) -> Callable[[], Browser]:
        """Keep the page's button that confirms, to be pressed whenever."""
        form = next(form for form in self.desk.page.forms if str(form.action).endswith("/confirm"))
        fields = {name: value or "" for name, value in form.form_values()}
        return lambda: self.desk.post(form.action, status=200, **fields)

    def press(self, words: str, *, status: int = 200) -> Browser:
        """Press the button that says so."""
        forms = [form for form in self.desk.page.forms if form.method == "POST"]
        said = [" ".join(form.xpath("string(.//button)").split()) for form in forms]
        return self.desk.submit(form=said.index(words), status=status)

    def buttons(self) -> list[str]:
        return [" ".join(one.text_content().split()) for one in self.desk.page.xpath("//main//button")]

    def count(self, table: type[object]) -> int:
        with self.open_session() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def office(committing: Database, woken: Woken, settings: Settings) -> Office:
    with committing.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=TODAY)
        made = organisation(session)
        add_staff(session, name="Siv", email=EMAIL, password=PASSWORD, language="en")
        session.expunge_all()
    app = create_app(settings, database=committing, wake=woken)
    return Office(committing, made, logged_in(Browser(app)), woken)


def test_renewals_go_from_choice_to_result_at_one_address(office: Office) -> None:
    office.join(3)
    desk = office.desk.get("/admin/runs/new")
    assert desk.page.xpath("string(//input[@id='day']/@value)") == TODAY.isoformat()
    desk.submit(form=1)
    address = desk.path
    assert desk.heading == "Renewals 22 November 2026"
    assert "Started by Siv" in desk.text
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
    assert desk.error_at("group") == "Several groups begin like this. Choose one."
    assert desk.page.xpath("//input[@name='slug']/@value") == ["nord", "nordost"]
    desk.submit(form=1, slug="nordost")
    with office.open_session() as session:
        assert [run.params["group"] for run in session.scalars(select(Run))] == ["nordost"]


@pytest.mark.parametrize(
    ("fields", "box", "says"),
    [
        ({"group": "Nowhere"}, "group", "No group is called that. Write the beginning of its name."),
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


def test_groups_are_offered_while_one_writes(office: Office) -> None:
    office.desk.get("/admin/runs/groups?q=no")
    assert office.desk.answer.json == [{"name": "Norr", "above": "Riks"}]
    office.desk.get("/admin/runs/groups?q=")
    assert office.desk.answer.json == []


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


def test_rows_are_found_by_name_address_number_and_group(office: Office) -> None:
    with office.database.unit_of_work(Role.JOBS) as session:
        parent = person(session, given_name="Eva", family_name="Zander", email="eva.z@example.org")
        child = person(session, given_name="Ali", family_name="Quist", born=dt.date(2016, 1, 1))
        member(session, office.made, joined_on=TODAY, who=child, payer=parent)
        member(session, office.made, joined_on=TODAY, group=office.made.south)
        number = child.id
    desk = office.preview()
    rows = desk.path + "/rows"

    def names(query: str) -> list[str]:
        desk.get(f"{rows}?{query}")
        return [" ".join(one.split()) for one in desk.page.xpath("//tbody/tr/td[1]/text()")]

    assert len(names("")) == 2
    for query in ("q=quist", "q=Quist Ali", "q=zander", "q=EVA.Z@", f"q={number}", f"group={office.made.north.id}"):
        assert [one for one in names(query) if one] == ["Ali Quist"], query
    assert "Eva Zander pays" in desk.text
    names("q=nobody")
    assert "Nobody here is found by “nobody”." in desk.text
    names("group=999999999999999999999&after=x")  # nonsense narrows nothing
    desk.get(desk.path.split("/rows")[0])
    office.press("Issue 2 invoices")
    office.work()
    assert len(names("q=1")) >= 1
    assert "Invoice 1" in desk.text


def test_lists_are_walked_by_their_rows(office: Office) -> None:
    office.join(52)
    desk = office.preview()
    desk.get(desk.path + "/rows")
    assert len(desk.page.xpath("//tbody/tr")) == 50
    desk.get(desk.page.xpath("string(//a[@rel='next']/@href)"))
    assert len(desk.page.xpath("//tbody/tr")) == 2
    assert not desk.page.xpath("//a[@rel='next']")


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


def start(office: Office, **values: object) -> int:
    with office.database.unit_of_work(Role.JOBS) as session:
        return start_issue(session, on=TODAY, by=COMMAND_LINE, **values).id  # type: ignore[arg-type]


def test_runs_are_listed_newest_first_by_what_they_need(office: Office) -> None:
    (joined,) = office.join(1)
    with office.database.unit_of_work(Role.JOBS) as session:
        start_issue(session, on=TODAY, by=VISITOR, memberships=[joined], confirmed=True)
        start_issue(session, on=TODAY, by=AUTOMATIC, confirmed=True)
        start_issue(session, on=TODAY + dt.timedelta(days=1), by=COMMAND_LINE)
    for number in range(1, 4):
        finished(office.open_session, number)

    def shown(query: str = "") -> list[str]:
        office.desk.get(f"/admin/runs/{query}")
        return [" ".join(one.text_content().split()) for one in office.desk.page.xpath("//tbody/tr/td[1]")]

    everything = ["Renewals 23 November 2026", "Renewals 22 November 2026"]
    assert shown() == everything
    assert shown("?state=nonsense&before=nonsense") == everything
    assert shown("?state=ready") == everything[:1]
    assert shown("?state=automatic") == everything[1:]
    assert shown("?state=failed") == []
    with office.open_session() as session:
        newest = session.scalars(select(Run.uuid).order_by(Run.id.desc())).first()
    assert shown(f"?before={newest}") == everything[1:]


def test_a_bank_file_is_a_run_with_a_result(office: Office) -> None:
    banked(office.open_session, camt(office.made.agreement, [paid(100, "1"), paid(200, "2")], on=TODAY), on=TODAY)
    desk = office.desk.get("/admin/runs/")
    assert "0 payments matched, 2 without an invoice" in desk.text
    desk.get(desk.page.xpath("string(//tbody//a/@href)"))
    assert desk.heading == "Bank file 22 November 2026"
    desk.get(desk.path + "/rows", status=404)


@pytest.mark.parametrize("path", ["", "/rows", "/left-out", "/groups", "/samples.pdf", "/events", "/progress"])
def test_a_run_that_is_not_there_is_not_there(office: Office, path: str) -> None:
    office.desk.get(f"/admin/runs/6f2c3a30-5c5c-4c58-9d7c-0c1fa1e5cafe{path}", status=404)
    office.desk.get(f"/admin/runs/17{path}", status=404)


@pytest.mark.parametrize("path", ["/confirm", "/discard", "/again", "/pause", "/resume", "/rest"])
def test_nothing_is_done_by_looking(office: Office, path: str) -> None:
    address = office.preview().path
    office.desk.get(address + path, status=405)


def test_every_group_is_listed(office: Office) -> None:
    office.join(1)
    office.join(2, group=office.made.south)
    desk = office.preview()
    assert desk.page.xpath("//section[@aria-labelledby='groups']//tbody/tr/td[1]//text()") == ["Syd", "Norr"]
    desk.get(desk.path + "/groups")
    assert [row.split()[0] for row in desk.page.xpath("//tbody/tr/td[1]//text()")] == ["Syd", "Norr"]
    desk.get(desk.page.xpath("string(//tbody//a/@href)"))
    assert len(desk.page.xpath("//tbody/tr")) == 2


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
