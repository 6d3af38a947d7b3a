"""Streams of events: what is told, when they end, and that they never take the web away from others."""

from __future__ import annotations

import time
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

import pytest
from flask import Flask, Response

from web import streams
from web.streams import MOST, News, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Opened = list[Response]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Streams that a test opens; they are closed after it, as a server does.

    The slots are all free at first: a browser of another test in this process may still hold some.
    """
    monkeypatch.setattr(streams, "_slots", BoundedSemaphore(MOST))
    with Flask(__name__).app_context():
        found: Opened = []
        yield found
        for one in found:
            one.close()


def looks(*news: News | None) -> Callable[[float], News | None]:
    waiting = list(news)
    return lambda _passed: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def said(response: Response) -> list[str]:
    return "".join(str(part) for part in response.response).strip().split("\n\n")


def test_only_news_is_told_and_the_last_ends_it(opened: Opened) -> None:
    one, last = News({"done": 1}), News({"done": 2}, last=True)
    response = stream(looks(one, one, last), beat=0.001)
    opened.append(response)
    assert response.mimetype == "text/event-stream"
    assert said(response) == ["retry: 5000", 'event: news\ndata: {"done": 1}', 'event: last\ndata: {"done": 2}']


def test_what_is_gone_ends_it(opened: Opened) -> None:
    response = stream(looks(None))
    opened.append(response)
    assert said(response) == ["retry: 5000"]


def test_a_stream_ends_by_itself(opened: Opened) -> None:
    began = time.monotonic()
    response = stream(looks(News({})), life=0.1, beat=0.01)
    opened.append(response)
    assert len(said(response)) == 2
    assert time.monotonic() - began < 5


def test_only_so_many_are_open_at_once_and_who_leaves_makes_room(opened: Opened) -> None:
    opened.extend(stream(looks(News({}))) for _ in range(MOST))
    refused = stream(looks(News({})))
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    refused.close()
    opened.pop().close()  # never listened to: the slot is free all the same
    opened.append(stream(looks(News({}))))
    assert opened[-1].status_code == 200
