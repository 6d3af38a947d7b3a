"""Joining: the form in the group's look, the price that follows it, and what happens next."""

import datetime as dt
import time
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from dues.access.declare import public
from dues.actor import VISITOR
from dues.dates import age_on, today
from dues.loop.errors import JoinError, NotJoinableError
from dues.loop.join import join
from dues.loop.offers import Offer, Place, offers, place
from dues.members.register import OF_AGE
from portal.join_form import Answers, Application, JoinForm
from portal.look import brand
from web import born
from web.countries import countries
from web.headers import keep_nothing
from web.house import commit, house, session
from web.limits import JOIN, LOOK, limiter
from web.speech import reader

doors = Blueprint("join", __name__)

_THANKS: Final = "joined"
_KEPT: Final = 30 * 60
"""Seconds for which the page of thanks can be loaded again."""


@doors.get("/join/<slug>")
@public
def ask(slug: str) -> str:
    """Show the empty form."""
    at = _place(slug)
    found = offers(session(), at=at, on=today(session()))
    form = JoinForm(country=at.group.country, pays="member")
    if len(found) == 1:
        form.kind.data = str(found[0].type_id)
    return _page(at, form, found)


@doors.post("/join/<slug>")
@public
@limiter.limit(JOIN)
def apply(slug: str) -> str | Response:
    """Take the form: let the person join, or show what is to be corrected or looked at first."""
    at, on, form = _place(slug), today(session()), JoinForm()
    answers = Answers(form, today=on, countries=countries(reader().code), home=at.group.country)
    found = offers(session(), at=at, on=on, born=answers.birth_date)
    application = answers.judged(found)
    if application is None:
        return _page(at, form, found, birth_date=answers.birth_date)
    chosen = next(offer for offer in found if offer.type_id == application.type_id)
    if not _was_seen(chosen, str(form.seen.data)):
        return _page(at, form, found, birth_date=answers.birth_date, new_price=True)
    _join(at, application, on=on)
    cookie[_THANKS] = _promised(at, chosen, application, on=on)
    return redirect(url_for("join.thanks", slug=slug), code=303)


def _join(at: Place, application: Application, *, on: dt.date) -> None:
    """Join and commit. Pressing twice, or coming back and pressing again, joins once: the domain sees to it."""
    try:
        joined = join(
            session(),
            group=at.group.slug,
            type_id=application.type_id,
            person=application.person,
            payer=application.payer,
            on=on,
            by=VISITOR,
        )
    except JoinError:  # what is offered changed between the page and the press
        abort(409)
    run_id = joined.run_id
    commit(then=None if run_id is None else lambda: house().wake.prompt_run(run_id))


@doors.post("/join/<slug>/prices")
@public
@limiter.limit(LOOK)
def prices(slug: str) -> str:
    """Return the prices for a birth date as a piece of the page; sent as a form, so that no log keeps the date."""
    at, on = _place(slug), today(session())
    try:
        birth_date = born.read(request.form.get("birth", ""), today=on)
    except born.BirthDateError:
        birth_date = None
    found = offers(session(), at=at, on=on, born=birth_date)
    return render_template("portal/join/prices.html", **_priced(found, birth_date, on=on))


@doors.get("/join/<slug>/thanks")
@public
def thanks(slug: str) -> str | Response:
    """Say what happens next; the same for who is new and who is registered already."""
    at = _place(slug)
    promised = cookie.get(_THANKS)
    if not promised or promised["group"] != slug or time.time() > promised["until"]:
        return redirect(url_for("join.ask", slug=slug))
    keep_nothing()
    told = {**promised, "due": dt.date.fromisoformat(promised["due"])}
    return render_template("portal/join/thanks.html", brand=brand(at.group), creditor=at.creditor, **told)


@doors.get("/join/<slug>/privacy")
@public
def privacy(slug: str) -> str:
    """Say what is kept of a member, why, and whom to ask."""
    at = _place(slug)
    return render_template("portal/join/privacy.html", brand=brand(at.group), creditor=at.creditor)


def _place(slug: str) -> Place:
    try:
        return place(session(), group=slug)
    except NotJoinableError:
        abort(404)


def _page(
    at: Place, form: JoinForm, found: list[Offer], *, birth_date: dt.date | None = None, new_price: bool = False
) -> str:
    on = today(session())
    return render_template(
        "portal/join/form.html",
        brand=brand(at.group),
        group=at.group,
        creditor=at.creditor,
        form=form,
        countries=countries(reader().code),
        due=on + dt.timedelta(days=at.creditor.payment_days),
        new_price=new_price,
        **_priced(found, birth_date, on=on),
    )


def _priced(found: list[Offer], birth_date: dt.date | None, *, on: dt.date) -> Mapping[str, Any]:
    age = None if birth_date is None else age_on(birth_date, on)
    return {
        "offers": found,
        "birth_date": birth_date,
        "age": age,
        "minor": age is not None and age < OF_AGE,
        "seen": " ".join(_shown(offer) for offer in found),
    }


def _shown(offer: Offer) -> str:
    """What the form carries of the prices that were shown: from the lowest to the highest of a membership."""
    return (
        f"{offer.type_id}={offer.lowest.minor if offer.lowest else ''}-{offer.highest.minor if offer.highest else ''}"
    )


def _was_seen(chosen: Offer, shown: str) -> bool:
    """Tell whether the price lies within what was shown; nobody joins at one they have not seen."""
    kind, _, bounds = next((one for one in shown.split() if one.startswith(f"{chosen.type_id}=")), "").partition("=")
    lowest, _, highest = bounds.partition("-")
    if not (kind and lowest.isdecimal() and highest.isdecimal()) or chosen.price is None:
        return False
    return int(lowest) <= chosen.price.minor <= int(highest)


def _promised(at: Place, chosen: Offer, application: Application, *, on: dt.date) -> dict[str, Any]:
    price = chosen.price
    return {
        "group": at.group.slug,
        "email": application.email,
        "amount": price.minor if price else 0,
        "currency": at.creditor.currency,
        "due": (on + dt.timedelta(days=at.creditor.payment_days)).isoformat(),
        "covered_by": chosen.covered_by.value,
        "until": time.time() + _KEPT,
    }
