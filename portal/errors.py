"""The pages for what went wrong: not there, too old a form, too often, and our own fault."""

import logging
import secrets

from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

log = logging.getLogger(__name__)

Answer = tuple[str, int]


def explain(app: Flask) -> None:
    """Let an application answer errors with pages that say what one can do."""
    app.register_error_handler(403, _not_there)
    app.register_error_handler(404, _not_there)
    app.register_error_handler(429, _too_often)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _our_fault)


def _not_there(_error: Exception) -> Answer:
    """One page for what does not exist and what is not yours: nobody learns which."""
    return render_template("portal/stop/not_there.html"), 404


def _form_too_old(_error: Exception) -> Answer:
    return render_template("portal/stop/form.html"), 400


def _too_often(_error: Exception) -> Answer:
    return render_template("portal/stop/too_often.html"), 429


def _refused(error: HTTPException) -> Answer:
    return render_template("portal/stop/refused.html"), error.code or 400


def _our_fault(error: Exception) -> Answer:
    """Nothing was committed: the number is what the log calls it by."""
    number = secrets.token_hex(4)
    log.error("error %s", number, exc_info=error)
    return render_template("portal/stop/our_fault.html", number=number), 500
