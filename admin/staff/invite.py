"""Invites somebody to the desk by a mail with a link."""

import datetime as dt

from flask import Blueprint, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from admin.setup.fields import Email
from admin.shell import reading_choices
from admin.tables.fields import Choice, Text
from admin.user import require
from dues.access.declare import permission
from dues.access.errors import StaffKnownError
from dues.access.invitations import invite
from dues.access.permissions import Permission
from dues.delivery.staff_mail import post_invitation
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, reader

doors = Blueprint("invite", __name__, url_prefix="/admin/staff")


class InviteForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Whom, and what they read."""

    name = Text(_("Name"), hint=_("What colleagues call them."))
    email = Email(_("E-mail address"), hint=_("The link to choose a password goes there."))
    language = Choice(_("Language"), choices=reading_choices)


@doors.get("/invite")
@permission(Permission.STAFF_EDIT, fresh=True)
def ask() -> str:
    """Ask whom."""
    return _page(InviteForm(formdata=None, data={"language": reader().code}))


@doors.post("/invite")
@permission(Permission.STAFF_EDIT, fresh=True)
def send() -> str | Response:
    """Invite them; what they may do is said on their page."""
    form = InviteForm()
    if not form.validate():
        return _page(form)
    try:
        staff, invitation = invite(
            session(),
            name=form.name.data,
            email=form.email.data,
            language=form.language.data,
            now=dt.datetime.now(dt.UTC),
            secret=house().settings.signing_key(),
        )
    except StaffKnownError:
        form.email.errors = [gettext(_("Somebody with this address works here already. Look for them in the list."))]
        return _page(form)
    post_invitation(session(), invitation=invitation, staff=staff, by=require().actor)
    public_id, email = staff.uuid, staff.email
    commit(then=house().wake.messages)
    note(gettext(_("A link to choose a password goes to %(email)s. Now give a role."), email=email))
    return redirect(url_for("colleague.page", public_id=public_id), code=303)


def _page(form: InviteForm) -> str:
    return render_template("admin/staff/invite.html", form=form, faults=form.errors)
