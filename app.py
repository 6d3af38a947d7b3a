"""The application: wires the faces in a browser, the domain and the ports together; nothing else."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from flask import Flask

import admin.install
import portal.install
import web.install
from database.acting import Acting
from database.connect import Database, OpenSession, Role
from dues.access import approvals, grants, roles
from dues.actor import ENTRANCE, VISITOR
from dues.payments import agreements, credit_limit
from dues.payments.refunds import approve as approve_refund
from jobs.queues import Queues
from settings import Settings
from web.guard import refuse_open_doors
from web.house import House
from web.ports import Wake

_ROOT = Path(__file__).resolve().parent
_UNKNOWN: Final = {Role.PUBLIC: VISITOR, Role.MEMBER: VISITOR, Role.STAFF: ENTRANCE}
"""Who acts in a request until it is known who asks."""


def create_app(
    settings: Settings | None = None,
    *,
    database: Database | None = None,
    wake: Wake | None = None,
    clock: Callable[[], dt.datetime] | None = None,
) -> Flask:
    """Make the web application from settings, the environment's where none are given; ``clock`` is the system's.

    Raises SettingsError, NoServersError, and UndeclaredDoorError when a route says nothing of who may use it.
    """
    settings = settings or Settings.from_env()
    # Static files have their own door, which names them by their content.
    app = Flask("kontingent", root_path=str(_ROOT), static_folder=None)
    ours = database or _database(settings)
    furnished = House(settings, openers(ours), wake or _queues(settings))
    web.install.install(app, replace(furnished, clock=clock) if clock else furnished)
    portal.install.install(app)
    admin.install.install(app)
    refuse_open_doors(app)
    bind_deeds()
    return app


def openers(database: Database) -> dict[Role, OpenSession]:
    """Return what opens sessions for requests, as each role that a door may declare."""
    return {role: database.opener(role, Acting(str(actor))) for role, actor in _UNKNOWN.items()}


def bind_deeds() -> None:
    """Say what happens when a second person agrees."""
    approvals.bind(grants.KIND, grants.give_proposed)
    approvals.bind(roles.KIND, roles.define_proposed)
    approvals.bind(agreements.KIND, agreements.change_proposed)
    approvals.bind(credit_limit.KIND, credit_limit.credit_proposed)
    approvals.bind(approve_refund.KIND, approve_refund.approve_proposed)


def _database(settings: Settings) -> Database:
    if settings.database_url is None:
        raise NoServersError
    return Database(settings.database_url, settings.database_web_url, settings.database_jobs_url)


def _queues(settings: Settings) -> Wake:
    if settings.redis_url is None:
        raise NoServersError
    return Queues(settings.redis_url)


class NoServersError(Exception):
    """The web was started by itself, without servers to work with."""

    def __init__(self) -> None:
        super().__init__("The web finds no servers. Start all with `kontingent up`, or set DATABASE_URL and REDIS_URL.")
