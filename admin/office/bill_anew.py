"""An invoice written anew: the day to pay first, what follows beside it, then the press."""

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField

from admin import addresses
from admin.office.bill_credit import creditable, credited_invoice, not_creditable
from admin.office.boxes import Boxes, key_of, seen_of
from admin.office.busy import told_busy
from admin.office.found import invoice_or_stop
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.invoicing.due_days import latest_due
from dues.invoicing.errors import InvoicingError, NotCreditableError, NumberTooLongError
from dues.invoicing.models import Invoice
from dues.invoicing.one_off_errors import DueTooEarlyError, DueTooLateError, NoPayerError, NoWayError
from dues.invoicing.way import find_way
from dues.overview.invoice_file import Head, claims_of
from dues.overview.person_file import full_name
from dues.patience import BusyError
from dues.payments.cancel_unsent import unsent
from dues.payments.credit_books import paid_of
from dues.payments.errors import MovedError
from dues.payments.reissue import Anew, payer_now, reissue, written_anew
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, reader

doors = Blueprint("bill_anew", __name__, url_prefix="/admin/invoices")

Page = str | Response | tuple[str, int]

_DAY: Final = _("Choose a day from %(first)s to %(last)s.")
_REFUSALS: Final[Mapping[type[InvoicingError], str]] = {
    NoPayerError: _("Whoever would pay has died."),
    NoWayError: _("There is neither an e-mail address nor a postal one to send it to."),
    NumberTooLongError: _("The next number does not fit the references of the bank agreement."),
}


class AnewForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """By when to pay; what was open when the page was shown, and the key under which it is written once."""

    due_on = StringField()
    seen = HiddenField()
    key = HiddenField()


@doors.get("/<uuid:public_id>/anew")
@permission(Permission.INVOICES_CREDIT)
def ask(public_id: UUID) -> Page:
    """Ask for the day, and say what follows."""
    head = credited_invoice(public_id)
    return _refused(head) or _page(head, _fresh(head))


@doors.post("/<uuid:public_id>/anew")
@permission(Permission.INVOICES_CREDIT)
def press(public_id: UUID) -> Page:
    """Write it; a second press finds it written."""
    head = credited_invoice(public_id)
    form = AnewForm()
    key = key_of(str(form.key.data or ""))
    before = written_anew(session(), key=key)
    if before is not None:
        return _done(before)
    refused = _refused(head)
    if refused is not None:
        return refused
    on = today(session())
    boxes = Boxes(form)
    first = gettext(_DAY, first=reader().long_date(on), last=reader().long_date(latest_due(on)))
    due_on = boxes.day("due_on", first)
    if due_on is not None and not on <= due_on <= latest_due(on):
        boxes.fault("due_on", first)
    if not boxes.hand_over() or due_on is None:
        return _page(head, form)
    return _write(head, form, key, due_on=due_on, on=on)


def _write(head: Head, form: AnewForm, key: UUID, *, due_on: dt.date, on: dt.date) -> Page:
    seen = str(form.seen.data or "")
    try:
        new = reissue(
            session(),
            anew=Anew(head.invoice.id, due_on, key),
            on=on,
            by=require().actor,
            seen=seen_of(seen),
        )
    except (MovedError, NotCreditableError, DueTooEarlyError, DueTooLateError):
        session().rollback()
        head = invoice_or_stop(head.invoice.uuid)
        return _refused(head) or (_page(head, _fresh(head), moved=True), 409)
    except (NoPayerError, NoWayError, NumberTooLongError) as error:
        session().rollback()
        note(gettext(_REFUSALS[type(error)]), tone="warn")
        return redirect(addresses.invoice(head.invoice.uuid), code=303)
    except BusyError:
        return told_busy(addresses.invoice(head.invoice.uuid))
    commit(then=house().wake.messages)
    return _done(new)


def _fresh(head: Head) -> AnewForm:
    """Return a form that gives as many days to pay as the first invoice gave."""
    on = today(session())
    due_on = on + max(head.invoice.due_on - head.invoice.issued_on, dt.timedelta(0))
    seen = sum(claim.open_amount for claim in claims_of(session(), invoice_id=head.invoice.id))
    return AnewForm(formdata=None, due_on=due_on.isoformat(), seen=str(seen), key=str(uuid4()))


def _refused(head: Head) -> Response | None:
    if not creditable(head):
        return not_creditable(head)
    if paid_of(claims_of(session(), invoice_id=head.invoice.id)):
        note(gettext(_("Money has come for it, so it is not written anew. Credit it instead.")), tone="warn")
        return redirect(addresses.invoice(head.invoice.uuid), code=303)
    return None


def _done(new: Invoice) -> Response:
    note(gettext(_("Invoice %(number)s is written in its place and on its way."), number=new.number))
    return redirect(addresses.invoice(new.uuid), code=303)


def _page(head: Head, form: AnewForm, *, moved: bool = False) -> str:
    payer = payer_now(session(), invoice=head.invoice, on=today(session()))
    return render_template(
        "admin/invoice/anew.html",
        head=head,
        invoice=head.invoice,
        form=form,
        moved=moved,
        left=sum(claim.open_amount for claim in claims_of(session(), invoice_id=head.invoice.id)),
        payer=payer,
        payer_name=full_name(payer),
        goes=find_way(session(), payer=payer, creditor_id=head.invoice.creditor_id),
        changed=payer.id != head.invoice.payer_id,
        unsent=unsent(session(), invoice_id=head.invoice.id),
        on=today(session()),
        above={
            "address": addresses.invoice(head.invoice.uuid),
            "words": gettext("Invoice %(number)s", number=head.invoice.called),
        },
    )
