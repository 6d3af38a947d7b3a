"""The second factor of whoever is logged in: an app, passkeys, and codes on paper."""

import base64
import datetime as dt
import uuid
from typing import Final

from flask import Blueprint, Response, redirect, render_template, url_for
from flask import session as cookie
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Answer
from wtforms import HiddenField, StringField

from admin.challenge import keep_challenge, site, taken_challenge
from admin.user import require
from documents.qr import png
from dues.access import passkeys, second_factor, sessions
from dues.access.declare import staff
from dues.access.errors import WrongCodeError
from dues.access.passkeys import Challenge
from language import gettext_noop as _
from web.house import commit, house, session
from web.limits import LOGIN, limiter
from web.notes import note
from web.speech import gettext
from web.words import house_name

doors = Blueprint("second", __name__, url_prefix="/admin/second-factor")

_APP: Final = "app being set up"
_JSON: Final = "application/json"


class AppForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """A code that shows that the app has taken the secret."""

    code = StringField()


class KeyForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a device answered, and what its owner calls it."""

    answer = HiddenField()
    name = StringField()


@doors.get("/")
@staff(fresh=True)
def set_up() -> str:
    """Show what somebody has, and how to get more."""
    return _page(AppForm())


@doors.post("/app")
@staff(fresh=True)
@limiter.limit(LOGIN)
def take_app() -> str | Answer:
    """Take the app on once it has shown a right code; give out codes on paper."""
    form, asks = AppForm(), require()
    try:
        second_factor.set_up(
            session(),
            staff_id=asks.id,
            app_secret=_app_secret(),
            code=str(form.code.data or ""),
            now=_now(),
            secret=house().settings.signing_key(),
        )
    except WrongCodeError:
        form.code.errors = [gettext(_("This code does not fit. Look whether the clock of your phone is right."))]
        return _page(form)
    cookie.pop(_APP, None)
    sessions.prove_again(session(), login_id=asks.login_id, strong=True, now=_now())
    return _with_paper_codes()


@doors.post("/paper")
@staff(fresh=True)
def new_paper() -> str:
    """Give out new codes on paper; the ones before are void."""
    return _with_paper_codes()


@doors.post("/off")
@staff(fresh=True)
def take_off() -> Answer:
    """Let go of the app and the codes on paper."""
    second_factor.take_off(session(), staff_id=require().id)
    commit()
    note(gettext(_("The app and the codes on paper are not asked for any more.")))
    return redirect(url_for("second.set_up"), code=303)


@doors.post("/keys/offer")
@staff(fresh=True)
def offer_key() -> Response:
    """Send what the browser asks a device for a new key with."""
    return _asked(passkeys.offer(session(), staff_id=require().id, site=site()))


@doors.post("/keys")
@staff(fresh=True)
@limiter.limit(LOGIN)
def take_key() -> Answer:
    """Take a new key on."""
    form, asks = KeyForm(), require()
    name = " ".join(str(form.name.data or "").split())[:60] or gettext(_("Passkey"))
    try:
        passkeys.add(
            session(),
            staff_id=asks.id,
            site=site(),
            challenge=taken_challenge(),
            answer=passkeys.read_answer(str(form.answer.data or "")),
            name=name,
        )
    except WrongCodeError:
        note(gettext(_("The passkey could not be taken. Try again.")), tone="warn")
        return redirect(url_for("second.set_up"), code=303)
    sessions.prove_again(session(), login_id=asks.login_id, strong=True, now=_now())
    commit()
    note(gettext(_("The passkey %(name)s is taken."), name=name))
    return redirect(url_for("second.set_up"), code=303)


@doors.post("/keys/<uuid:public_id>/drop")
@staff(fresh=True)
def drop_key(public_id: uuid.UUID) -> Answer:
    """Let go of a key."""
    passkeys.drop(session(), staff_id=require().id, public_id=public_id)
    commit()
    note(gettext(_("The passkey is not taken any more.")))
    return redirect(url_for("second.set_up"), code=303)


def _asked(challenge: Challenge) -> Response:
    keep_challenge(challenge)
    return Response(challenge.options, mimetype=_JSON)


def _page(form: AppForm) -> str:
    asks = require()
    secret = _app_secret()
    address = second_factor.address_for_app(secret, email=asks.email, issuer=house_name())
    return render_template(
        "admin/second.html",
        form=form,
        faults=form.errors,
        has_app=second_factor.has_app(session(), staff_id=asks.id),
        keys=passkeys.keys(session(), staff_id=asks.id),
        paper=second_factor.paper_codes_left(session(), staff_id=asks.id),
        secret=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        qr=base64.b64encode(png(address)).decode(),
        named=site().named,
    )


def _app_secret() -> str:
    """Return the secret that is being set up: the same until it is taken or the login ends."""
    if _APP not in cookie:
        cookie[_APP] = second_factor.new_secret()
    return str(cookie[_APP])


def _with_paper_codes() -> str:
    codes = second_factor.new_paper_codes(session(), staff_id=require().id, secret=house().settings.signing_key())
    commit()
    return render_template("admin/paper_codes.html", codes=codes)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
