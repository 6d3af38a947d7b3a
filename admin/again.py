"""Prove it again: before something sensitive, whoever is logged in shows once more that it is them."""

import datetime as dt

from flask import Blueprint, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from admin.login import take_code
from admin.user import require
from dues.access import second_factor, sessions
from dues.access.declare import staff
from dues.access.errors import WrongCodeError
from dues.access.staff import log_in
from language import gettext_noop as _
from web.house import commit, session
from web.limits import LOGIN, limiter
from web.local import local
from web.speech import gettext

doors = Blueprint("again", __name__, url_prefix="/admin")


class AgainForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The password, and a code where there is a second factor."""

    password = PasswordField()
    code = StringField()


@doors.get("/again")
@staff()
def ask() -> str:
    """Ask for it."""
    return _page(AgainForm())


@doors.post("/again")
@staff()
@limiter.limit(LOGIN)
def prove() -> str | Response:
    """Take it, and go on to where one wanted to go."""
    form, asks, now = AgainForm(), require(), dt.datetime.now(dt.UTC)
    if log_in(session(), email=asks.email, password=str(form.password.data or ""), now=now) is None:
        commit()  # the try is counted
        form.password.errors = [gettext(_("This is not your password. Try again."))]
        return _page(form)
    with_code = second_factor.has_one(session(), staff_id=asks.id)
    if with_code:
        try:
            take_code(asks.id, str(form.code.data or ""))
        except WrongCodeError:
            form.code.errors = [gettext(_("This code does not fit. Each code is good once: wait for the next one."))]
            return _page(form)
    sessions.prove_again(session(), login_id=asks.login_id, strong=with_code, now=now)
    commit()
    return redirect(_onward(), code=303)


def _page(form: AgainForm) -> str:
    with_code = second_factor.has_one(session(), staff_id=require().id)
    return render_template("admin/again.html", form=form, faults=form.errors, with_code=with_code, to=_onward())


def _onward() -> str:
    return local(request.values.get("to", ""), otherwise=url_for("you.page"))
