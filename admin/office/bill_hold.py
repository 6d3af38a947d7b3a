"""What is open of an invoice, left alone until a day."""

from uuid import UUID

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from admin import addresses
from admin.office.found import invoice_or_stop
from admin.office.hold_form import HoldForm, read_pause
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.collection.errors import NothingHeldError, NothingToHoldError
from dues.collection.hold import hold_invoice, release_invoice
from dues.dates import today
from dues.overview.invoice_file import Head, claims_of
from language import gettext_noop as _
from web.house import commit, session
from web.notes import note
from web.speech import gettext, reader

doors = Blueprint("bill_hold", __name__, url_prefix="/admin/invoices")


@doors.get("/<uuid:public_id>/hold")
@permission(Permission.CLAIMS_HOLD)
def ask(public_id: UUID) -> str:
    """Ask until when and why."""
    return _page(invoice_or_stop(public_id), HoldForm(formdata=None))


@doors.post("/<uuid:public_id>/hold")
@permission(Permission.CLAIMS_HOLD)
def hold(public_id: UUID) -> str | Response:
    """Hold what is open of it."""
    head = invoice_or_stop(public_id)
    form = HoldForm()
    on = today(session())
    pause = read_pause(form, today=on)
    if pause is None:
        return _page(head, form)
    back = redirect(addresses.invoice(public_id), code=303)
    try:
        hold_invoice(
            session(),
            invoice_id=head.invoice.id,
            reason=pause.reason,
            until=pause.until,
            note=pause.note,
            on=on,
            by=require().actor,
        )
    except NothingToHoldError:
        note(gettext(_("Nothing is open any more, so there is nothing to pause.")), tone="warn")
        return back
    commit()
    until = reader().long_date(pause.until)
    note(
        gettext(_("Nobody is reminded of this invoice through %(until)s."), until=until),
        undo=addresses.door("bill_hold.release", public_id=public_id),
    )
    return back


@doors.post("/<uuid:public_id>/release")
@permission(Permission.CLAIMS_HOLD)
def release(public_id: UUID) -> Response:
    """Let reminders go on."""
    head = invoice_or_stop(public_id)
    try:
        release_invoice(session(), invoice_id=head.invoice.id, on=today(session()), by=require().actor)
    except NothingHeldError:
        note(gettext(_("Nothing is on hold any more.")), tone="warn")
    else:
        commit()
        note(gettext(_("Reminders go on.")))
    return redirect(addresses.invoice(public_id), code=303)


def _page(head: Head, form: HoldForm) -> str:
    number = head.invoice.called
    left = sum(claim.open_amount for claim in claims_of(session(), invoice_id=head.invoice.id))
    return render_template(
        "admin/hold.html",
        form=form,
        heading=gettext(_("Pause reminders of invoice %(number)s"), number=number),
        above={
            "address": addresses.invoice(head.invoice.uuid),
            "words": gettext(_("Invoice %(number)s"), number=number),
        },
        action=addresses.door("bill_hold.hold", public_id=head.invoice.uuid),
        open={head.invoice.currency: left} if left else {},
        on=today(session()),
    )
