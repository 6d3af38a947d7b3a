"""The jail: a process beside ours in which other people's Typst is compiled, with limits of time and memory.

What it may not do is in `documents.cell`. It is started when it is first needed, serves one question at a time, and is
killed and started anew where an answer takes too long.
"""

import atexit
import base64
import json
import os
import selectors
import struct
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

MEMORY: Final = 1 << 30
"""Bytes that the jail may take beside what it needs to start."""
LARGEST_ANSWER: Final = 200 << 20
_STARTING: Final = 60.0
_LENGTH: Final = struct.Struct(">I")
_CHUNK: Final = 1 << 16
_HERE: Final = Path(__file__).parent


class TooSlowError(RuntimeError):
    """The jail did not answer in time, and was killed."""


class BrokenError(RuntimeError):
    """The jail died: most often it asked for more memory than it may have."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: one PDF, or a PNG for each page, the last page of each document, and what the PDF says."""

    files: tuple[bytes, ...]
    last_pages: tuple[int, ...]
    text: str
    language: str
    tagged: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The compiler's own words, and the lines it names, innermost first."""

    message: str
    lines: tuple[int, ...]


class Jail:
    """One child process, and whoever waits for it; a forked process starts its own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._empty: tempfile.TemporaryDirectory[str] | None = None
        self._process = os.getpid()
        atexit.register(self.close)

    def ask(self, asked: dict[str, Any], *, seconds: float) -> Made | Refused:
        """Return what the child answers within ``seconds``; raise TooSlowError or BrokenError."""
        with self._lock:
            child = self._started()
            try:
                _write(child, asked)
                answered = _answer(child, time.monotonic() + seconds)
            except BaseException:
                self._kill()
                raise
        if "message" in answered:
            return Refused(answered["message"], tuple(answered["lines"]))
        files = tuple(base64.b64decode(one) for one in answered["files"])
        pages = tuple(answered["last_pages"])
        return Made(files, pages, answered["text"], answered["language"], answered["tagged"])

    @property
    def folder(self) -> Path:
        """The child's root, in which nothing lies."""
        return Path(self._empty.name if self._empty else "")

    def close(self) -> None:
        """End the child, where it is ours."""
        if os.getpid() == self._process:
            self._kill()

    def _started(self) -> subprocess.Popen[bytes]:
        if os.getpid() != self._process:
            self._child, self._empty, self._process = None, None, os.getpid()
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._kill()
        self._empty = tempfile.TemporaryDirectory(prefix="kontingent-empty-")
        command = [sys.executable, "-P", str(_HERE / "cell.py"), str(_HERE / "fonts"), self._empty.name, str(MEMORY)]
        self._child = subprocess.Popen(  # noqa: S603 -- our own file, by our own interpreter
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._empty.name,
            env={"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        _answer(self._child, time.monotonic() + _STARTING)
        return self._child

    def _kill(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
        empty, self._empty = self._empty, None
        if empty is not None:
            empty.cleanup()


@cache
def jail() -> Jail:
    """Return the process's jail."""
    return Jail()


def _write(child: subprocess.Popen[bytes], asked: dict[str, Any]) -> None:
    if child.stdin is None:
        raise BrokenError
    body = json.dumps(asked).encode()
    try:
        child.stdin.write(_LENGTH.pack(len(body)) + body)
        child.stdin.flush()
    except BrokenPipeError as error:
        raise BrokenError from error


def _answer(child: subprocess.Popen[bytes], until: float) -> dict[str, Any]:
    if child.stdout is None:
        raise BrokenError
    pipe = child.stdout.fileno()
    with selectors.DefaultSelector() as ready:
        ready.register(pipe, selectors.EVENT_READ)
        (length,) = _LENGTH.unpack(_read(pipe, _LENGTH.size, ready, until))
        if length > LARGEST_ANSWER:
            raise BrokenError
        answered: dict[str, Any] = json.loads(_read(pipe, length, ready, until))
    return answered


def _read(pipe: int, size: int, ready: selectors.BaseSelector, until: float) -> bytes:
    parts: list[bytes] = []
    while size:
        if not ready.select(max(until - time.monotonic(), 0)):
            raise TooSlowError
        part = os.read(pipe, min(size, _CHUNK))
        if not part:
            raise BrokenError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
