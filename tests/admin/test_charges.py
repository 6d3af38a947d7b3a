"""Lines from a table at the desk: send it, say which column is which, look, confirm; and what is wrong is told."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Creditor, Group
from dues.invoicing.models import Invoice
from dues.members.models import Person
from tests.factories.members import person
from tests.factories.products import product
from tests.factories.runs import finished

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken


@pytest.fixture
def kim(town: Town) -> Person:
    with town.database.unit_of_work(Role.JOBS) as session:
        found = person(session, family_name="Läger")
        session.expunge(found)
        return found


@pytest.fixture
def number(town: Town) -> str:
    """The number of a product that the creditor of the town sells."""
    with town.database.unit_of_work(Role.JOBS) as session:
        creditor = session.get_one(Creditor, town.creditor)
        group = session.get_one(Group, creditor.group_id)
        found = session.scalar(select(Group.id).where(Group.id == group.id))
        code = f"T{session.scalar(select(Person.id).order_by(Person.id.desc()).limit(1))}"
        assert found is not None
        return product(session, group, number=code, currency=creditor.currency).number


def send(desk: Browser, content: bytes, name: str = "lines.csv") -> Browser:
    desk.get("/admin/charges/")
    form = desk.page.xpath("//form[@enctype]")[0]
    data = {
        "csrf_token": form.xpath("string(.//input[@name='csrf_token']/@value)"),
        "group": form.xpath("string(.//select[@name='group']/option[1]/@value)"),
        "file": (BytesIO(content), name),
    }
    sent = desk._client.post("/admin/charges/", data=data, environ_base=desk._environ, headers=desk._headers)
    return desk._load("/admin/charges/", sent, 200)


def press(desk: Browser, action: str, **fields: str | None) -> Browser:
    """Send the form whose address holds some words."""
    forms = [one for one in desk.page.forms if one.method == "POST"]
    place = next(at for at, one in enumerate(forms) if action in (one.action or ""))
    return desk.submit(form=place, status=200, **fields)


def test_a_table_becomes_invoices(desk: Browser, town: Town, woken: Woken, kim: Person, number: str) -> None:
    send(desk, f"Medlemsnummer;Artikel;Text;Pris\n{kim.id};{number};Läger;250,50\n{kim.id};{number};;\n".encode())
    assert desk.heading == "lines.csv"
    assert desk.page.xpath("string(//select[@name='number']/option[@selected]/@value)") == "Medlemsnummer"
    press(desk, "/charges/")
    finished(town.database.opener(Role.JOBS), woken.runs[-1])
    desk.get(desk.path)
    assert "Before you confirm: 1 invoice" in desk.text
    here = desk.path
    desk.get(f"{here}/rows")
    assert "Kim Läger" in desk.text
    assert "Läger" in desk.text
    assert "375.50" in desk.text
    assert desk._client.get(f"{here}/samples.pdf", environ_base=desk._environ).data[:5] == b"%PDF-"
    desk.get(here)
    press(desk, "/confirm")
    finished(town.database.opener(Role.JOBS), woken.runs[-1])
    assert "1 invoice issued" in desk.get(here).text
    with town.database.opener(Role.JOBS)() as session:
        assert session.scalars(select(Invoice.amount).where(Invoice.payer_id == kim.id)).all() == [37550]
    desk.get("/admin/charges/")
    assert "1 invoice issued" in desk.text
    send(desk, f"Medlemsnummer;Artikel;Text;Pris\n{kim.id};{number};Läger;250,50\n{kim.id};{number};;\n".encode())
    assert "This table came before. Nothing is charged twice." in desk.text


def test_what_is_wrong_is_told_by_line_and_can_be_taken_along(
    desk: Browser, town: Town, woken: Woken, kim: Person, number: str
) -> None:
    send(desk, f"Member;Product;Price\n{kim.id};{number};1,234\n999999;{number};5\n".encode())
    press(desk, "/charges/")
    finished(town.database.opener(Role.JOBS), woken.runs[-1])
    desk.get(desk.path)
    assert "The table was not accepted: 2 faults" in desk.text
    desk.get(desk.page.xpath("//a[text()='Look at the faults']/@href")[0])
    assert "“1,234” could be read in two ways." in desk.text
    assert "Nobody in the register is found by this." in desk.text
    listed = desk._client.get(f"{desk.path}/faults.csv", environ_base=desk._environ).get_data(as_text=True)
    assert listed.splitlines()[2].startswith("3,Member,999999,")


def test_what_is_no_table_is_refused_beside_the_file(desk: Browser) -> None:
    send(desk, b"PK\x03\x04 is no workbook", "x.xlsx")
    assert "The workbook is damaged. Open it and save it again as XLSX." in desk.text


def test_a_reading_that_cannot_be_keeps_what_was_chosen(desk: Browser) -> None:
    send(desk, b"Wer;Was\n1;2\n")
    press(desk, "/charges/", product="Was")
    assert "Say which column names the person: by number, e-mail address or external id." in desk.text
    assert desk.page.xpath("string(//select[@name='product']/option[@selected]/@value)") == "Was"
