"""Streams of server-sent events: few at a time, short-lived, with a sign of life, and with no database held open.

Each open stream keeps a thread of the web. A process therefore lends at most `MOST` of its threads to streams, and is
given as many more (see `cli.web`), so that streams never stand in the way of pages. Whoever finds none free is told to
ask again later, and polls meanwhile.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any, Final

from flask import Response

MOST: Final = 12
"""Streams of one process at a time."""

LIFE: Final = 50.0
"""Seconds after which a stream ends by itself; the browser asks for another one."""

BEAT: Final = 0.7
"""Seconds between two looks."""

SIGN: Final = 7.0
"""Seconds without news after which a sign of life is sent, by which the server learns that nobody listens."""

RETRY: Final = 5
"""Seconds after which whoever found no stream free may ask again."""

_slots: Final = BoundedSemaphore(MOST)


@dataclass(frozen=True, slots=True)
class News:
    """What a look found: values as JSON, and whether it was the last there will be."""

    values: Mapping[str, Any]
    last: bool = False


Look = Callable[[float], News | None]
"""Looks once, given the seconds since the stream began; None where what was watched is gone. Holds nothing open."""


def stream(look: Look, *, life: float = LIFE, beat: float = BEAT) -> Response:
    """Answer with what a look finds, whenever it is something new; with 503 where no stream is free."""
    if not _slots.acquire(blocking=False):
        return Response(status=503, headers={"Retry-After": str(RETRY)})
    response = Response(_events(look, life, beat), mimetype="text/event-stream")
    response.call_on_close(_slots.release)
    response.headers["X-Accel-Buffering"] = "no"  # a proxy must not collect what is meant to come at once
    return response


def _events(look: Look, life: float, beat: float) -> Iterator[str]:
    began = told = time.monotonic()
    before: News | None = None
    yield f"retry: {int(RETRY * 1000)}\n\n"
    while (passed := time.monotonic() - began) < life:
        news = look(passed)
        if news is None:
            return
        if news != before:
            before, told = news, time.monotonic()
            yield f"event: {'last' if news.last else 'news'}\ndata: {json.dumps(dict(news.values))}\n\n"
        elif time.monotonic() - told > SIGN:
            told = time.monotonic()
            yield ": still here\n\n"
        if news.last:
            return
        time.sleep(beat)
