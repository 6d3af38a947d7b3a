"""Everything that a person owes, left alone until a day."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from admin import addresses
from admin.office.found import person_or_stop
from admin.office.hold_form import HoldForm, Pause, read_pause
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.collection.errors import NothingHeldError, NothingToHoldError
from dues.collection.hold import hold_debtor, release_debtor
from dues.dates import today
from dues.members.models import Person
from dues.overview.person_file import full_name, sums
from language import gettext_noop as _
from web.house import commit, session
from web.notes import note
from web.speech import gettext, reader

doors = Blueprint("person_hold", __name__, url_prefix="/admin/persons")


@doors.get("/<uuid:public_id>/hold")
@permission(Permission.CLAIMS_HOLD)
def ask(public_id: UUID) -> str:
    """Ask until when and why."""
    return _page(person_or_stop(public_id), HoldForm(formdata=None))


@doors.post("/<uuid:public_id>/hold")
@permission(Permission.CLAIMS_HOLD)
def hold(public_id: UUID) -> str | Response:
    """Hold what is open."""
    person = person_or_stop(public_id)
    form = HoldForm()
    pause = read_pause(form, today=today(session()))
    return _page(person, form) if pause is None else _held(person, pause)


def _held(person: Person, pause: Pause) -> Response:
    back = addresses.person(person.uuid)
    try:
        count = hold_debtor(
            session(),
            person_id=person.id,
            reason=pause.reason,
            until=pause.until,
            note=pause.note,
            on=today(session()),
            by=require().actor,
        )
    except NothingToHoldError:
        note(gettext(_("Nothing is open any more, so there is nothing to pause.")), tone="warn")
        return redirect(back, code=303)
    commit()
    until = reader().long_date(pause.until)
    words = reader().ngettext(
        "Nobody is reminded of %(num)s invoice through %(until)s.",
        "Nobody is reminded of %(num)s invoices through %(until)s.",
        count,
        until=until,
    )
    note(words, undo=url_for("person_hold.release", public_id=person.uuid))
    return redirect(back, code=303)


@doors.post("/<uuid:public_id>/release")
@permission(Permission.CLAIMS_HOLD)
def release(public_id: UUID) -> Response:
    """Let reminders go on."""
    person = person_or_stop(public_id)
    try:
        release_debtor(session(), person_id=person.id, on=today(session()), by=require().actor)
    except NothingHeldError:
        note(gettext(_("Nothing is on hold any more.")), tone="warn")
    else:
        commit()
        note(gettext(_("Reminders go on.")))
    return redirect(addresses.person(public_id), code=303)


def _page(person: Person, form: HoldForm) -> str:
    on = today(session())
    name = full_name(person)
    return render_template(
        "admin/hold.html",
        form=form,
        heading=gettext(_("Pause reminders of %(name)s"), name=name),
        above={"address": addresses.person(person.uuid), "words": name},
        action=url_for("person_hold.hold", public_id=person.uuid),
        open=sums(session(), person_id=person.id, on=on).open,
        on=on,
    )
