"""Who sits at the desk: the login that a cookie names, looked up once a request."""

import uuid
from dataclasses import dataclass
from typing import Final, cast

from flask import Flask, g
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from dues.access.models import Staff
from dues.access.staff import logged_in
from dues.actor import Actor
from web.house import session

_KIND: Final = "staff"


@dataclass(frozen=True, slots=True)
class Clerk(UserMixin):  # type: ignore[misc]  # Flask-Login publishes no types
    """Somebody of the staff, as pages need them."""

    id: int
    public_id: uuid.UUID
    epoch: int
    name: str
    email: str
    language: str
    scheme: str
    shortcuts: bool

    @classmethod
    def of(cls, staff: Staff) -> "Clerk":
        """Copy what pages need, so that no page holds a row of the database."""
        return cls(
            id=staff.id,
            public_id=staff.uuid,
            epoch=staff.epoch,
            name=staff.name,
            email=staff.email,
            language=staff.language,
            scheme=staff.scheme,
            shortcuts=staff.shortcuts,
        )

    def get_id(self) -> str:
        """Return what the cookie holds: who, and which of their logins."""
        return f"{self.public_id}.{self.epoch}"

    def may(self, permission: str) -> bool:
        """Tell whether a permission is held; whoever is staff holds all of them so far."""
        return bool(permission)

    @property
    def actor(self) -> Actor:
        """What the books and the runs call them."""
        return Actor(_KIND, str(self.id))


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


def let_in(staff: Staff) -> None:
    """Begin a login."""
    login_user(Clerk.of(staff))


def see_out() -> None:
    """End a login in this browser."""
    logout_user()


def _load(kept: str) -> Clerk | None:
    public_id, _, epoch = kept.partition(".")
    try:
        staff = logged_in(session(), public_id=uuid.UUID(public_id), epoch=int(epoch))
    except ValueError:
        return None
    return Clerk.of(staff) if staff else None
