"""A member's year on the running program: join, invoice, pay, active, renewed, reminded; every krona in the books."""

import datetime as dt
import re
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from pypdf import PdfReader

from bankfiles.types import Account, Reference
from bankfiles.write import Deposit, Incoming
from bankfiles.write_camt import write_camt054
from tests.journeys.program import Program, running, words_of

SINGER = "vera.ek@example.org"

pytestmark = pytest.mark.browser


def _join(program: Program, chromium: Chromium) -> None:
    page = chromium.new_page(locale="sv-SE", viewport={"width": 390, "height": 844})
    page.goto(program.url)
    page.get_by_role("link", name="Demokören Stockholm").click()
    page.get_by_label("Vuxen").check()
    page.get_by_label("Förnamn").first.fill("Vera")
    page.get_by_label("Efternamn").first.fill("Ek")
    page.get_by_label("Födelsedatum").fill("17 5 1985")
    page.get_by_label("Gatuadress").first.fill("Ekvägen 3")
    page.get_by_label("Postnummer").first.fill("753 20")
    page.get_by_label("Ort").first.fill("Uppsala")
    page.get_by_label("Medlemmens e-post").fill(SINGER)
    page.get_by_label("Jag godkänner").check()
    page.get_by_role("button", name="Bli medlem").click()
    assert SINGER in page.get_by_role("main").inner_text()
    page.close()


def _pay(program: Program, *, account: str, reference: str, amount: int, on: str) -> dict[str, object]:
    """Let the bank tell that the invoice was paid, in a camt.054."""
    file = program.data / f"paid-{reference}.xml"
    paid = Incoming(amount=amount, bank_reference="B1", references=(Reference(reference),), payer_name="Vera Ek")
    with file.open("wb") as out:
        write_camt054(
            out,
            [Deposit(Account("BGNR", account), "SEK", dt.date.fromisoformat(on), 1, [paid])],
            created=dt.datetime.fromisoformat(f"{on}T06:00:00"),
            message_id=f"NOTE-{reference}",
        )
    (told,) = program.command("bank", "import", str(file))["files"]
    assert isinstance(told, dict)
    return told


def _facts(text: str) -> tuple[str, str, int]:
    """Read account, reference and amount in minor units from the invoice's own words."""
    account = re.search(r"[Bb]ankgiro\S*\s+([\d-]+)", text)
    reference = re.search(r"OCR\S*\s+(\d+)", text)
    amount = re.search(r"(\d[\d ]*(?:,\d\d)?) kr", text)
    assert account, text
    assert reference, text
    assert amount, text
    kronor, _, ore = amount[1].replace(" ", "").partition(",")
    return account[1].replace("-", ""), reference[1], int(kronor) * 100 + int(ore or 0)


def test_a_members_year(tmp_path: Path, chromium: Chromium) -> None:
    with running(tmp_path, members=40) as program:
        today = program.command("clock")["today"]
        _join(program, chromium)
        invoice = program.mail(SINGER, number=1)
        account, reference, amount = _facts(words_of(invoice))
        (pdf,) = [part for part in invoice.iter_attachments() if part.get_content_type() == "application/pdf"]
        printed = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf.get_content())).pages)
        assert reference in re.sub(r"\s", "", printed)

        told = _pay(program, account=account, reference=reference, amount=amount, on=today)
        assert (told["payments"], told["matched"], told["unmatched"]) == (1, 1, 0)
        receipt = program.mail(SINGER, number=2)
        assert "kr" in words_of(receipt)

        # Eleven months and a bit later the renewal goes out by itself: only the clock was moved.
        program.command("clock", "--advance", "340")
        renewal = program.mail(SINGER, number=3)
        _, second, _ = _facts(words_of(renewal))
        assert second != reference

        # Nobody pays: the due date and the creditor's days pass, and a reminder follows.
        program.command("clock", "--advance", "45")
        reminder = program.mail(SINGER, number=4)
        assert second in re.sub(r"\s", "", words_of(reminder))
        assert "åminnelse" in str(reminder["subject"])

        proof = program.command("journal", "verify")
        assert proof["ok"]
        assert proof["entries"] > 0
