"""The demonstration's outbox."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

import pytest

from app import create_app
from settings import Settings
from tests.web.browser import Browser
from tests.web.waking import Woken

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal.town import Town


@pytest.fixture
def demo(town: Town, tmp_path: Path) -> Browser:
    """A visitor of a demonstration."""
    settings = Settings.from_env({"KONTINGENT_DATA": str(tmp_path), "KONTINGENT_DEMO": "1"})
    return Browser(create_app(settings, database=town.database, wake=Woken()))


@pytest.fixture
def mail(tmp_path: Path) -> EmailMessage:
    """A mail as the catcher keeps it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "Körförbundet <office@example.org>"
    message["To"] = "Åsa <asa@example.org>"
    message["Subject"] = "Faktura 4711: Välkommen"
    message["Date"] = "Sun, 22 Nov 2026 10:00:00 +0100"
    message.set_content("Hej Åsa!\nBetala på https://dues.example.org/i/abc\n")
    message.add_alternative("<html><h1 onclick='x()'>Hej</h1><script>alert(1)</script></html>", subtype="html")
    message.add_attachment(b"%PDF-1.7 x", maintype="application", subtype="pdf", filename="Faktura 4711.pdf")
    message.add_attachment(b"<script>", maintype="text", subtype="html", filename="x.html")
    folder = tmp_path / "outbox"
    folder.mkdir()
    (folder / "one.eml").write_bytes(message.as_bytes())
    (folder / ".catcher").write_text("2525")
    return message


def test_mails_are_listed_and_read(demo: Browser, mail: EmailMessage) -> None:
    demo.get("/demo/outbox")
    assert str(mail["Subject"]) in demo.text
    assert "asa@example.org" in demo.text
    demo.get(demo.page.xpath("//*[@class='list']//a/@href")[0])
    assert demo.heading == "Faktura 4711: Välkommen"
    assert "Hej Åsa!" in demo.text
    assert demo.page.xpath("//a[@href='https://dues.example.org/i/abc']")
    assert "Faktura 4711.pdf" in demo.text


def test_a_mails_html_runs_nothing(demo: Browser, mail: EmailMessage) -> None:
    assert mail
    frame = demo.get("/demo/outbox/one.eml").page.xpath("//iframe")[0]
    assert "allow-scripts" not in frame.get("sandbox")
    assert "allow-same-origin" not in frame.get("sandbox")
    assert "frame-src 'self'" in demo.answer.headers["Content-Security-Policy"]
    policy = demo.get(frame.get("src")).answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")


def test_attachments_come_as_files(demo: Browser, mail: EmailMessage) -> None:
    assert mail
    pdf, html = demo.get("/demo/outbox/one.eml").page.xpath("//h2[1]/following-sibling::ul[1]//a/@href")
    answer = demo.get(pdf).answer
    assert (answer.mimetype, answer.data) == ("application/pdf", b"%PDF-1.7 x")
    assert "Faktura 4711.pdf" in answer.headers["Content-Disposition"]
    answer = demo.get(html).answer
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    demo.get("/demo/outbox/one.eml/9", status=404)


def test_an_empty_outbox_says_how_to_fill_it(demo: Browser) -> None:
    assert "No mail has been sent yet." in demo.get("/demo/outbox").text


@pytest.mark.parametrize("name", ["none.eml", ".catcher", "..%2f..%2fsecret-key", "%2e%2e%2fone.eml", "one.eml%00"])
def test_nothing_else_can_be_read(demo: Browser, mail: EmailMessage, name: str) -> None:
    assert mail
    demo.get(f"/demo/outbox/{name}", status=404)


def test_outside_a_demonstration_there_is_no_such_page(browser: Browser, mail: EmailMessage) -> None:
    assert mail
    for path in ("", "/one.eml", "/one.eml/html", "/one.eml/0"):
        browser.get(f"/demo/outbox{path}", status=404)
