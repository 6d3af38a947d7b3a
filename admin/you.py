"""One's own page: how one wants one's desk, one's password, one's second factor, and where one is logged in."""

import datetime as dt
import uuid

from flask import Blueprint, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, StringField

from admin.keeper import lacks_second_factor
from admin.user import require
from dues.access import second_factor, sessions
from dues.access.declare import staff
from dues.access.errors import WeakPasswordError
from dues.access.passwords import SHORTEST
from dues.access.staff import change_password, furnish_desk
from language import SUPPORTED
from language import gettext_noop as _
from web import scheme, speech
from web.house import commit, session
from web.notes import note
from web.speech import gettext

doors = Blueprint("you", __name__, url_prefix="/admin/you")


class DeskForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """How one wants one's desk."""

    language = StringField()
    scheme = StringField()
    shortcuts = BooleanField()


class PasswordForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Another password."""

    password = PasswordField()


@doors.get("/")
@staff()
def page() -> str:
    """Show all of it."""
    asks = require()
    form = DeskForm(language=speech.reader().code, scheme=asks.scheme, shortcuts=asks.shortcuts)
    return render_template(
        "admin/you.html",
        form=form,
        logins=sessions.open_logins(session(), staff_id=asks.id, now=_now()),
        this_login=asks.login_id,
        has_second=second_factor.has_one(session(), staff_id=asks.id),
        needs_second=lacks_second_factor(asks),
    )


@doors.post("/desk")
@staff()
def furnish() -> Response:
    """Keep how one wants one's desk."""
    form = DeskForm()
    language = form.language.data if form.language.data in SUPPORTED else speech.reader().code
    wanted = scheme.Scheme(form.scheme.data) if form.scheme.data in set(scheme.Scheme) else scheme.Scheme.AUTO
    furnish_desk(
        session(), staff_id=require().id, language=language, scheme=wanted.value, shortcuts=bool(form.shortcuts.data)
    )
    commit()
    answer = redirect(url_for("you.page"), code=303)
    speech.remember(answer, language)
    scheme.remember(answer, wanted)
    note(gettext(_("Your desk is as you want it.")))
    return answer


@doors.get("/password")
@staff(fresh=True)
def ask_password() -> str:
    """Ask for another password."""
    return render_template("admin/password.html", form=PasswordForm(), faults={}, shortest=SHORTEST)


@doors.post("/password")
@staff(fresh=True)
def take_password() -> str | Response:
    """Take another password; all other logins end."""
    form, asks = PasswordForm(), require()
    try:
        change_password(
            session(), staff_id=asks.id, password=str(form.password.data or ""), but_login=asks.login_id, now=_now()
        )
    except WeakPasswordError:
        form.password.errors = [
            gettext(
                _("Choose a longer or less common password: at least %(shortest)s characters, for example four words."),
                shortest=SHORTEST,
            )
        ]
        return render_template("admin/password.html", form=form, faults=form.errors, shortest=SHORTEST)
    commit()
    note(gettext(_("You have another password. Your other logins have ended.")))
    return redirect(url_for("you.page"), code=303)


@doors.post("/logins/<uuid:public_id>/end")
@staff()
def end_login(public_id: uuid.UUID) -> Response:
    """End one of one's logins."""
    if sessions.end_one(session(), staff_id=require().id, public_id=public_id, now=_now()):
        note(gettext(_("That login has ended.")))
    commit()
    return redirect(url_for("you.page"), code=303)


@doors.post("/logins/end")
@staff()
def end_others() -> Response:
    """End all of one's logins but this one."""
    asks = require()
    sessions.end_all(session(), staff_id=asks.id, now=_now(), but=asks.login_id)
    commit()
    note(gettext(_("All your other logins have ended.")))
    return redirect(url_for("you.page"), code=303)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
