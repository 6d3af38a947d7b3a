"""The page of one of the staff: their roles and where, what they may do, and how they come in."""

import datetime as dt
import uuid
from collections.abc import Callable

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from admin.office.changes import card
from admin.setup import finding
from admin.setup.fields import Pick
from admin.staff.listed import role_choices
from admin.staff.words import days_words, may_words, place_words, standing_state
from admin.tables.fields import Choice, Day
from admin.user import require
from dues.access import second_factor, sessions
from dues.access import staff as verbs
from dues.access.declare import permission
from dues.access.errors import UnknownGrantError
from dues.access.grants import end, offer, whose_grant
from dues.access.invitations import invite_again
from dues.access.models import Approval, Staff
from dues.access.people import Standing, find_person, held_by
from dues.access.permissions import Permission
from dues.access.scope import rights
from dues.dates import today
from dues.delivery.staff_mail import post_invitation
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, named

doors = Blueprint("colleague", __name__, url_prefix="/admin/staff")


class GrantForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """A role, where, and from when to when."""

    role = Choice(_("Role"), choices=role_choices, read_as=int)
    group = Pick(
        _("Group"),
        find=finding.groups,
        source="groups.suggest",
        optional=True,
        hint=_("The role holds there and below. Leave it empty for the whole organisation."),
    )
    from_on = Day(_("First day"), optional=True, hint=_("Today where it is left empty."))
    to_on = Day(_("Last day"), optional=True, hint=_("Leave it empty if there is none."))


@doors.get("/<uuid:public_id>")
@permission(Permission.STAFF_READ)
def page(public_id: uuid.UUID) -> str:
    """Show them."""
    return _page(_colleague(public_id), GrantForm(formdata=None))


@doors.post("/<uuid:public_id>/roles")
@permission(Permission.STAFF_EDIT, fresh=True)
def give(public_id: uuid.UUID) -> str | Response:
    """Give a role; one that the giver does not have themselves waits for a second person."""
    who, form, on = _colleague(public_id), GrantForm(), today(session())
    if not form.validate():
        return _page(who, form)
    first = form.from_on.data or on
    if form.to_on.data is not None and form.to_on.data < first:
        form.to_on.errors = [gettext(_("The last day lies before the first."))]
        return _page(who, form)
    asks = require()
    made = offer(
        session(),
        staff_id=who.id,
        role_id=form.role.data,
        group_id=form.group.picked,
        from_on=first,
        to_on=form.to_on.data,
        by=asks.id,
        giver=asks.rights,
    )
    waits = isinstance(made, Approval)
    commit()
    if waits:
        note(gettext(_("This role may do what you may not. It waits until a second person agrees.")), tone="warn")
    else:
        note(gettext(_("The role is given.")))
    return _back(public_id)


@doors.post("/<uuid:public_id>/roles/<int:grant_id>/end")
@permission(Permission.STAFF_EDIT, fresh=True)
def end_role(public_id: uuid.UUID, grant_id: int) -> Response:
    """End a role from today on."""
    who = _colleague(public_id)
    if whose_grant(session(), grant_id=grant_id) != who.id:
        abort(404)
    try:
        end(session(), grant_id=grant_id, on=today(session()), by=require().actor)
    except UnknownGrantError:
        note(gettext(_("This role has ended already.")), tone="warn")
        return _back(public_id)
    commit()
    note(gettext(_("The role has ended.")))
    return _back(public_id)


@doors.post("/<uuid:public_id>/disable")
@permission(Permission.STAFF_EDIT, fresh=True)
def disable(public_id: uuid.UUID) -> Response:
    """Let somebody in no more."""
    who = _colleague(public_id)
    if who.id == require().id:
        note(gettext(_("You cannot shut yourself out. A colleague can.")), tone="warn")
        return _back(public_id)
    return _done(
        public_id, lambda: verbs.disable(session(), staff_id=who.id, now=_now()), gettext(_("They are let in no more."))
    )


@doors.post("/<uuid:public_id>/enable")
@permission(Permission.STAFF_EDIT, fresh=True)
def enable(public_id: uuid.UUID) -> Response:
    """Let somebody in again."""
    who = _colleague(public_id)
    return _done(public_id, lambda: verbs.enable(session(), staff_id=who.id), gettext(_("They are let in again.")))


@doors.post("/<uuid:public_id>/logins/end")
@permission(Permission.STAFF_EDIT, fresh=True)
def end_logins(public_id: uuid.UUID) -> Response:
    """End all their logins."""
    who = _colleague(public_id)
    words = gettext(_("All their logins have ended."))
    return _done(public_id, lambda: sessions.end_all(session(), staff_id=who.id, now=_now()), words)


@doors.post("/<uuid:public_id>/second-factor/reset")
@permission(Permission.STAFF_EDIT, fresh=True)
def reset_second_factor(public_id: uuid.UUID) -> Response:
    """Take the second factor off, for who has lost their phone; their logins end."""
    who = _colleague(public_id)
    if who.id == require().id:
        note(gettext(_("Ask a colleague to reset your second factor, or change it on your own page.")), tone="warn")
        return _back(public_id)

    words = gettext(_("Their second factor is taken off. They set up another one."))
    return _done(public_id, lambda: second_factor.take_all_off(session(), staff_id=who.id, now=_now()), words)


@doors.post("/<uuid:public_id>/invite")
@permission(Permission.STAFF_EDIT, fresh=True)
def send_link(public_id: uuid.UUID) -> Response:
    """Send a link to choose a password, or another one, to their own address."""
    who = _colleague(public_id)
    if who.disabled_at is not None:
        abort(404)
    invitation = invite_again(session(), staff_id=who.id, now=_now(), secret=house().settings.signing_key())
    post_invitation(session(), invitation=invitation, staff=who, by=require().actor)
    email = who.email
    commit(then=house().wake.messages)
    note(gettext(_("A link goes to %(email)s. Earlier links are void."), email=email))
    return _back(public_id)


def _done(public_id: uuid.UUID, deed: Callable[[], None], words: str) -> Response:
    deed()
    commit()
    note(words)
    return _back(public_id)


def _back(public_id: uuid.UUID) -> Response:
    return redirect(url_for("colleague.page", public_id=public_id), code=303)


def _colleague(public_id: uuid.UUID) -> Staff:
    return find_person(session(), public_id=public_id) or abort(404)


def _page(who: Staff, form: GrantForm) -> str:
    on = today(session())
    held = held_by(session(), staff_id=who.id, on=on)
    return render_template(
        "admin/staff/colleague.html",
        who=who,
        form=form,
        faults=form.errors,
        state=standing_state(Standing.of(who)),
        invited=who.password_hash is None,
        held=held,
        may=may_words(list(rights(session(), staff_id=who.id, on=on).reaches)),
        logins=sessions.open_logins(session(), staff_id=who.id, now=_now()),
        has_second=second_factor.has_one(session(), staff_id=who.id),
        edits=require().may(Permission.STAFF_EDIT),
        changes=card(("staff", who.id)),
        on=on,
        place_words=place_words,
        days_words=days_words,
        named=named,
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
