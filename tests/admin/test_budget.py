"""What a first visit to the desk weighs, as sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.web.browser import Browser

_KILOBYTE = 1000


def test_a_first_visit_stays_within_its_budget(desk: Browser) -> None:
    page = desk.get("/admin/")
    sent = {"page": len(page.answer.data)}
    for path in [*page.page.xpath("//link/@href | //script/@src"), _sprite(page)]:
        answer = desk._client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        sent[path] = len(answer.data)
    assert sum(sent.values()) <= 90 * _KILOBYTE, sent
    assert sum(size for path, size in sent.items() if path.endswith(".js")) <= 25 * _KILOBYTE, sent
    assert all("defer" in script.attrib for script in page.page.xpath("//script"))


def _sprite(page: Browser) -> str:
    drawn: list[str] = page.page.xpath("//use/@href")
    return drawn[0].partition("#")[0]
