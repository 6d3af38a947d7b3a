"""Puts the public face into an application: its doors, its words, its headers, its limits."""

from datetime import timedelta
from typing import Final

from flask import Flask, abort, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from dues.access.declare import Kind, access_of, refuse_undeclared
from portal import assets, errors, headers, home, invoice, join, limits, look, outbox, speech, words
from portal.house import House, furnish

_DOORS: Final = (home.doors, join.doors, look.doors, invoice.doors, outbox.doors)
_LARGEST_FORM: Final = 256 * 1024


def install(app: Flask, house: House) -> None:
    """Put the public face into an application; UndeclaredDoorError when a route says nothing of who may use it."""
    settings = house.settings
    app.secret_key = settings.signing_key()
    app.config.update(
        SESSION_COOKIE_NAME="kontingent",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=_LARGEST_FORM,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open as long as its reader likes
        WTF_I18N_ENABLED=False,  # every sentence of a form is our own
        TEMPLATES_AUTO_RELOAD=settings.development,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]  # Flask's own way
    furnish(app, house)
    CSRFProtect(app)
    speech.teach(app)
    words.equip(app)
    headers.protect(app)
    errors.explain(app)
    limits.limit(app, settings)
    assets.lay_out(app, fresh=settings.development)
    for doors in _DOORS:
        app.register_blueprint(doors)
    app.before_request(_refuse_nul)
    app.before_request(_ask_the_door)


def refuse_open_doors(app: Flask) -> None:
    """Raise UndeclaredDoorError when any route says nothing of who may use it."""
    refuse_undeclared((rule.endpoint, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules())


def _refuse_nul() -> None:
    """An address with a NUL in it is nobody's, and PostgreSQL takes none."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(404)


def _ask_the_door() -> None:
    """Let everybody through public doors, and nobody through others: there is no login yet."""
    if request.endpoint is None:
        return
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None or access.kind is not Kind.PUBLIC:
        abort(404)
