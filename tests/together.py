"""Starts several pieces of work at the same moment, each in a thread of its own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


def together(*works: Callable[[], Result]) -> list[Result | Exception]:
    """What each of the works returned or raised, in their order."""
    gate = threading.Barrier(len(works))

    def one(work: Callable[[], Result]) -> Result | Exception:
        gate.wait(timeout=20)
        try:
            return work()
        except Exception as error:  # noqa: BLE001 -- the test looks at it
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))
