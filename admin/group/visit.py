"""When whoever looks after a group was here before: what came since then is new to them."""

import datetime as dt
from typing import Final

from admin.user import require
from dues.access.sessions import last_visit
from web.house import session

_LATELY: Final = dt.timedelta(days=30)
"""How far back things are new to whoever comes for the first time."""


def before() -> dt.datetime:
    """Return when whoever asks logged in the time before this one."""
    asks = require()
    found = last_visit(session(), staff_id=asks.id, login_id=asks.login_id)
    return found or dt.datetime.now(dt.UTC) - _LATELY
