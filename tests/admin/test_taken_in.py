"""Invoices from elsewhere at the desk: take them in, attach their PDFs, find them, and look at one."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.invoicing.models import Invoice
from dues.members.models import Person
from tests.admin.test_charges import kim, press
from tests.factories.runs import finished
from tests.invoicing.test_elsewhere_pdfs import PDF, zipped

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken

__all__ = ["kim"]

HERE = "/admin/taken-in/"
HEAD = "Fakturanummer;Medlemsnummer;Fakturadatum;Förfallodatum;Referens;Belopp;Betalt\n"


def send(desk: Browser, content: bytes, *, address: str = HERE, field: str = "file", name: str = "old.csv") -> Browser:
    desk.get(address)
    form = desk.page.xpath("//form[@enctype]")[0]
    data = {
        "csrf_token": form.xpath("string(.//input[@name='csrf_token']/@value)"),
        "group": form.xpath("string(.//select[@name='group']/option[1]/@value)"),
        field: (BytesIO(content), name),
    }
    there = form.get("action")
    sent = desk._client.post(there, data=data, environ_base=desk._environ, headers=desk._headers)
    return desk._load(there, sent, 200)


@pytest.fixture
def table(desk: Browser, town: Town, woken: Woken, kim: Person) -> str:
    """The address of a table whose one invoice was taken in; its number is the person's."""
    rows = f"OLD-{kim.id};{kim.id};2025-11-01;2025-12-01;REF {kim.id};300;100\n"
    send(desk, (HEAD + rows).encode())
    here = desk.path
    press(desk, "/taken-in/", source="Old register", quoted="text")
    finished(town.database.opener(Role.JOBS), woken.runs[-1])
    desk.get(desk.path)
    assert "Before you confirm: 1 invoice" in desk.text
    assert "Nobody is written to" in desk.text
    assert "Take in 1 invoice" in desk.text
    assert "sample" not in desk.text
    press(desk, "/confirm")
    finished(town.database.opener(Role.JOBS), woken.runs[-1])
    assert "1 invoice taken in" in desk.get(desk.path).text
    return here


def invoice_of(town: Town, kim: Person) -> Invoice:
    with town.database.opener(Role.JOBS)() as session:
        return session.scalars(select(Invoice).where(Invoice.payer_id == kim.id)).one()


@pytest.mark.usefixtures("table")
def test_an_invoice_is_taken_in_and_its_page_says_where_it_is_from(desk: Browser, town: Town, kim: Person) -> None:
    invoice = invoice_of(town, kim)
    desk.get(f"/admin/invoices/{invoice.uuid}")
    assert f"Invoice OLD-{kim.id}" in desk.text
    assert "It was issued in Old register and sent from there. It is never sent from here." in desk.text
    assert "Its PDF did not come along." in desk.text
    assert "Sent by the system that issued it" in desk.text
    assert f"reference REF {kim.id}" in desk.text
    assert "Send again" not in desk.text
    assert "Show PDF" not in desk.text
    got = desk._client.get(f"/admin/invoices/{invoice.uuid}/invoice.pdf", environ_base=desk._environ)
    assert got.status_code == 404
    desk.get(f"/admin/invoices/{invoice.uuid}/send")
    assert "Another system issued and sent it. It is not sent from here." in desk.text
    desk.get(f"/admin/persons/{kim.uuid}")
    assert f"Invoice OLD-{kim.id}" in desk.text


def test_its_pdf_is_attached_and_handed_over_as_a_file(desk: Browser, town: Town, table: str, kim: Person) -> None:
    send(desk, zipped({f"OLD-{kim.id}.pdf": PDF, "x.pdf": PDF}).getvalue(), address=table, field="archive")
    assert "1 PDF was attached to its invoice." in desk.text
    assert "No invoice of this table has such a number (1)" in desk.text
    assert "1 of 1 invoices have their PDF." in desk.text
    invoice = invoice_of(town, kim)
    assert "Download the PDF" in desk.get(f"/admin/invoices/{invoice.uuid}").text
    got = desk._client.get(f"/admin/invoices/{invoice.uuid}/invoice.pdf", environ_base=desk._environ)
    assert got.data == PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    send(desk, b"no archive", address=table, field="archive")
    assert "This is no ZIP archive, or it is damaged." in desk.text


@pytest.mark.usefixtures("table")
def test_it_is_found_by_its_number_and_by_the_system(desk: Browser, kim: Person) -> None:
    for written in (f"OLD-{kim.id}", f"old {kim.id}", f"REF {kim.id}"):
        desk.get(f"/admin/find?q={written}")
        assert f"Invoice OLD-{kim.id}" in desk.text, written
    for narrowed in ("system=*", "system=Old register", f"search=OLD-{kim.id}&system=*"):
        assert f"OLD-{kim.id}" in desk.get(f"/admin/invoices/?{narrowed}").text, narrowed
    assert f"OLD-{kim.id}" not in desk.get("/admin/invoices/?system=Old register&type=1").text


def test_what_is_wrong_is_told_by_line(desk: Browser, town: Town, woken: Woken, kim: Person) -> None:
    send(desk, f"{HEAD};{kim.id};2025-11-01;soon;1;300;\n".encode())
    press(desk, "/taken-in/", source="Old register", quoted="text")
    finished(town.database.opener(Role.JOBS), woken.runs[-1])
    desk.get(desk.path)
    assert "The table was not accepted: 1 fault" in desk.text
    desk.get(desk.page.xpath("//a[text()='Look at the faults']/@href")[0])
    assert "Write the number of the invoice, in 35 letters at most." in desk.text
    listed = desk._client.get(f"{desk.path}/faults.csv", environ_base=desk._environ).get_data(as_text=True)
    assert listed.splitlines()[1].startswith("2,Fakturanummer,")


def test_a_reading_that_cannot_be_keeps_what_was_chosen(desk: Browser) -> None:
    send(desk, f"{HEAD}1;2;3;4;5;6;7\n".encode())
    press(desk, "/taken-in/", source="", text="Belopp")
    assert "Name the system that issued the invoices, in 60 letters at most." in desk.text
    assert desk.page.xpath("string(//select[@name='text']/option[@selected]/@value)") == "Belopp"


def test_a_table_that_came_before_leads_to_what_became_of_it(desk: Browser, table: str, kim: Person) -> None:
    rows = f"OLD-{kim.id};{kim.id};2025-11-01;2025-12-01;REF {kim.id};300;100\n"
    send(desk, (HEAD + rows).encode())
    assert desk.path == table
    assert "This table came before." in desk.text
