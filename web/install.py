"""Puts into an application what all faces share: words, headers, limits, styles, error pages, and the guard."""

from datetime import timedelta
from typing import Final

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from web import assets, design, errors, headers, limits, notes, scheme, speech, uploads, words
from web.guard import guard
from web.house import House, furnish

_LARGEST_FORM: Final = 256 * 1024


def install(app: Flask, house: House) -> None:
    """Lay the ground that faces stand on; they are installed after it."""
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
    uploads.allow(app)  # before anything reads a form
    CSRFProtect(app)
    speech.teach(app)
    words.equip(app)
    scheme.equip(app)
    notes.equip(app)
    headers.protect(app)
    errors.explain(app)
    limits.limit(app, settings)
    assets.lay_out(app, fresh=settings.development)
    app.register_blueprint(design.doors)
    guard(app)
