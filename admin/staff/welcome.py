"""Where the link of an invitation leads: choose a password, and log in with it."""

import datetime as dt

from flask import Blueprint, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField

from dues.access.declare import entrance
from dues.access.errors import InvitationNotValidError, WeakPasswordError
from dues.access.invitations import choose_password, whose
from dues.access.models import Staff
from dues.access.passwords import SHORTEST
from language import gettext_noop as _
from web.house import commit, session
from web.limits import LOGIN, limiter
from web.speech import gettext

doors = Blueprint("welcome", __name__, url_prefix="/admin/welcome")


class WelcomeForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The password that is chosen."""

    password = PasswordField()


@doors.get("/<token>")
@entrance
@limiter.limit(LOGIN)
def ask(token: str) -> str:
    """Ask for a password."""
    return _page(WelcomeForm(formdata=None), token)


@doors.post("/<token>")
@entrance
@limiter.limit(LOGIN)
def choose(token: str) -> str | Response:
    """Take it; the link is used up, and the way in goes through the entrance."""
    form = WelcomeForm()
    try:
        choose_password(session(), token=token, password=str(form.password.data or ""), now=_now())
    except InvitationNotValidError:
        return _page(form, token)
    except WeakPasswordError:
        words = _("Choose a longer or less common password: at least %(shortest)s characters, for example four words.")
        form.password.errors = [gettext(words, shortest=SHORTEST)]
        return _page(form, token)
    commit()
    return redirect(url_for("login.ask", chosen="1"), code=303)


def _page(form: WelcomeForm, token: str) -> str:
    return render_template("admin/staff/welcome.html", form=form, who=_who(token), token=token, shortest=SHORTEST)


def _who(token: str) -> Staff | None:
    try:
        return whose(session(), token=token, now=_now())
    except InvitationNotValidError:
        return None


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
