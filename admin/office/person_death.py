"""Somebody has died: the day first, then what follows from it, then the press; a mistake is taken back here, too."""

import datetime as dt
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField

from admin import addresses
from admin.office.amounts import money_words
from admin.office.boxes import Boxes
from admin.office.busy import told_busy
from admin.office.found import person_or_stop
from admin.office.membership_end import asked_of, hand, waiting
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.invoicing.errors import NotCreditableError
from dues.loop.death import UNDO_DAYS, record_death, take_back_death, undoable, what_is_left
from dues.loop.errors import DeathDayError, DeathMovedError, DeathRecordedError, NoDeathError, NoMembershipError
from dues.members.models import Person
from dues.overview.person_file import full_name
from dues.patience import BusyError
from dues.payments.errors import MovedError
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.number_of import number_of
from web.speech import gettext, named, reader

doors = Blueprint("person_death", __name__, url_prefix="/admin/persons")

Page = str | Response | tuple[str, int]

_DAY: Final = _("Choose the day of death, today at the latest.")


class DeathForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The day, which invoices were shown as credited, and whether what was paid of them is put up for refund."""

    on = StringField()
    seen = HiddenField()
    refund = StringField()


@doors.get("/<uuid:public_id>/death")
@permission(Permission.MEMBERS_EDIT)
def ask(public_id: UUID) -> Page:
    """Ask for the day; once the address holds it, show what follows."""
    person = person_or_stop(public_id)
    asked = "on" in request.args
    form = DeathForm(request.args) if asked else DeathForm(formdata=None)
    return _page(person, form, _read(form, person) if asked and person.deceased_on is None else None)


@doors.post("/<uuid:public_id>/death")
@permission(Permission.MEMBERS_EDIT)
def record(public_id: UUID) -> Page:
    """Record it as it was shown; a second press finds it recorded."""
    person = person_or_stop(public_id)
    form = DeathForm()
    on = None if person.deceased_on is not None else _read(form, person)
    if on is None:
        return _page(person, form, None)
    seen = [number for one in str(form.seen.data or "").split() if (number := number_of(one)) is not None]
    try:
        notes = record_death(
            session(),
            person_id=person.id,
            on=on,
            today=today(session()),
            by=require().actor,
            seen=seen,
            hand=hand(),
            refund=form.refund.data == "yes",
        )
    except (DeathMovedError, DeathDayError, DeathRecordedError, MovedError, NotCreditableError, NoMembershipError):
        session().rollback()
        person = person_or_stop(public_id)
        return _page(person, form, _read(form, person), moved=True), 409
    except BusyError:
        return told_busy(addresses.person(public_id))
    name = full_name(person)
    commit(then=house().wake.messages if notes else None)
    recorded = gettext(_("The death of %(name)s is recorded. Nothing is sent to them any more."), name=name)
    note(recorded + waiting(len(set(seen)) - len(notes)))
    return redirect(addresses.person(public_id), code=303)


@doors.post("/<uuid:public_id>/death/undo")
@permission(Permission.MEMBERS_EDIT)
def undo(public_id: UUID) -> Response:
    """Take a mistake back."""
    person = person_or_stop(public_id)
    try:
        take_back_death(session(), person_id=person.id, today=today(session()), by=require().actor)
    except NoDeathError:
        note(gettext(_("This cannot be taken back here any more.")), tone="warn")
        return redirect(addresses.person(public_id), code=303)
    commit()
    note(gettext(_("Taken back: %(name)s lives, and the memberships go on."), name=full_name(person)))
    return redirect(addresses.person(public_id), code=303)


def _read(form: DeathForm, person: Person) -> dt.date | None:
    boxes = Boxes(form)
    on = boxes.day("on", _DAY)
    born = person.birth_date
    if on is not None and (on > today(session()) or (born is not None and on < born)):
        boxes.fault("on", gettext(_DAY))
    return on if boxes.hand_over() else None


def _page(person: Person, form: DeathForm, day: dt.date | None, *, moved: bool = False) -> str:
    on = today(session())
    name = full_name(person)
    left = None if day is None else what_is_left(session(), person_id=person.id, on=day)
    return render_template(
        "admin/person/death.html",
        person=person,
        name=name,
        form=form,
        day=day,
        left=left,
        asked=asked_of(left.credited) if left is not None else frozenset(),
        undoable=undoable(session(), person_id=person.id, today=on),
        undo_days=UNDO_DAYS,
        moved=moved,
        on=on,
        above={"address": addresses.person(person.uuid), "words": name},
        full_name=full_name,
        named=named,
        sums=lambda owed: reader().join([money_words(minor, currency) for currency, minor in owed.items()]),
    )
