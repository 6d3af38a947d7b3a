"""What every page of the public face stands on: settings, one database session a request, one commit."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from database.connect import OpenSession
from portal.ports import Wake
from settings import Settings

log = logging.getLogger(__name__)

_NAME = "kontingent"


@dataclass(frozen=True)
class House:
    """What the application hands to its public face."""

    settings: Settings
    open_session: OpenSession
    wake: Wake


def furnish(app: Flask, house: House) -> None:
    """Give an application its house, and let go of each request's session when the request ends."""
    app.extensions[_NAME] = house
    app.teardown_appcontext(_close)


def house() -> House:
    """Return the house of the application that answers."""
    return cast("House", current_app.extensions[_NAME])


def session() -> Session:
    """Return the request's session, opened when first asked for."""
    if "session" not in g:
        g.session = house().open_session()
    return cast("Session", g.session)


def commit(*, then: Callable[[], None] | None = None) -> None:
    """Commit the request's work, and do what may follow only then; that it fails is logged, not told."""
    session().commit()
    if then is None:
        return
    try:
        then()
    except Exception:  # the work is committed: whoever looks for unfinished runs finds it
        log.exception("the work is done, but the workers could not be woken")


def absolute(path: str) -> str:
    """Return the full address of a path; never built from what a browser claims to have asked."""
    return house().settings.base_url + path


def _close(_error: BaseException | None) -> None:
    opened: Session | None = g.pop("session", None)
    if opened is not None:
        opened.close()
