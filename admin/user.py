"""Who sits at the desk: the login that a cookie names, looked up once a request."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Final, cast

from flask import Flask, g, request
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from database.acting import Acting
from dues.access import sessions
from dues.access.models import Staff, StaffSession
from dues.access.scope import Reach, Rights, rights
from dues.actor import Actor
from web.house import act_as, opener, session

_KIND: Final = "staff"


@dataclass(frozen=True, slots=True)
class Clerk(UserMixin):  # type: ignore[misc]  # Flask-Login publishes no types
    """Somebody of the staff, as pages need them."""

    id: int
    public_id: uuid.UUID
    token: str = field(repr=False)
    login_id: int
    login_uuid: uuid.UUID
    strong: bool
    fresh: bool
    rights: Rights = field(repr=False)
    name: str
    email: str
    language: str
    scheme: str
    shortcuts: bool

    def get_id(self) -> str:
        """Return what the cookie holds: the token of this login."""
        return self.token

    def may(self, permission: str, path: str | None = None) -> bool:
        """Tell whether a permission is held in a group, or, without one, anywhere."""
        return self.rights.may(permission, path)

    def where(self, permission: str) -> Reach:
        """Return the groups in which a permission is held, for the query that reads or writes there."""
        return self.rights.where(permission)

    @property
    def actor(self) -> Actor:
        """What the books and the runs call them."""
        return _actor(self.id)


def recognise(app: Flask) -> None:
    """Let an application know its staff by their cookies."""
    manager = LoginManager()
    manager.session_protection = None  # addresses change on a phone; the cookie is signed and cannot be guessed
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)


def clerk() -> Clerk | None:
    """Return who asks, None where nobody is logged in."""
    return cast("Clerk", current_user._get_current_object()) if current_user.is_authenticated else None  # noqa: SLF001 -- the proxy's own way to its object


def require() -> Clerk:
    """Return who asks, behind a door that lets only staff pass."""
    found = clerk()
    if found is None:
        raise RuntimeError("a page for staff was asked for without a login")
    return found


def known() -> Clerk | None:
    """Return who asks as far as it was found out already, for pages about failures: asks nothing of the database."""
    found = g.get("_login_user")
    return found if isinstance(found, Clerk) else None


def let_in(staff: Staff, *, strong: bool, device: str, address: str, now: dt.datetime) -> Clerk:
    """Begin a login."""
    login, token = sessions.begin(session(), staff_id=staff.id, strong=strong, device=device, address=address, now=now)
    found = _clerk(staff, login, token, now)
    login_user(found)
    return found


def see_out() -> None:
    """End the login in this browser."""
    found = clerk()
    if found is not None:
        sessions.end_one(session(), staff_id=found.id, public_id=found.login_uuid, now=_now())
    logout_user()


def _load(token: str) -> Clerk | None:
    now = _now()
    found = sessions.recognise(session(), token=token, now=now)
    if found is None:
        return None
    recognised = _clerk(*found, token, now)
    if sessions.needs_seeing(found[1], now=now):
        with opener()() as own:  # a page that is only looked at commits nothing
            sessions.see(own, login_id=recognised.login_id, now=now)
            own.commit()
    return recognised


def _clerk(staff: Staff, login: StaffSession, token: str, now: dt.datetime) -> Clerk:
    """Copy what pages need."""
    return Clerk(
        id=staff.id,
        public_id=staff.uuid,
        token=token,
        login_id=login.id,
        login_uuid=login.uuid,
        strong=login.strong,
        fresh=sessions.is_fresh(login, now=now),
        rights=_rights(staff.id),
        name=staff.name,
        email=staff.email,
        language=staff.language,
        scheme=staff.scheme,
        shortcuts=staff.shortcuts,
    )


def _rights(staff_id: int) -> Rights:
    """Read somebody's rights, and tell the database who asks before anything else is read or written."""
    found = rights(session(), staff_id=staff_id)
    address = request.remote_addr or ""
    act_as(Acting(str(_actor(staff_id)), user=staff_id, everything=found.sees_all, address=address))
    return found


def _actor(staff_id: int) -> Actor:
    return Actor(_KIND, str(staff_id))


def _now() -> dt.datetime:
    """Return the real time: logins live for hours, which the business clock does not know."""
    return dt.datetime.now(dt.UTC)
