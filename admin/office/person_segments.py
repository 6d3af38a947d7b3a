"""The segments that a person is of, from when until when."""

import datetime as dt
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from admin import addresses
from admin.office.boxes import Boxes
from admin.office.found import below, person_or_stop
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.editing import GoneError
from dues.members.models import Person
from dues.members.segments import SegmentDaysError, Stretch, offered_to, put_into, segments_of, take_out_of
from dues.overview.person_file import full_name
from language import gettext_noop as _
from web.house import begin_anew, commit, session
from web.notes import note
from web.number_of import number_of
from web.speech import gettext, named, reader

doors = Blueprint("person_segments", __name__, url_prefix="/admin/persons")


class SegmentForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Which segment, from when until when."""

    segment = StringField()
    from_on = StringField()
    to_on = StringField()


@doors.get("/<uuid:public_id>/segments")
@permission(Permission.MEMBERS_EDIT)
def ask(public_id: UUID) -> str:
    """Show what the person is of, and ask for more."""
    on = today(session())
    return _page(person_or_stop(public_id), SegmentForm(formdata=None, data={"from_on": on.isoformat()}))


@doors.post("/<uuid:public_id>/segments")
@permission(Permission.MEMBERS_EDIT)
def put(public_id: UUID) -> str | Response:
    """Let the person be of a segment."""
    person, form = person_or_stop(public_id), SegmentForm()
    boxes = Boxes(form)
    offered = {str(one[0]): one[0] for one in offered_to(session(), person_id=person.id, below=below())}
    chosen = offered.get(boxes.text("segment"))
    if chosen is None:
        boxes.fault("segment", gettext(_("Choose a segment.")))
    first = boxes.day("from_on", _("Choose the first day."))
    last = boxes.day("to_on", _("Choose the last day, or leave it empty.")) if boxes.text("to_on") else None
    if not boxes.hand_over() or chosen is None or first is None:
        return _page(person, form)
    try:
        put_into(session(), person_id=person.id, segment_id=chosen, from_on=first, to_on=last)
    except SegmentDaysError:
        begin_anew()
        words = _("The last day lies before the first, or these days meet others of the same segment.")
        form.to_on.errors = [gettext(words)]
        return _page(person_or_stop(public_id), form)
    commit()
    note(gettext(_("It holds for periods that begin from then on. Invoices that were issued stay as they are.")))
    return redirect(addresses.person(public_id), code=303)


@doors.post("/<uuid:public_id>/segments/end")
@permission(Permission.MEMBERS_EDIT)
def take(public_id: UUID) -> Response:
    """Let the person be of a segment through today and no longer."""
    person = person_or_stop(public_id)
    segment, first = request.form.get("segment", ""), request.form.get("from_on", "")
    try:
        take_out_of(
            session(),
            person_id=person.id,
            segment_id=number_of(segment) or 0,
            from_on=dt.date.fromisoformat(first),
            on=today(session()),
        )
    except (GoneError, ValueError):
        begin_anew()
        note(gettext(_("That was changed meanwhile. Nothing was done.")), tone="warn")
    else:
        commit()
        note(gettext(_("It holds through today. Invoices that were issued stay as they are.")))
    return redirect(addresses.person(public_id), code=303)


def stretch_words(one: Stretch) -> str:
    """Return from when until when somebody is of a segment."""
    first = gettext(_("from %(day)s"), day=reader().date(one.from_on))
    last = gettext(_("through %(day)s"), day=reader().date(one.to_on)) if one.to_on else ""
    return " ".join(part for part in (first, last) if part)


def _page(person: Person, form: SegmentForm) -> str:
    on = today(session())
    name = full_name(person)
    held = segments_of(session(), person_id=person.id)
    return render_template(
        "admin/person/segments.html",
        person=person,
        name=name,
        form=form,
        held=[(one, stretch_words(one), one.to_on is None or one.to_on > on) for one in held],
        offered=[
            (str(id_), f"{named(names)} ({group})")
            for id_, names, group in offered_to(session(), person_id=person.id, below=below())
        ],
        named=named,
        above={"address": addresses.person(person.uuid), "words": name},
    )
