"""How gunicorn serves the web; its settings are this module's names (see gunicorn's documentation of each)."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol

from database.embedded.launch import die_with_parent
from settings import Settings
from web import streams


class _Arbiter(Protocol):
    """Gunicorn's first process, of which no types are published."""

    @property
    def pid(self) -> int:
        """Its process id."""


_settings = Settings.from_env()

bind = [f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"]
workers = 2
worker_class = "gthread"
threads = 4 + streams.MOST  # an open stream keeps one; the rest is for pages, however many watch a run
timeout = 60  # seconds in which a worker must show life
graceful_timeout = 3  # seconds that requests are given when the program stops
chdir = str(Path(__file__).resolve().parents[1])  # gunicorn imports from here, wherever it was started
loglevel = "warning"
control_socket_disable = True  # nothing is put into anybody's home folder
reload = _settings.development


def on_starting(_server: _Arbiter) -> None:
    """Load the program once for all workers, which halves the time to the first answer; each makes its own app.

    In development each worker loads it, so that a change is seen.
    """
    if not reload:
        import_module("app")


def post_fork(server: _Arbiter, worker: object) -> None:  # noqa: ARG001  # gunicorn gives both
    """Tie the worker's life to gunicorn's: a fork does not inherit that tie."""
    die_with_parent(parent=server.pid)
