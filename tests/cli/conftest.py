"""The command line as a person meets it, on a database and a Redis of the test's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

import wiring
from cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from database.connect import Database


@dataclass(frozen=True)
class Said:
    """What a command wrote and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        (line,) = self.out.splitlines()
        found = json.loads(line)
        assert isinstance(found, dict)
        return found


class Terminal:
    """Runs commands in this process, which is quicker than starting one for each."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *words: object) -> Said:
        self._capture.readouterr()
        code = main(wiring.ports(), [str(word) for word in words])
        return Said(code, *self._capture.readouterr())

    def figures(self, *words: object) -> dict[str, Any]:
        """The figures of a command that must succeed."""
        said = self(*words, "--json")
        assert said.code == 0, said
        return said.json

    def refusal(self, *words: object) -> str:
        """The reason of a command that must be refused, which both kinds of answer give."""
        said = self(*words, "--json")
        assert said.code == 1, said
        assert said.json["error"] in said.err
        return str(said.json["error"])


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Commands find no server at all."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("KONTINGENT_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("KONTINGENT_PORT", "")  # `up` notes what it was given for its children
    wiring.bind_kinds()
    return Terminal(capsys)


@pytest.fixture
def terminal(away: Terminal, committing: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Commands work on the test's own servers and folder."""
    monkeypatch.setenv("DATABASE_URL", committing.owner_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    return away
