"""Joining: the form in the group's look, the prices that follow it, and what happens next."""

import datetime as dt
from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dues.access.declare import public
from dues.actor import VISITOR
from dues.dates import today
from dues.groups.texts import welcome
from dues.loop.errors import JoinError, NotJoinableError
from dues.loop.join import join_together
from dues.loop.offers import Place, place
from portal import join_thanks
from portal.join_answers import Answers, Application, Reading
from portal.join_form import MOST, Household
from portal.join_prices import Priced, priced, total
from portal.join_words import corrections
from web.countries import countries
from web.headers import keep_nothing
from web.house import commit, house, session
from web.limits import JOIN, TYPED, limiter
from web.look import brand
from web.speech import reader

doors = Blueprint("join", __name__)


@doors.get("/join/<slug>")
@public
def ask(slug: str) -> str:
    """Show the empty form."""
    at = _place(slug)
    household = Household.empty(country=at.group.country)
    people = priced(session(), household, at=at, on=today(session()))
    if len(people[0].offers) == 1:
        household.people[0].kind.data = str(people[0].offers[0].type_id)
    return _page(at, household, people, fresh=True)


@doors.post("/join/<slug>")
@public
@limiter.limit(JOIN)
def apply(slug: str) -> str | Response:
    """Take the form: let the household join, or show what is to be corrected or looked at first."""
    at, on, household = _place(slug), today(session()), Household.sent()
    people = priced(session(), household, at=at, on=on)
    reading = Reading(today=on, countries=countries(reader().code), home=at.group.country)
    application = Answers(household, reading).judged([one.offers for one in people])
    if application is None:
        return _page(at, household, people)
    if not all(one.saw_its_price() for one in people):
        return _page(at, household, people, new_price=True)
    _join(at, application, on=on)
    join_thanks.promise(at, people, application, on=on)
    return redirect(url_for("join.thanks", slug=slug), code=303)


def _join(at: Place, application: Application, *, on: dt.date) -> None:
    """Join and commit. Pressing twice, or coming back and pressing again, joins once: the domain sees to it."""
    try:
        joined = join_together(
            session(),
            group=at.group.slug,
            people=application.people,
            payer=application.payer,
            on=on,
            by=VISITOR,
        )
    except JoinError:  # what is offered changed between the page and the press
        abort(409)
    run_id = joined.run_id
    commit(then=None if run_id is None else lambda: house().wake.prompt_run(run_id))


@doors.post("/join/<slug>/people")
@public
@limiter.limit(TYPED)
def change_people(slug: str) -> str:
    """Show the form as it was written, with a person more or less; nothing is judged, and nothing is stored."""
    at, household = _place(slug), Household.sent()
    step, _, number = request.form.get("step", "").partition("-")
    before = len(household.people)
    if step == "more":
        household = household.with_another()
    elif step == "remove" and number.isdecimal():
        household = household.without(int(number) - 1)
    people = priced(session(), household, at=at, on=today(session()))
    moved = None if step == "draft" else len(household.people) - (1 if len(household.people) > before else 0)
    return _page(at, household, people, focus=None if moved is None else min(moved, len(people) - 1))


@doors.get("/join/<slug>/people")
@public
def back(slug: str) -> Response:
    """Lead who comes back to the address of a form that was sent, as a choice of language does, to the form."""
    return redirect(url_for("join.ask", slug=slug))


@doors.post("/join/<slug>/prices")
@public
@limiter.limit(TYPED)
def prices(slug: str) -> str:
    """Return the prices for birth dates as pieces of the page; sent as a form, so that no log keeps the dates."""
    at, household = _place(slug), Household.sent()
    people = priced(session(), household, at=at, on=today(session()))
    return render_template("portal/join/prices.html", **_shown(at, people))


@doors.get("/join/<slug>/thanks")
@public
def thanks(slug: str) -> str | Response:
    """Say what happens next; the same for who is new and who is registered already."""
    at = _place(slug)
    promised = join_thanks.promised(at)
    if promised is None:
        return redirect(url_for("join.ask", slug=slug))
    keep_nothing()
    return render_template(
        "portal/join/thanks.html",
        slug=slug,
        brand=brand(at.group),
        creditor=at.creditor,
        promised=promised,
        said=join_thanks.own_words_of(at, promised),
        mail_from=house().settings.mail_from,
    )


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
    at: Place,
    household: Household,
    people: Sequence[Priced],
    *,
    fresh: bool = False,
    new_price: bool = False,
    focus: int | None = None,
) -> str:
    """Show the form. ``fresh`` is one nobody has written in, ``focus`` the place of the person to go on with."""
    return render_template(
        "portal/join/form.html",
        brand=brand(at.group),
        group=at.group,
        welcome=welcome(session(), group=at.group),
        form=household.shared,
        faults=list(corrections(household, people)),
        countries=countries(reader().code),
        new_price=new_price,
        fresh=fresh,
        focus=focus,
        most=MOST,
        **_shown(at, people),
    )


def _shown(at: Place, people: Sequence[Priced]) -> dict[str, object]:
    """Return what both the page and its pieces show of people and prices."""
    return {
        "people": people,
        "creditor": at.creditor,
        "total": total(people, currency=at.creditor.currency),
        "due": today(session()) + dt.timedelta(days=at.creditor.payment_days),
    }
