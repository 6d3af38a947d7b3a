"""The running program, as `make run` starts it, in a data folder of its own; and what one does with it by hand."""

import email
import email.policy
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any, TypeVar

from database.embedded import servers
from tests.forked import kontingent
from tests.processes import in_time

HOUSE = Path(__file__).parents[2]
KONTINGENT = (sys.executable, "-P", "-m", "wiring")
START_WITHIN, MAIL_WITHIN, STOP_WITHIN = 90.0, 90.0, 20.0

Found = TypeVar("Found")


@dataclass(frozen=True)
class Program:
    """A started program: where it answers, and where it keeps its files."""

    url: str
    data: Path
    environment: dict[str, str]
    _receivers: dict[Path, str] = field(default_factory=dict)

    def command(self, *words: str) -> dict[str, Any]:
        """Run `kontingent ... --json` beside it and return what it says; any other exit than 0 fails."""
        return told(self.environment, self.data / "told.json", *words)

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Return the mails to an address that the catcher has, oldest first."""
        for file in (self.data / "outbox").glob("*.eml"):
            if file not in self._receivers:  # there are hundreds, each with a document, and one looks again and again
                head = BytesHeaderParser(policy=email.policy.default).parsebytes(file.read_bytes())
                self._receivers[file] = str(head["to"])
        found = [file for file, receiver in self._receivers.items() if address in receiver]
        return [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in sorted(found, key=lambda file: file.stat().st_mtime_ns)
        ]

    def mail(self, address: str, *, number: int) -> EmailMessage:
        """Wait for the so-manieth mail to an address."""
        return eventually(lambda: self.mails_to(address)[number - 1 : number], within=MAIL_WITHIN)[0]


def eventually(look: Callable[[], Found], *, within: float) -> Found:
    """Look until there is something; fail when it takes longer than is fair."""
    start = time.monotonic()
    while not (found := look()):
        assert in_time(time.monotonic() - start, within), f"nothing came within {within} seconds"
        time.sleep(0.2)
    return found


def words_of(mail: EmailMessage) -> str:
    """Return the text part of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return re.sub(r"[\u00a0\u202f]", " ", body.get_content())


def told(environment: dict[str, str], says: Path, *words: str) -> dict[str, Any]:
    """Run `kontingent ... --json`, which writes into a file, and return what it says; any other exit than 0 fails."""
    says.unlink(missing_ok=True)
    code = kontingent(*words, "--json", environment=environment, says=says).wait()
    assert code == 0, f"kontingent {' '.join(words)}: {says.read_text()}"
    said: dict[str, Any] = json.loads(says.read_text())
    return said


@contextmanager
def running(data: Path, *, members: int) -> Iterator[Program]:
    """Start the program with a demonstration of that size, and stop it as Ctrl-C would.

    Whoever is a member goes through every year with whom one looks at, and gets every mail with its document.
    """
    port = _free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "REDIS", "KONTINGENT"))
    } | {"KONTINGENT_DATA": str(data)}
    with servers(data):  # one start of them for both commands
        told(environment, data / "told.json", "db", "upgrade")
        told(environment, data / "told.json", "demo", "--members", str(members))
    log = data / "program.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*KONTINGENT, "up", "--demo", "--port", str(port)], cwd=HOUSE, env=environment, stdout=out, stderr=out
        )
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: process.poll() is None and _answers(url), within=START_WITHIN)
        yield Program(url, data, environment)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_WITHIN) == 0, log.read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:  # noqa: S310 -- our own address
            return bool(answer.status == 200)
    except OSError:
        return False
