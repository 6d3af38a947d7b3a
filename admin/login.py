"""The entrance: log in, log out, and how one wants one's desk."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, StringField

from admin.user import clerk, let_in, require, see_out
from dues.access.declare import entrance, permission
from dues.access.permissions import Permission
from dues.access.staff import furnish_desk, log_in
from language import SUPPORTED
from language import gettext_noop as _
from web import scheme, speech
from web.house import commit, session
from web.limits import LOGIN, limiter
from web.local import local
from web.notes import note
from web.speech import gettext

doors = Blueprint("login", __name__, url_prefix="/admin")

_LONGEST: Final = 200


class LoginForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Address and password."""

    email = StringField()
    password = PasswordField()


class DeskForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """How one wants one's desk."""

    language = StringField()
    scheme = StringField()
    shortcuts = BooleanField()


@doors.get("/login")
@entrance
def ask() -> str | Response:
    """Ask for address and password; whoever is in already goes on."""
    if clerk() is not None:
        return redirect(_onward(), code=303)
    return render_template("admin/login.html", form=LoginForm(), to=_onward())


@doors.post("/login")
@entrance
@limiter.limit(LOGIN)
def enter() -> str | Response:
    """Let somebody in; who is refused does not learn whether there is such a login."""
    form = LoginForm()
    email, password = str(form.email.data or "")[:_LONGEST].strip(), str(form.password.data or "")
    if not email:
        form.email.errors = [gettext(_("Write your e-mail address."))]
    if not password:
        form.password.errors = [gettext(_("Write your password."))]
    staff = log_in(session(), email=email, password=password) if email and password else None
    if staff is None:
        if email and password:
            form.email.errors = [gettext(_("E-mail address and password do not fit together. Try again."))]
        return render_template("admin/login.html", form=form, to=_onward())
    language, wanted = staff.language, scheme.Scheme(staff.scheme)
    cookie.clear()
    cookie.permanent = True
    let_in(staff)
    commit()
    answer = redirect(_onward(), code=303)
    speech.remember(answer, language)
    scheme.remember(answer, wanted)
    return answer


@doors.post("/logout")
@entrance
def leave() -> Response:
    """End the login in this browser."""
    see_out()
    cookie.clear()
    return redirect(url_for("login.ask"), code=303)


@doors.get("/desk")
@permission(Permission.DESK_USE)
def desk() -> str:
    """Show how one has one's desk."""
    asks = require()
    form = DeskForm(language=speech.reader().code, scheme=asks.scheme, shortcuts=asks.shortcuts)
    return render_template("admin/desk.html", form=form, schemes=list(scheme.Scheme))


@doors.post("/desk")
@permission(Permission.DESK_USE)
def furnish() -> Response:
    """Keep it."""
    form = DeskForm()
    language = form.language.data if form.language.data in SUPPORTED else speech.reader().code
    wanted = scheme.Scheme(form.scheme.data) if form.scheme.data in set(scheme.Scheme) else scheme.Scheme.AUTO
    furnish_desk(
        session(), staff_id=require().id, language=language, scheme=wanted.value, shortcuts=bool(form.shortcuts.data)
    )
    commit()
    answer = redirect(url_for("login.desk"), code=303)
    speech.remember(answer, language)
    scheme.remember(answer, wanted)
    note(gettext(_("Your desk is as you want it.")))
    return answer


def _onward() -> str:
    """Return where one wanted to go before the entrance stood in the way."""
    wanted = request.values.get("to", "")
    return local(wanted, otherwise="/admin/") if wanted.startswith("/admin") else "/admin/"
