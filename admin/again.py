"""Prove it again: before something sensitive, whoever is logged in shows once more that it is them.

What was being sent is not lost: the page that asks carries it along, and sends it on together with the proof.
"""

import datetime as dt
from typing import Final

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Answer
from wtforms import PasswordField, StringField

from admin.challenge import keep_challenge, site, taken_challenge
from admin.login import take_code
from admin.user import require
from dues.access import passkeys, second_factor, sessions
from dues.access.declare import staff
from dues.access.errors import WrongCodeError
from dues.access.staff import log_in
from language import gettext_noop as _
from web.house import commit, session
from web.limits import LOGIN, TRIES, limiter
from web.local import local
from web.speech import gettext
from web.words import here

doors = Blueprint("again", __name__, url_prefix="/admin")

_ASKED: Final = frozenset({"again-password", "again-code", "answer", "csrf_token", "to", "username"})
_SCOPE: Final = "is it still you"
"""One count for all doors that ask again: whoever sits at an open desk does not try at one after the other."""
_NEVER_CARRIED: Final = frozenset({"password"})


class AgainForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The password, and a code where there is a second factor."""

    password = PasswordField(name="again-password")
    code = StringField(name="again-code")


@doors.get("/again")
@staff()
def ask() -> str:
    """Ask for it."""
    return _page(AgainForm(formdata=None))


@doors.post("/again")
@staff()
@limiter.limit(LOGIN)
def prove() -> str | Answer:
    """Take it, and go on to where one wanted to go."""
    form = AgainForm()
    if not _counted(form):
        return _page(form)
    commit()
    return redirect(local(request.values.get("to", ""), otherwise=url_for("you.page")), code=303)


@doors.post("/again/key")
@staff()
@limiter.limit(LOGIN)
def ask_key() -> Response:
    """Send what the browser asks one of somebody's devices with."""
    asked = passkeys.ask(session(), staff_id=require().id, site=site())
    if asked is None:
        abort(404)
    keep_challenge(asked)
    return Response(asked.options, mimetype="application/json")


def ask_again() -> Answer | None:
    """Ask whoever has not proved who they are within the last minutes; None lets the others go on."""
    if require().fresh:
        return None
    if request.method == "GET":
        return redirect(url_for("again.ask", to=here()), code=303)
    form = AgainForm()
    if "again-password" in request.form or "answer" in request.form:
        with limiter.limit(LOGIN):
            if _counted(form):
                commit()
                return None
    else:
        form = AgainForm(formdata=None)
    return Response(_page(form, carried=True))


def _counted(form: AgainForm) -> bool:
    """Take a proof, and count those that do not fit by whose login it is, from wherever they come."""
    with limiter.shared_limit(TRIES, scope=_SCOPE, key_func=_who, deduct_when=_did_not_fit):
        g.proved_again = _proved(form)
    return bool(g.proved_again)


def _who() -> str:
    return str(require().id)


def _did_not_fit(_answer: Response) -> bool:
    return not g.get("proved_again", True)


def _proved(form: AgainForm) -> bool:
    """Take a signature of a device, or the password and a code; say at the box what does not fit."""
    asks, now = require(), dt.datetime.now(dt.UTC)
    signed = request.form.get("answer", "")
    if signed:
        return _signed(form, signed, now)
    if log_in(session(), email=asks.email, password=str(form.password.data or ""), now=now) is None:
        commit()  # the try is counted
        form.password.errors = [gettext(_("This is not your password. Try again."))]
        return False
    with_code = second_factor.has_one(session(), staff_id=asks.id)
    if with_code:
        try:
            take_code(asks.id, str(form.code.data or ""))
        except WrongCodeError:
            form.code.errors = [gettext(_("This code does not fit. Each code is good once: wait for the next one."))]
            return False
    sessions.prove_again(session(), login_id=asks.login_id, strong=with_code, now=now)
    return True


def _signed(form: AgainForm, signed: str, now: dt.datetime) -> bool:
    asks = require()
    try:
        answer, challenge = passkeys.read_answer(signed), taken_challenge()
        passkeys.check(session(), staff_id=asks.id, site=site(), challenge=challenge, answer=answer, now=now)
    except WrongCodeError:
        form.password.errors = [gettext(_("The device's answer does not fit. Try again, or write your password."))]
        return False
    sessions.prove_again(session(), login_id=asks.login_id, strong=True, now=now)
    return True


def _page(form: AgainForm, *, carried: bool = False) -> str:
    asks = require()
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _ASKED | _NEVER_CARRIED]
    return render_template(
        "admin/again.html",
        form=form,
        faults=form.errors,
        with_code=second_factor.has_one(session(), staff_id=asks.id),
        has_keys=bool(passkeys.keys(session(), staff_id=asks.id)),
        action=request.full_path.rstrip("?") if carried else url_for("again.prove"),
        carried=fields if carried else [("to", request.values.get("to", ""))],
    )
