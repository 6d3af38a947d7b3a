"""Who a group's invoices are from: the name and address on them, and where replies go."""

from flask import abort, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from admin.addresses import door
from admin.group.here import group_doors, this_group
from admin.setup.fields import Email
from admin.tables.fields import Text
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.groups.account_of import account_of
from dues.groups.creditors import change_creditor
from dues.groups.models import Creditor
from language import gettext_noop as _
from web import postal
from web.house import commit, session
from web.notes import note
from web.speech import gettext

doors = group_doors("group_sender", "/look/sender")

_KEPT = ("name", "street", "postcode", "city", "email", "phone")


class SenderForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The sender of invoices."""

    name = Text(_("Name on documents"), hint=_("Mails are from this name."))
    street = Text(_("Street and number"))
    postcode = Text(_("Postcode"), width="short")
    city = Text(_("Town or city"))
    email = Email(_("E-mail"), hint=_("Members who reply to a mail write here."))
    phone = Text(_("Telephone"), optional=True, width="short")


@doors.get("/")
@permission(Permission.GROUP_LOOK)
def ask() -> str:
    """Show the sender."""
    found = _own()
    return _page(SenderForm(formdata=None, data={name: getattr(found, name) for name in _KEPT}))


@doors.post("/")
@permission(Permission.GROUP_LOOK)
def save() -> str | Response:
    """Change the sender of invoices to come."""
    found, form = _own(), SenderForm()
    if not form.validate():
        return _page(form)
    said = {name: form[name].data or "" for name in _KEPT}
    try:
        said["postcode"] = postal.postcode(said["postcode"], found.country)
    except postal.PostcodeError as error:
        text = _("Write the postcode as it stands in addresses, for example %(example)s.")
        form.postcode.errors = [gettext(text, example=error.example)]
        return _page(form)
    try:
        said["phone"] = postal.phone(said["phone"], found.country) if said["phone"] else ""
    except postal.PhoneError:
        form.phone.errors = [gettext(_("Write a telephone number that exists, or leave the box empty."))]
        return _page(form)
    change_creditor(session(), creditor_id=found.id, **said)  # type: ignore[arg-type]  # each by its name
    commit()
    note(gettext(_("Saved. Invoices from the next on say it; those that were sent keep what they say.")))
    return redirect(door("group_look.page"), code=303)


def _own() -> Creditor:
    """Return the group's own creditor; without one there is nothing to change."""
    account = account_of(session(), group_id=this_group().id)
    if account.creditor is None or not account.own:
        abort(404)
    return account.creditor


def _page(form: SenderForm) -> str:
    return render_template(
        "group/form.html",
        heading=gettext(_("Who invoices are from")),
        about=gettext(_("What members read as the sender of invoices and mails.")),
        form=form,
        faults=form.errors,
        ids={one.name: one.first_id for one in form if hasattr(one, "first_id")},
        fields=[one for one in form if hasattr(one, "first_id")],
        back=door("group_look.page"),
        back_words=gettext(_("Our look")),
        save=gettext(_("Save")),
    )
