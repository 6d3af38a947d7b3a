"""Ctrl-C while a run is driven: it ends after the slice under way, on however many connections."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import FrameType


class RunLeftError(Exception):
    """Whoever waited for a run has left it; it is a row, so it stays and can be gone on with."""

    def __init__(self, run: int) -> None:
        super().__init__(
            f"Run {run} was left. Workers go on with it where there are any; to stop it: kontingent runs pause {run}"
        )


class Interrupt:
    """Takes Ctrl-C for as long as a run is driven; use it as a context manager and call it between slices.

    A second Ctrl-C does what it does elsewhere: it ends the command at once.
    """

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        self._asked = False
        self._former = signal.getsignal(signal.SIGINT)

    def __enter__(self) -> Self:
        signal.signal(signal.SIGINT, self._take)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._former)

    def __call__(self) -> None:
        """Raise RunLeftError once Ctrl-C was pressed."""
        if self._asked:
            raise RunLeftError(self._run_id)

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True
        signal.signal(signal.SIGINT, self._former)
