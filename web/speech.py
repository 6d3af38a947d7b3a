"""Which language a page speaks: the one chosen, else the browser's; texts come from our own catalogues."""

import datetime as dt
from collections.abc import Mapping
from typing import Final, cast

import flask_babel
from flask import Blueprint, Flask, Response, abort, g, redirect, request
from werkzeug.wrappers import Response as Answer

from dues.access.declare import public
from language import SUPPORTED, Language, best, pick
from language.longer import LONGER, Longer
from web.house import house
from web.local import local

COOKIE: Final = "language"
_YEAR: Final = dt.timedelta(days=365)

doors = Blueprint("speech", __name__)


def reader() -> Language:
    """Return the language of whoever reads this page."""
    found = cast("Language | None", g.get("reader"))  # a list asks a thousand times
    if found is None:
        found = g.reader = Longer("en") if _stretched() else Language(_wanted())
    return found


def _stretched() -> bool:
    """In development one may look at pages with longer texts."""
    return request.cookies.get(COOKIE) == LONGER and house().settings.development


def _wanted() -> str:
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in SUPPORTED else best(request.accept_languages.values())


def gettext(message: str, /, **values: object) -> str:
    """Return a text of the source in the reader's language."""
    return reader().gettext(message, **values)


def ngettext(singular: str, plural: str, n: int, /, **values: object) -> str:
    """Return the form that fits a number in the reader's language; `%(num)s` is the number as the reader writes it."""
    return reader().ngettext(singular, plural, n, **{"num": reader().number(n), **values})


def pgettext(context: str, message: str, /) -> str:
    """Return a text in the sense that its context names."""
    return reader().pgettext(context, message)


def named(names: Mapping[str, str]) -> str:
    """Return a name or a text of the organisation in the reader's language, nothing where there is none."""
    return pick(names, reader().code) if any(text.strip() for text in names.values()) else ""


class _Spoken:
    """The reader's catalogue under the names that Flask-Babel and Jinja call."""

    def ugettext(self, message: str) -> str:
        return reader().gettext(message)

    def ungettext(self, singular: str, plural: str, n: int) -> str:
        return ngettext(singular, plural, n)

    def upgettext(self, context: str, message: str) -> str:
        return reader().pgettext(context, message)

    def unpgettext(self, context: str, singular: str, plural: str, n: int) -> str:
        return reader().npgettext(context, singular, plural, n, num=reader().number(n))


class _Catalogues(flask_babel.Domain):  # type: ignore[misc]  # Flask-Babel publishes no types
    """Flask-Babel's door to our catalogues, which are read as they lie, without .mo files."""

    def get_translations(self) -> _Spoken:
        return _Spoken()


def teach(app: Flask) -> None:
    """Let an application's templates speak the reader's language."""
    babel = flask_babel.Babel(app, locale_selector=lambda: str(reader().locale))
    babel.domain_instance = _Catalogues()
    app.jinja_env.globals.update(reader=reader, named=named, languages=[Language(code) for code in SUPPORTED])
    app.after_request(_label)
    app.register_blueprint(doors)


@doors.get("/language/<code>")
@public
def speak(code: str) -> Answer:
    """Remember the language a reader chose, and go back to the page; no record changes by it."""
    if code not in SUPPORTED and not (code == LONGER and house().settings.development):
        abort(404)
    answer = redirect(local(request.args.get("to", "/")), code=303)
    remember(answer, code)
    return answer


def remember(answer: Answer, code: str) -> None:
    """Keep a choice in a cookie for a year."""
    secure = house().settings.base_url.startswith("https://")
    answer.set_cookie(COOKIE, code, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax")


def _label(response: Response) -> Response:
    """Say which language a page is in, and that another reader gets another page."""
    if response.mimetype == "text/html" and "reader" in g:
        response.headers["Content-Language"] = reader().code
        response.vary.update(["Accept-Language", "Cookie"])
    return response
