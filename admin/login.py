"""The entrance: address and password, then the second factor where there is one; and the way out."""

import datetime as dt
import hashlib
from http import HTTPStatus
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask import session as cookie
from flask_limiter.util import get_remote_address
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from admin import pending
from admin.challenge import keep_challenge, site, taken_challenge
from admin.device import device
from admin.user import clerk, let_in, see_out
from dues.access import passkeys, second_factor
from dues.access.declare import entrance
from dues.access.errors import WrongCodeError
from dues.access.models import Staff
from dues.access.staff import log_in
from dues.folding import folded
from language import gettext_noop as _
from web import scheme, speech
from web.house import commit, house, session
from web.limits import LOGIN, TRIES, limiter
from web.local import local
from web.speech import gettext

doors = Blueprint("login", __name__, url_prefix="/admin")

_LONGEST: Final = 200


class LoginForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Address and password."""

    email = StringField()
    password = PasswordField()


class CodeForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """A code of the app, or one on paper."""

    code = StringField()


def _whose() -> str:
    """Count tries for one login by what was written, whether there is such a login or not."""
    return hashlib.sha256(folded(request.form.get("email", "")[:_LONGEST]).encode()).hexdigest()


def _pending() -> str:
    return str(pending.waiting() or get_remote_address())


def _refused(answer: Response) -> bool:
    """Only tries that were refused count: the page comes again instead of leading on."""
    return answer.status_code == HTTPStatus.OK


@doors.get("/login")
@entrance
def ask() -> str | Response:
    """Ask for address and password; whoever is in already goes on."""
    if clerk() is not None:
        return redirect(onward(), code=303)
    return _page(LoginForm())


@doors.post("/login")
@entrance
@limiter.limit(LOGIN)
@limiter.limit(TRIES, key_func=_whose, deduct_when=_refused)
def enter() -> str | Response:
    """Take a password; who is refused does not learn whether there is such a login."""
    form = LoginForm()
    email, password = str(form.email.data or "")[:_LONGEST].strip(), str(form.password.data or "")
    if not email or not password:
        return _missing(form, email, password)
    staff = log_in(session(), email=email, password=password, now=_now())
    if staff is None:
        commit()  # the try is counted
        form.email.errors = [gettext(_("E-mail address and password do not fit together. Try again."))]
        return _page(form)
    to = onward()
    cookie.clear()
    return go_on(staff, to=to)


def go_on(staff: Staff, *, to: str) -> Response:
    """Let somebody in who has shown the first factor, or ask for the second one where there is one."""
    if not second_factor.has_one(session(), staff_id=staff.id):
        return enter_as(staff, to=to, strong=False)
    pending.wait(staff.id)
    commit()
    return redirect(url_for("login.ask_code", to=to), code=303)


@doors.get("/login/code")
@entrance
def ask_code() -> str | Response:
    """Ask for the second factor of whose password was right a moment ago."""
    staff_id = pending.waiting()
    if staff_id is None:
        return redirect(url_for("login.ask", to=onward()), code=303)
    return _code_page(CodeForm(), staff_id)


@doors.post("/login/code")
@entrance
@limiter.limit(LOGIN)
@limiter.limit(TRIES, key_func=_pending, deduct_when=_refused)
def give_code() -> str | Response:
    """Take a code of the app, or one on paper."""
    staff_id = pending.waiting()
    if staff_id is None:
        return redirect(url_for("login.ask", to=onward()), code=303)
    form = CodeForm()
    try:
        take_code(staff_id, str(form.code.data or ""))
    except WrongCodeError:
        form.code.errors = [gettext(_("This code does not fit. Each code is good once: wait for the next one."))]
        return _code_page(form, staff_id)
    to = onward()
    cookie.clear()
    return enter_as(session().get_one(Staff, staff_id), to=to, strong=True)


@doors.post("/login/key/ask")
@entrance
@limiter.limit(LOGIN)
def ask_key() -> Response:
    """Send what the browser asks one of somebody's devices with; nobody's keys to who gave no password."""
    staff_id = pending.waiting()
    asked = None if staff_id is None else passkeys.ask(session(), staff_id=staff_id, site=site())
    if asked is None:
        abort(404)
    keep_challenge(asked)
    return Response(asked.options, mimetype="application/json")


@doors.post("/login/key")
@entrance
@limiter.limit(LOGIN)
def give_key() -> str | Response:
    """Take a device's signature."""
    staff_id = pending.waiting()
    if staff_id is None:
        return redirect(url_for("login.ask", to=onward()), code=303)
    form = CodeForm()
    try:
        answer = passkeys.read_answer(request.form.get("answer", ""))
        challenge = taken_challenge()
        passkeys.check(session(), staff_id=staff_id, site=site(), challenge=challenge, answer=answer, now=_now())
    except WrongCodeError:
        form.code.errors = [gettext(_("The device's answer does not fit. Try again, or write a code."))]
        return _code_page(form, staff_id)
    to = onward()
    cookie.clear()
    return enter_as(session().get_one(Staff, staff_id), to=to, strong=True)


@doors.post("/logout")
@entrance
def leave() -> Response:
    """End the login in this browser."""
    see_out()
    commit()
    cookie.clear()
    return redirect(url_for("login.ask"), code=303)


def take_code(staff_id: int, code: str) -> None:
    """Take whichever kind of code it is: six digits are the app's. Raises WrongCodeError."""
    secret, plain = house().settings.signing_key(), "".join(code.split())
    if plain.isdigit():
        second_factor.check_code(session(), staff_id=staff_id, code=plain, now=_now(), secret=secret)
    else:
        second_factor.use_paper_code(session(), staff_id=staff_id, code=plain, now=_now(), secret=secret)


def _code_page(form: CodeForm, staff_id: int) -> str:
    return render_template(
        "admin/code.html",
        form=form,
        to=onward(),
        has_app=second_factor.has_app(session(), staff_id=staff_id),
        has_keys=bool(passkeys.keys(session(), staff_id=staff_id)),
    )


def enter_as(staff: Staff, *, to: str, strong: bool) -> Response:
    """Begin a login in this browser, and go on."""
    language, wanted = staff.language, scheme.Scheme(staff.scheme)
    cookie.permanent = True
    let_in(staff, strong=strong, device=device(), address=get_remote_address(), now=_now())
    commit()
    answer = redirect(to, code=303)
    speech.remember(answer, language)
    scheme.remember(answer, wanted)
    return answer


def _missing(form: LoginForm, email: str, password: str) -> str:
    if not email:
        form.email.errors = [gettext(_("Write your e-mail address."))]
    if not password:
        form.password.errors = [gettext(_("Write your password."))]
    return _page(form)


def _page(form: LoginForm) -> str:
    oidc = house().settings.oidc
    return render_template(
        "admin/login.html",
        form=form,
        to=onward(),
        chosen="chosen" in request.args,
        elsewhere=oidc.name if oidc else "",
    )


def onward() -> str:
    """Return where one wanted to go before the entrance stood in the way."""
    wanted = request.values.get("to", "")
    return local(wanted, otherwise="/admin/") if wanted.startswith(("/admin", "/group/")) else "/admin/"


def _now() -> dt.datetime:
    """Return the real time: logins live for hours, which the business clock does not know."""
    return dt.datetime.now(dt.UTC)
