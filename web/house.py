"""What every page stands on: settings, one database session a request, one commit."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy.orm import Session

from database.acting import Acting, act
from database.connect import OpenSession, Role
from dues.access.declare import Kind, access_of
from settings import Settings
from web.ports import Wake

log = logging.getLogger(__name__)

_NAME = "kontingent"
_ACTS_AS: Final = {
    Kind.PUBLIC: Role.PUBLIC,
    Kind.MEMBER: Role.MEMBER,
    Kind.ENTRANCE: Role.STAFF,
    Kind.PERMISSION: Role.STAFF,
}


def _system_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class House:
    """What the application hands to its faces; ``openers`` open sessions as each role of the database.

    ``clock`` tells the moment, with its zone; the day of business is the database's.
    """

    settings: Settings
    openers: Mapping[Role, OpenSession]
    wake: Wake
    clock: Callable[[], dt.datetime] = _system_clock

    def now(self) -> dt.datetime:
        """Return the moment, as the organisation's clocks show it."""
        return self.clock().astimezone(self.settings.time_zone)


def furnish(app: Flask, house: House) -> None:
    """Give an application its house, and let go of each request's session when the request ends."""
    app.extensions[_NAME] = house
    app.teardown_appcontext(_close)


def house() -> House:
    """Return the house of the application that answers."""
    return cast("House", current_app.extensions[_NAME])


def session() -> Session:
    """Return the request's session, opened when first asked for, as the role that the door declares."""
    if "session" not in g:
        g.session = _acted(house().openers[_role()](), _acting())
    return cast("Session", g.session)


def act_as(who: Acting) -> None:
    """Let the request act as somebody from now on, in this session and in every other one it opens."""
    g.acting = who
    act(session(), who)


def opener() -> OpenSession:
    """Return what opens further sessions for whoever asks, once the request has ended."""
    plain, who = house().openers[_role()], _acting()
    return lambda: _acted(plain(), who)


def commit(*, then: Callable[[], None] | None = None) -> None:
    """Commit the request's work, and do what may follow only then; that it fails is logged, not told."""
    session().commit()
    if then is None:
        return
    try:
        then()
    except Exception:  # the work is committed: whoever looks for unfinished runs finds it
        log.exception("the work is done, but the workers could not be woken")


def begin_anew() -> None:
    """Let go of what the request's session was about, so that a page about its failure can still ask."""
    _close(None)


def absolute(path: str) -> str:
    """Return the full address of a path; never built from what a browser claims to have asked."""
    return house().settings.base_url + path


def door() -> Kind | None:
    """Return what kind of door the request knocks at; None where there is none."""
    if not has_request_context() or request.endpoint is None:
        return None
    access = access_of(current_app.view_functions[request.endpoint])
    return access.kind if access else None


def _role() -> Role:
    """Who knocks at no door sees what everybody sees."""
    return _ACTS_AS[door() or Kind.PUBLIC]


def _acting() -> Acting | None:
    found: Acting | None = g.get("acting")
    return found


def _acted(opened: Session, who: Acting | None) -> Session:
    if who is not None:
        act(opened, who)
    return opened


def _close(_error: BaseException | None) -> None:
    opened: Session | None = g.pop("session", None)
    if opened is not None:
        opened.close()
