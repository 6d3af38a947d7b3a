"""A run taken back at the desk: previewed, confirmed once, and known as undone from then on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from admin.office import run_words
from dues.delivery.models import Message, MessageState
from dues.groups.models import Creditor
from dues.invoicing.models import Invoice
from dues.members.models import Membership
from dues.pricing.discounts import Discounted, set_discount
from tests.admin.run_office import TODAY, Office, office
from tests.conftest import HOUSE
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE
from tests.factories.runs import issued

if TYPE_CHECKING:
    from tests.web.browser import Browser

__all__ = ["office"]


def issue(office: Office, many: int = 3) -> Browser:
    """Invoice so many members, and look at the page of the run."""
    office.join(many)
    issued(office.open_session, on=TODAY)
    office.desk.get("/admin/runs/")
    return office.desk.get(office.desk.page.xpath("string(//tbody//a/@href)"))


def undo(office: Office) -> Browser:
    """Press the button, and wait for the preview."""
    office.press("Preview the undoing")
    office.work()
    return office.desk


def pay(office: Office) -> None:
    reference = owed(office.open_session)[0][1]
    banked(office.open_session, camt(office.made.agreement, [paid(FEE, reference)], on=TODAY), on=TODAY)


def cells(desk: Browser) -> list[list[str]]:
    rows = desk.page.xpath("//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("td")] for row in rows]


def test_a_run_is_undone_and_says_so(office: Office) -> None:
    run = issue(office).path
    office.do(lambda session: session.execute(update(Message).values(state=MessageState.SENT)))
    pay(office)
    desk = undo(office)
    undoing = desk.path
    assert desk.heading == "Undoing of the renewals 22 November 2026"
    assert "Before you confirm: 2 invoices to credit" in desk.text
    assert "1,000.00 SEK" in desk.text.replace("\xa0", " ")
    assert "2 were sent. Their credit notes go out at once: 2 by e-mail, 0 by letter." in desk.text
    assert "The same periods are due again" in desk.text
    assert "Left alone, and why Paid 1" in desk.text
    desk.get(f"{undoing}/rows")
    assert len(cells(desk)) == 2
    desk.get(f"{undoing}/left-out?reason=paid")
    assert [row[2:4] for row in cells(desk)] == [["Paid", "Credit it by itself"]]
    desk.get(run)
    assert "The preview of undoing this run waits to be confirmed." in desk.text
    assert "Preview the undoing" not in office.buttons()
    desk.get(undoing)
    office.press("Credit 2 invoices")
    office.work()
    assert "2 invoices credited." in desk.text
    assert office.count(Invoice) == 5
    desk.get(f"{undoing}/rows")
    assert [row[2] for row in cells(desk)] == ["4E-mail", "5E-mail"]
    desk.get(run)
    assert "This run was undone. 2 invoices credited." in desk.text
    assert "Undone in part" in desk.text
    desk.get(desk.page.xpath("string(//div[@id='undone']//a/@href)"))
    assert desk.path == undoing
    desk.get("/admin/runs/")
    assert [row[2] for row in cells(desk)] == ["Done", "Done", "Undone in part"]


def test_nothing_is_credited_where_somebody_paid_since_it_was_looked_at(office: Office) -> None:
    issue(office)
    desk = undo(office)
    confirm = office.confirming()
    pay(office)
    confirm()
    office.work()
    assert "Nothing was done, because something has changed since the preview." in desk.text
    assert "1 cannot be credited any more" in desk.text
    assert "Before you confirm: 2 invoices to credit" in desk.text
    assert office.count(Invoice) == 3
    office.press("Credit 2 invoices")
    office.work()
    assert office.count(Invoice) == 5


def test_a_second_press_shows_the_same_undoing(office: Office) -> None:
    desk = issue(office)
    form = next(form for form in desk.page.forms if str(form.action).endswith("/undo"))
    undoing = undo(office).path
    desk.post(form.action, status=200, **{name: value or "" for name, value in form.form_values()})
    assert desk.path == undoing
    office.press("Not now")
    assert "The preview was put aside. Nothing was done." in desk.text
    assert undo_again(office) != undoing


def undo_again(office: Office) -> str:
    desk = office.desk.get("/admin/runs/")
    desk.get(desk.page.xpath("//tbody//a/@href")[-1])
    return undo(office).path


def test_what_waits_to_be_sent_is_kept_back(office: Office) -> None:
    issue(office)
    desk = undo(office)
    assert "3 never left the house" in desk.text
    office.press("Credit 3 invoices")
    office.work()
    with office.open_session() as session:
        states = {message.state for message in session.query(Message)}
    assert states == {MessageState.WITHHELD}


def test_what_needs_two_persons_is_left_for_them_and_taken_up_again(office: Office) -> None:
    issue(office)
    office.do(lambda session: session.execute(update(Creditor).values(write_off_limit=FEE - 1)))
    desk = undo(office)
    assert "There is nothing to credit." in desk.text
    assert "Above the limit of one person 3" in desk.text
    office.do(lambda session: session.execute(update(Creditor).values(write_off_limit=FEE)))
    office.press("Preview again")
    office.work()
    assert "Before you confirm: 3 invoices to credit" in desk.text


def test_every_reason_that_the_database_gives_has_words() -> None:
    given: set[str] = set()
    for name in ("items", "claim", "undo_candidates", "undo_hold", "undo_members"):
        written = (HOUSE / f"dues/invoicing/sql/{name}.sql").read_text()
        given |= set(re.findall(r"(?:THEN|ELSE|reason =) '([a-z ]+)'", written))
    given -= {"email", "print", "none", "ready", "excluded", "covered", "charged", "active"}
    assert len(given) > 12
    assert given - set(run_words.REASONS) == set()


def test_a_run_of_free_periods_alone_is_undone_too(office: Office) -> None:
    free = Discounted(group_id=office.made.root.id, names={"en": "Jubilee year"}, share=10000)
    office.do(lambda session: set_discount(session, discounted=free))
    issue(office, 2)
    desk = undo(office)
    assert "Before you confirm: 2 free periods to give back" in desk.text
    office.press("Give 2 free periods back")
    office.work()
    assert "2 free periods given back" in desk.get(desk.path).text
    with office.open_session() as session:
        assert session.scalars(select(Membership.charged_through)).all() == [None, None]
