"""What a first visit to the desk weighs, as sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.portal.town import Town
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


def test_a_first_visit_to_a_house_is_lighter(desk: Browser, town: Town) -> None:
    page = desk.get(f"/group/{town.slug}/members/")
    sent = {"page": len(page.answer.data)}
    for path in [*page.page.xpath("//link/@href | //script/@src"), _sprite(page)]:
        sent[path] = len(desk._client.get(path, headers={"Accept-Encoding": "gzip"}).data)
    assert sum(sent.values()) <= 60 * _KILOBYTE, sent


def _sprite(page: Browser) -> str:
    drawn: list[str] = page.page.xpath("//use/@href")
    return drawn[0].partition("#")[0]
