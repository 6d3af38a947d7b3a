"""The business day of a page, asked for once a request."""

import datetime as dt

from flask import g

from dues import dates
from web.house import session


def today() -> dt.date:
    """Return the business day."""
    if "business_day" not in g:
        g.business_day = dates.today(session())
    found: dt.date = g.business_day
    return found
