"""Bank files at the desk: taken in whole, refused in words, recognised, read by workers where they are large."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from admin.office import bank_files
from database.connect import Role
from dues.groups.models import BankAgreement
from tests.factories.money import bgmax, camt, paid
from tests.factories.runs import finished
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from dues.groups.models import BankAgreement as Agreement
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken


@pytest.fixture
def agreement(town: Town) -> Agreement:
    with town.database.opener(Role.JOBS)() as session:
        found = session.scalars(select(BankAgreement).where(BankAgreement.creditor_id == town.creditor)).first()
        assert found is not None
        session.expunge(found)
        return found


@pytest.fixture
def made_up(agreement: Agreement) -> Agreement:
    """An account that is none of ours."""
    return BankAgreement(scheme="BGNR", number="9912346", currency=agreement.currency, iban=None)


def send(desk: Browser, *files: tuple[bytes, str], piece: str = "") -> Browser:
    """Choose files and press the button, as a browser without scripts does."""
    desk.get("/admin/bank-files/")
    token = desk.page.xpath("string(//form[@id='upload']//input[@name='csrf_token']/@value)")
    data = {"csrf_token": token, "files": [(BytesIO(content), name) for content, name in files]}
    sent = desk._client.post(f"/admin/bank-files/{piece}", data=data, environ_base=desk._environ, headers=desk._headers)
    return desk._load("/admin/bank-files/", sent, 200)


def test_several_files_are_taken_in_each_by_itself(
    desk: Browser, town: Town, agreement: Agreement, woken: Woken
) -> None:
    good = camt(agreement, [paid(31000), paid(100)], on=TODAY).getvalue()
    send(desk, (good, "monday.xml"), (b"<?xml version='1.0'?><x/>", "C:\\fakepath\\wrong.xml"), (good, "again.xml"))
    said = {" ".join(one.text_content().split()) for one in desk.page.xpath("//ul[@class='sent']/li")}
    assert any("monday.xml 2 payments, 311.00 SEK: being booked now." in one for one in said), said
    assert any("wrong.xml Refused, nothing is booked: the file is XML" in one for one in said), said
    assert any("Nothing is booked twice: this was taken in on" in one and "as monday.xml" in one for one in said), said
    assert len(woken.runs) == 1
    finished(town.database.opener(Role.JOBS), woken.runs[0])
    (row,) = desk.get("/admin/bank-files/").page.xpath("//tbody/tr[.//a[text()='monday.xml']]")
    cells = [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
    assert cells[2:] == ["Clerk", "2", "311.00 SEK", "0", "2", "Booked"]
    refused = desk.get("/admin/bank-files/?state=refused").page.xpath("//tbody/tr/td[1]/a/text()")
    assert [name[-9:] for name in refused] == ["wrong.xml"]  # where Today leads: the refused ones, and no others


def test_every_file_of_an_archive_is_taken_in(desk: Browser, agreement: Agreement, woken: Woken) -> None:
    packed, broken = BytesIO(), BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("bank/monday.xml", camt(agreement, [paid(31000)], on=TODAY).getvalue())
        archive.writestr("bank/read me.txt", b"From your bank")
    with ZipFile(broken, "w") as archive:
        archive.writestr("tuesday.xml", camt(agreement, [paid(500)], on=TODAY).getvalue())
        archive.writestr("more.zip", b"x")
    send(desk, (packed.getvalue(), "march.zip"), (broken.getvalue(), "nested.zip"))
    said = [" ".join(one.text_content().split()) for one in desk.page.xpath("//ul[@class='sent']/li")]
    assert any(
        "monday.xml 1 payments, 310.00 SEK" in one or "monday.xml 1 payment, 310.00 SEK" in one for one in said
    ), said
    assert any("read me.txt Refused, nothing is booked" in one for one in said), said
    assert any("nested.zip Refused" in one and "more.zip: the archive holds another archive" in one for one in said), (
        said
    )
    assert len(woken.runs) == 1  # of what cannot be unpacked to its end nothing is taken


def test_a_file_shows_its_sections_and_what_became_of_its_payments(
    desk: Browser, town: Town, agreement: Agreement, woken: Woken
) -> None:
    content = camt(agreement, [paid(n) for n in range(1, 31)], on=TODAY).getvalue()
    send(desk, (content, "many.xml"))
    desk.get(desk.page.xpath("//ul[@class='sent']//a/@href")[0])
    assert desk.heading == "many.xml"
    assert desk.page.xpath("count(//table[.//th[text()='Payer']]/tbody/tr)") == 25
    assert "Not booked yet" in desk.text
    finished(town.database.opener(Role.JOBS), woken.runs[0])
    desk.get(desk.path)
    assert "No reference" in desk.text
    here = desk.path
    desk.get(desk.page.xpath("//a[@rel='next']/@href")[0])
    assert desk.page.xpath("count(//table[.//th[text()='Payer']]/tbody/tr)") == 5
    raw = desk._client.get(f"{here}/raw", environ_base=desk._environ)
    assert raw.data == content
    assert raw.headers["Content-Disposition"] == "attachment; filename=many.xml"


def test_a_large_file_is_read_by_the_workers(
    desk: Browser, town: Town, agreement: Agreement, woken: Woken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_files, "SMALL", 100)
    content = camt(agreement, [paid(777)], on=TODAY).getvalue()
    send(desk, (content, "large.xml"), (content[:-40], "cut.xml"))
    assert "Received. It is large, so it is read first" in desk.text
    assert len(woken.runs) == 2
    addresses = desk.page.xpath("//ul[@class='sent']//a/@href")
    for run in woken.runs:
        finished(town.database.opener(Role.JOBS), run)
    said = [desk.get(address).text for address in addresses]
    assert sum("Refused, nothing is booked: " in one for one in said) == 1
    assert sum("7.77" in one and "Booked" in one for one in said) == 1


def test_a_piece_sent_by_script_is_answered_by_itself(desk: Browser, agreement: Agreement) -> None:
    content = camt(agreement, [paid(55)], on=TODAY).getvalue()
    send(desk, (content, "piece.xml"), piece="?piece=1")
    assert 'data-file="' in desk.answer.get_data(as_text=True)


def test_nothing_chosen_is_said(desk: Browser) -> None:
    send(desk)
    assert "Choose at least one file." in desk.text


def test_a_file_may_be_larger_than_a_form(desk: Browser, agreement: Agreement) -> None:
    padding = b"<!-- " + b"x" * 400_000 + b" -->"
    content = camt(agreement, [paid(56)], on=TODAY).getvalue().replace(b"</Document>", padding + b"</Document>")
    send(desk, (content, "padded.xml"))
    assert "being booked now" in desk.text


def test_a_stranger_sends_no_more_than_a_form(visit: Callable[..., Browser]) -> None:
    stranger = visit().get("/admin/login")
    token = stranger.page.xpath("string(//input[@name='csrf_token']/@value)")
    data = {"csrf_token": token, "files": [(BytesIO(b"x" * 400_000), "a.xml")]}
    sent = stranger._client.post("/admin/bank-files/", data=data, environ_base=stranger._environ)
    assert sent.status_code == 413


@pytest.mark.parametrize("path", ["not-a-uuid", "00000000-0000-0000-0000-000000000000"])
def test_what_is_not_there_is_not_there(desk: Browser, path: str) -> None:
    desk.get(f"/admin/bank-files/{path}", status=404)
    desk.get(f"/admin/bank-files/{path}/raw", status=404)


def test_what_is_refused_says_what_to_do_and_can_be_fetched_as_it_came(
    desk: Browser, agreement: Agreement, made_up: Agreement
) -> None:
    stranger = camt(made_up, [paid(100)], on=TODAY).getvalue()
    trial = bgmax(made_up, [paid(100)], on=TODAY, test=True).getvalue()
    damaged = camt(agreement, [paid(100)], on=TODAY).getvalue()[:-60]
    send(desk, (stranger, "stranger.xml"), (trial, "trial.txt"), (b"%PDF-1.7 x", "list.pdf"), (damaged, "cut.xml"))
    said = {one.xpath("string(.//a)"): " ".join(one.text_content().split()) for one in desk.page.xpath("//ul/li[.//a]")}
    assert "Enter it among the bank agreements" in said["stranger.xml"]
    assert "made it for trying out" in said["trial.txt"]
    assert "Choose another format" in said["list.pdf"]
    assert "Fetch the file anew" in said["cut.xml"]
    desk.get(desk.page.xpath("//ul[@class='sent']//a[text()='list.pdf']/@href")[0])
    assert "Choose another format" in desk.text
    raw = desk._client.get(f"{desk.path}/raw", environ_base=desk._environ)
    assert raw.data == b"%PDF-1.7 x"


def test_only_what_no_format_knows_is_offered_to_be_read_as_a_table(desk: Browser, agreement: Agreement) -> None:
    trial = bgmax(agreement, [paid(100)], on=TODAY, test=True).getvalue()
    send(desk, (trial, "trial.txt"), (b"Day;Amount\n2026-01-02;1,00\n", "table.csv"))
    offer = "//ul[@class='sent']//li[.//a[text()='{}']]//a[contains(., 'It is a table')]/@href"
    assert not desk.page.xpath(offer.format("trial.txt"))
    (address,) = desk.page.xpath(offer.format("table.csv"))
    assert desk.get(address).path.endswith("/table")
    desk.get("/admin/bank-files/")
    desk.get(desk.page.xpath("//table//a[text()='trial.txt']/@href")[0])
    assert "It is a table" not in desk.text
