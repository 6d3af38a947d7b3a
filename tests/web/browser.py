"""A browser without pictures: loads pages, fills in forms, and refuses pages that no careful person would send."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Final

import lxml.html

if TYPE_CHECKING:
    from flask import Flask
    from lxml.html import HtmlElement
    from werkzeug.test import TestResponse

_networks = count(1)
_UNLABELLED: Final = frozenset({"hidden", "submit"})


class Browser:
    """One visitor with cookies of their own, from a network of their own."""

    def __init__(self, app: Flask, *, language: str = "en") -> None:
        number = next(_networks)
        self._client = app.test_client()
        self._environ = {"REMOTE_ADDR": f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"}
        self._headers = {"Accept-Language": language}
        self.path = ""
        self.answer: TestResponse
        self.page: HtmlElement

    def remember(self, **kept: object) -> Browser:
        """Have something in the signed cookie, as an earlier visit would have left it."""
        with self._client.session_transaction() as cookie:
            cookie.update(kept)
        return self

    def get(self, path: str, *, status: int = 200) -> Browser:
        """Load a page, following redirections."""
        return self._load(path, self._client.get(path, environ_base=self._environ, headers=self._headers), status)

    def post(self, path: str, *, status: int = 200, **fields: str) -> Browser:
        """Send fields to an address, as a form of the page would."""
        return self._send(path, fields, status)

    def submit(self, *, form: int = 0, status: int = 200, **fields: str | None) -> Browser:
        """Fill in the boxes of one of the page's forms and press its button; None leaves a box out."""
        found = [one for one in self.page.forms if one.method == "POST"][form]
        values = {name: value or "" for name, value in found.form_values()}
        values.update({name: value for name, value in fields.items() if value is not None})
        for name, value in fields.items():
            if value is None:
                values.pop(name, None)
        return self._send(found.action or self.path, values, status)

    @property
    def kept(self) -> str:
        """What the session's cookie holds, as it is sent."""
        cookie = self._client.get_cookie("kontingent")
        return cookie.value if cookie else ""

    @property
    def text(self) -> str:
        """What the page says, blanks folded."""
        return " ".join(self.page.text_content().split())

    @property
    def heading(self) -> str:
        """The page's h1."""
        return " ".join(self.page.xpath("string(//h1)").split())

    @property
    def title(self) -> str:
        """The page's title."""
        return " ".join(self.page.xpath("string(//title)").split())

    def error_at(self, field: str) -> str:
        """The error beside a box, without the word that only ears hear."""
        found = self.page.xpath("//*[@id=$id]", id=f"{field}-error")
        return re.sub(r"^\S+:\s*", "", " ".join(found[0].text_content().split())) if found else ""

    def summary(self) -> list[str]:
        """The sentences of the error summary."""
        return [" ".join(link.text_content().split()) for link in self.page.xpath("//*[@id='summary']//a")]

    def _send(self, path: str, fields: dict[str, str], status: int) -> Browser:
        """Send fields, whatever they are called."""
        sent = self._client.post(path, data=fields, environ_base=self._environ, headers=self._headers)
        return self._load(path, sent, status)

    def _load(self, path: str, answer: TestResponse, status: int) -> Browser:
        hops = 0
        while answer.status_code in {301, 302, 303} and status == 200:
            hops += 1
            assert hops < 5, "redirected in a circle"
            path = answer.headers["Location"]
            answer = self._client.get(path, environ_base=self._environ, headers=self._headers)
        assert answer.status_code == status, (answer.status_code, path)
        self.path, self.answer = path, answer
        if not 300 <= status < 400 and answer.data.lstrip().startswith(b"<!doctype"):
            self.page = lxml.html.fromstring(answer.get_data(as_text=True))
            check(self.page, answer)
        return self


def check(page: HtmlElement, answer: TestResponse) -> None:
    """Hold every page to what every page must be."""
    _check_names(page, answer)
    _check_ids(page)
    _check_boxes(page)
    _check_safety(page, answer)


def _check_names(page: HtmlElement, answer: TestResponse) -> None:
    headings = page.xpath("//h1")
    assert len(headings) == 1
    heading = " ".join(headings[0].text_content().split())
    title = " ".join(page.xpath("string(//title)").split())
    wrong = bool(page.xpath("//*[@id='summary']"))
    first, _, place = title.rpartition(" · ")
    error, _, rest = first.partition(": ") if wrong else ("", "", first)
    assert (bool(error), rest, bool(place)) == (wrong, heading, True), title
    assert page.get("lang") == answer.headers["Content-Language"]
    assert not page.xpath("//img[not(@alt)]")


def _check_ids(page: HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    meant = [link.removeprefix("#") for link in page.xpath("//a/@href") if link.startswith("#")]
    meant += page.xpath("//label/@for") + page.xpath("//@aria-labelledby")
    meant += [one for several in page.xpath("//@aria-describedby") for one in several.split()]
    assert set(meant) <= set(ids), set(meant) - set(ids)


def _check_boxes(page: HtmlElement) -> None:
    for box in page.xpath("//input | //select | //textarea"):
        if box.get("type") not in _UNLABELLED:
            labelled = page.xpath("//label[@for=$id]", id=box.get("id") or "-") or box.xpath("ancestor::label")
            assert labelled, box.get("name")
    for form in page.xpath("//form[translate(@method, 'POST', 'post')='post']"):
        assert form.xpath(".//input[@name='csrf_token']/@value"), form.get("action")


def _check_safety(page: HtmlElement, answer: TestResponse) -> None:
    assert not page.xpath("//@style | //style | //@*[starts-with(name(), 'on')]")
    assert not page.xpath("//a[starts-with(@href, 'javascript:')]")
    policy = answer.headers["Content-Security-Policy"]
    for script in page.xpath("//script"):
        assert script.get("src")
        assert f"'nonce-{script.get('nonce')}'" in policy
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
