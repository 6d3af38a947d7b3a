"""What every answer tells the browser to refuse: foreign scripts, frames, guessed types, curious referrers."""

import secrets
from typing import Final

from flask import Flask, Response, g

from web.house import house

_REFUSED: Final = ("camera", "geolocation", "microphone", "payment", "usb")
_YEAR: Final = 365 * 24 * 60 * 60


def nonce() -> str:
    """Return the word that this page's own scripts carry."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def policy(**changes: str) -> str:
    """Return the content security policy of a page; keywords (``frame_src="'self'"``) change single directives."""
    directives = {
        "default-src": "'none'",
        "script-src": f"'nonce-{nonce()}'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    directives.update({name.replace("_", "-"): value for name, value in changes.items()})
    return "; ".join(f"{name} {value}".strip() for name, value in directives.items())


def protect(app: Flask) -> None:
    """Send the headers with every answer of an application; a view may set stricter ones of its own."""
    app.jinja_env.globals["nonce"] = nonce
    app.after_request(_send)


def _send(response: Response) -> Response:
    for name, value in _headers().items():
        response.headers.setdefault(name, value)
    # The way back brings a form as it was filled in; of what somebody owes not even the browser keeps a copy.
    response.headers.setdefault("Cache-Control", "no-store" if "unkept" in g else "private, no-cache")
    if "unkept" in g:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def keep_nothing() -> None:
    """Let neither browser nor search engine keep a copy of this answer."""
    g.unkept = True


def _headers() -> dict[str, str]:
    headers = {
        "Content-Security-Policy": policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # The addresses of links to invoices are secrets; our own pages still need the referrer against forgeries.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in _REFUSED),
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if house().settings.base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
    return headers
