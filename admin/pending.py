"""Between the password and the second factor: whose password was right, for a few minutes, in the signed cookie."""

import time
from typing import Final

from flask import session as cookie

_KEPT: Final = "half in"
_LIFE: Final = 5 * 60


def wait(staff_id: int) -> None:
    """Note whose password was right."""
    cookie[_KEPT] = [staff_id, time.time() + _LIFE]


def waiting() -> int | None:
    """Return whose password was right a moment ago."""
    kept = cookie.get(_KEPT)
    return int(kept[0]) if kept and kept[1] > time.time() else None
