"""Browsers of tests all come from one address: while they drive, nobody counts how often it presses."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from web.limits import limiter

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def unlimited() -> Iterator[None]:
    """Stop counting presses for a while. The limiter is one for all applications of a process."""
    before, limiter.enabled = limiter.enabled, False
    try:
        yield
    finally:
        limiter.enabled = before
