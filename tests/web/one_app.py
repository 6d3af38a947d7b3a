"""One application for many tests: to make one, and to read its templates anew, takes longer than most of them.

All that differs from test to test is the house behind it: whose rows it shows, and who is woken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import create_app, openers
from database.connect import Database
from tests.web.waking import Woken
from web.house import House

if TYPE_CHECKING:
    from flask import Flask

    from settings import Settings


def unfurnished(settings: Settings) -> Flask:
    """Make the application, before no organisation yet."""
    return create_app(settings, database=Database("postgresql://nobody@127.0.0.1:1/none", pool=False), wake=Woken())


def before(app: Flask, database: Database, woken: Woken) -> Flask:
    """Put the application before an organisation; what it was before is forgotten."""
    (name,) = (name for name, held in app.extensions.items() if isinstance(held, House))
    app.extensions[name] = House(app.extensions[name].settings, openers(database), woken)
    return app
