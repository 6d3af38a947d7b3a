"""A progress bar on a terminal, silence elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn, Self

from tqdm import tqdm

if TYPE_CHECKING:
    from dues.runs.drive import Progress


class Bar:
    """Shows a run's progress on the terminal, one bar a phase; use it as a context manager and as a watcher."""

    def __init__(self) -> None:
        self._phase = ""
        self._bar: tqdm[NoReturn] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, progress: Progress) -> None:
        """Take the newest figures."""
        bar = self._bar
        if bar is None or progress.phase != self._phase:
            self.__exit__()
            # With None it shows itself only where the stream is a terminal.
            bar = tqdm(total=progress.total or None, desc=progress.phase, file=sys.stderr, disable=None)
            self._phase, self._bar = progress.phase, bar
        bar.total = progress.total or None
        bar.update(progress.done - bar.n)
