"""One server as a child of the keeper: start it, wait until it answers, stop it, quote its last words."""

from __future__ import annotations

import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from database.embedded.errors import ServerFailedError
from database.embedded.launch import command
from database.embedded.locks import Lock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_STEP = 0.02  # seconds between two looks at a server that starts
_LAST_LINES = 12
_LARGEST_LOG = 10_000_000  # bytes after which a log begins anew, keeping one predecessor
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass
class Server:
    """A server program, how to know that it answers (`ready`, given its process id) and how to stop it.

    `lock` is held by every process of the running server and by nobody else, so that a new one is never started beside
    what is left of a killed one, such as a session busy with a query. `tidy` removes what a killed one left on disk; it
    runs before each start. `silence` is how many seconds a starting server may write nothing before it is given up.
    """

    name: str
    program: Sequence[str]
    identity: str
    lock: Path
    log: Path
    stop_signal: int
    ready: Callable[[int], bool]
    tidy: Callable[[], None]
    silence: float = 120.0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    claimed: Lock | None = field(default=None, init=False)

    def claim(self) -> bool:
        """Take the lock for a start; False while a process of an earlier server lives."""
        claimed = Lock(self.lock)
        if not claimed.try_alone():
            claimed.close()
            return False
        self.claimed = claimed
        return True

    def start(self) -> None:
        """Start the program after a `claim`, and leave the lock to it and its children."""
        if self.claimed is None:
            raise ServerFailedError(f"{self.name} was not claimed before its start.")
        self.tidy()
        self.started = time.time()
        begin_log_anew(self.log)
        with self.claimed as claimed, self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  # a program of the wheel with our own arguments
                command(list(self.program), number=self.stop_signal, identity=self.identity),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=ENVIRONMENT,
                pass_fds=[claimed.fd],
                start_new_session=True,
            )

    def wait_ready(self, abandoned: Callable[[], bool]) -> bool:
        """Wait until the server answers; False once nobody waits for it any more. Raises ServerFailedError."""
        while self.process is not None and not abandoned():
            if self.process.poll() is not None:
                raise ServerFailedError(f"{self.name} ended while starting.\n{last_lines(self.log)}")
            if self.ready(self.process.pid):
                return True
            if time.time() - max(self.started, self.log.stat().st_mtime) > self.silence:
                raise ServerFailedError(f"{self.name} does not answer.\n{last_lines(self.log)}")
            time.sleep(_STEP)
        return False

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the signal of an orderly stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def wait_stopped(self, seconds: float) -> None:
        """Wait for the end, asking again each second (a starting server may not have heard); force it at last."""
        if self.process is None:
            return
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
                return
            self.ask_to_stop()
        self.process.kill()
        self.process.wait()


def begin_log_anew(log: Path) -> None:
    """Put a log that has grown large aside as `<name>.1`."""
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_name(f"{log.name}.1"))


def last_lines(log: Path) -> str:
    """The last words of a log, for an error message."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-_LAST_LINES:])


def run_once(
    program: Sequence[str],
    identity: str,
    stop_signal: int,
    words: str = "",
    environment: Mapping[str, str] = ENVIRONMENT,
) -> str:
    """Run a program to its end with `words` as its input and give what it wrote. Raises ServerFailedError."""
    done = subprocess.run(  # noqa: S603  # a program of the wheel with our own arguments
        command(list(program), number=stop_signal, identity=identity),
        input=words,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=dict(environment),
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ServerFailedError(f"{program[0]} failed.\n{done.stdout.strip()[-2000:]}")
    return done.stdout
