"""The pages for what went wrong: not there, too old a form, too often, and our own fault."""

import logging
import secrets
from collections.abc import Callable
from typing import Final

from flask import Flask, current_app, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from web.house import begin_anew

log = logging.getLogger(__name__)

Answer = tuple[str, int]
Frame = Callable[[], str | None]
"""Says which base template the page that was asked for would have had; None where that is another face's to say."""

_FRAMES: Final = "frames of error pages"
_PLAIN: Final = "portal/base.html"


def explain(app: Flask) -> None:
    """Let an application answer errors with pages that say what one can do."""
    app.extensions[_FRAMES] = []
    app.register_error_handler(403, _not_there)
    app.register_error_handler(404, _not_there)
    app.register_error_handler(429, _too_often)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _our_fault)


def frame(app: Flask, wanted: Frame) -> None:
    """Let a face put the pages for errors into its own frame."""
    app.extensions[_FRAMES].append(wanted)


def _page(name: str, **values: object) -> str:
    frames: list[Frame] = current_app.extensions[_FRAMES]
    base = next((found for wanted in frames if (found := wanted())), _PLAIN)
    return render_template(f"stop/{name}.html", base=base, **values)


def _not_there(_error: Exception) -> Answer:
    """One page for what does not exist and what is not yours: nobody learns which."""
    return _page("not_there"), 404


def _form_too_old(_error: Exception) -> Answer:
    return _page("form"), 400


def _too_often(_error: Exception) -> Answer:
    return _page("too_often"), 429


def _refused(error: HTTPException) -> Answer:
    return _page("refused"), error.code or 400


def _our_fault(error: Exception) -> Answer:
    """Nothing was committed: the number is what the log calls it by."""
    number = secrets.token_hex(4)
    log.error("error %s", number, exc_info=error)
    begin_anew()
    return _page("our_fault", number=number), 500
