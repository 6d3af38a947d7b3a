"""What somebody who pays for others wishes: one invoice for all of them, or one for each."""

from typing import Final
from uuid import UUID

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.office.found import details_are_ours, person_or_stop
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.members.paying import wish_one_invoice
from language import gettext_noop as _
from web.house import commit, session
from web.notes import note
from web.speech import gettext

doors = Blueprint("person_paying", __name__, url_prefix="/admin/persons")

_WISHES: Final = {
    "one": (True, _("From the next run on there is one invoice for all of them. Invoices that were issued stay.")),
    "each": (False, _("From the next run on there is an invoice for each of them. Invoices that were issued stay.")),
}


@doors.post("/<uuid:public_id>/one-invoice")
@permission(Permission.MEMBERS_EDIT)
def wish(public_id: UUID) -> Response:
    """Write the payer's wish down."""
    person = person_or_stop(public_id)
    if not details_are_ours(person):
        abort(404)
    one_invoice, words = _WISHES.get(request.form.get("wish", ""), (None, ""))
    if one_invoice is not None:
        wish_one_invoice(session(), person_id=person.id, one_invoice=one_invoice)
        commit()
        note(gettext(words))
    return redirect(addresses.person(public_id), code=303)
