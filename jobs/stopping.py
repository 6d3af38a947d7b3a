"""The wish to stop: set by a signal, looked at between two pieces of work."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType

_STEP: Final = 0.1  # seconds between two looks while waiting


class StoppedError(Exception):
    """The process was asked to stop; what is committed is done, the rest is taken up again later."""


class _Wish:
    """A plain flag: a signal's handler may run in the middle of anything, where taking a lock could wait for ever."""

    def __init__(self) -> None:
        self._made = False

    def make(self, *_: object) -> None:
        """Wish it."""
        self._made = True

    def forget(self) -> None:
        """Take the wish back."""
        self._made = False

    def made(self) -> bool:
        """Whether a stop is wished."""
        return self._made

    def wait(self, seconds: float) -> bool:
        """Wait that long, or until a stop is wished; say whether it is."""
        until = time.monotonic() + seconds
        while not self._made and (left := until - time.monotonic()) > 0:
            time.sleep(min(_STEP, left))
        return self._made


wish: Final = _Wish()


def heed(*numbers: int) -> None:
    """Take these signals as the wish to stop."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        wish.make()

    for number in numbers:
        signal.signal(number, handle)


def leave_if_wished(_: object = None) -> None:
    """Raise StoppedError if a stop is wished; fits where the progress of a run is watched."""
    if wish.made():
        raise StoppedError
