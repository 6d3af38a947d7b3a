"""One application for many tests: to make one, and to read its templates anew, takes longer than most of them.

All that differs from test to test is the house behind it: whose rows it shows, and who is woken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app import create_app
from database.connect import Database
from settings import Settings
from tests.web.waking import Woken
from web.house import House

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a web that counts in its own memory."""
    data = str(tmp_path_factory.mktemp("web"))
    return Settings.from_env({"KONTINGENT_DATA": data, "KONTINGENT_BASE_URL": "https://dues.example.org"})


@pytest.fixture(scope="session")
def one_app(settings: Settings) -> Flask:
    """The application, before no organisation yet."""
    return create_app(settings, database=Database("postgresql://nobody@127.0.0.1:1/none", pool=False), wake=Woken())


def before(app: Flask, database: Database, woken: Woken) -> Flask:
    """Put the application before an organisation; what it was before is forgotten."""
    (name,) = (name for name, held in app.extensions.items() if isinstance(held, House))
    openers = {role: database.opener(role) for role in app.extensions[name].openers}
    app.extensions[name] = House(app.extensions[name].settings, openers, woken)
    return app
