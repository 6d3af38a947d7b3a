"""An open invoice paid in parts: the plan first, the parts and what follows beside it, then the press."""

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.office.bill_credit import creditable, credited_invoice, not_creditable
from admin.office.boxes import key_of, seen_of
from admin.office.busy import told_busy
from admin.office.found import invoice_or_stop
from admin.office.plan_form import PlanForm, read_plan, units
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.invoicing.errors import InvoicingError, NotCreditableError, NumberTooLongError
from dues.invoicing.instalment_errors import PartsError, ShortReferencesError
from dues.invoicing.instalments import Plan
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
from web.speech import gettext

doors = Blueprint("bill_instalments", __name__, url_prefix="/admin/invoices")

Page = str | Response | tuple[str, int]

_USUAL: Final = "3"
_REFUSALS: Final[Mapping[type[InvoicingError], str]] = {
    NoPayerError: _("Whoever would pay has died."),
    NoWayError: _("There is neither an e-mail address nor a postal one to send it to."),
    NumberTooLongError: _("The next number does not fit the references of the bank agreement."),
    ShortReferencesError: _("The references of the bank agreement are too short for instalments."),
}


@doors.get("/<uuid:public_id>/instalments")
@permission(Permission.INVOICES_CREDIT)
def ask(public_id: UUID) -> Page:
    """Ask for the plan; show the parts and what follows where one was written."""
    head = credited_invoice(public_id)
    refused = _refused(head)
    if refused is not None:
        return refused
    if "parts" not in request.args:
        return _page(head, _fresh(head), None)
    form = PlanForm(formdata=request.args, seen=str(_open(head)), key=str(uuid4()))
    return _page(head, form, read_plan(form, amount=_open(head), on=today(session())))


@doors.post("/<uuid:public_id>/instalments")
@permission(Permission.INVOICES_CREDIT)
def press(public_id: UUID) -> Page:
    """Write it in parts, as they were shown; a second press finds it written."""
    head = credited_invoice(public_id)
    form = PlanForm()
    key = key_of(str(form.key.data or ""))
    before = written_anew(session(), key=key)
    if before is not None:
        return _done(before)
    refused = _refused(head)
    if refused is not None:
        return refused
    plan = read_plan(form, amount=_open(head), on=today(session()))
    return _page(head, form, None) if plan is None else _write(head, form, plan, key)


def _write(head: Head, form: PlanForm, plan: Plan, key: UUID) -> Page:
    seen = str(form.seen.data or "")
    try:
        new = reissue(
            session(),
            anew=Anew(head.invoice.id, plan.first_on, key, plan),
            on=today(session()),
            by=require().actor,
            seen=seen_of(seen),
        )
    except (MovedError, NotCreditableError, DueTooEarlyError, DueTooLateError, PartsError):
        session().rollback()
        head = invoice_or_stop(head.invoice.uuid)
        again = PlanForm(formdata=None, **{**form.data, "seen": str(_open(head)), "key": str(uuid4())})
        plan_now = read_plan(again, amount=_open(head), on=today(session()))
        return _refused(head) or (_page(head, again, plan_now, moved=True), 409)
    except (NoPayerError, NoWayError, NumberTooLongError, ShortReferencesError) as error:
        session().rollback()
        note(gettext(_REFUSALS[type(error)]), tone="warn")
        return redirect(addresses.invoice(head.invoice.uuid), code=303)
    except BusyError:
        return told_busy(addresses.invoice(head.invoice.uuid))
    commit(then=house().wake.messages)
    return _done(new)


def _open(head: Head) -> int:
    return sum(claim.open_amount for claim in claims_of(session(), invoice_id=head.invoice.id))


def _fresh(head: Head) -> PlanForm:
    """Return a form with three months, of which the first is paid by when the invoice is, or in as many days."""
    on = today(session())
    first_on = max(head.invoice.due_on, on + max(head.invoice.due_on - head.invoice.issued_on, dt.timedelta(0)))
    return PlanForm(formdata=None, parts=_USUAL, first_on=first_on.isoformat(), every="1", unit="month")


def _refused(head: Head) -> Response | None:
    if not creditable(head):
        return not_creditable(head)
    if paid_of(claims_of(session(), invoice_id=head.invoice.id)):
        note(gettext(_("Money has come for it, so it cannot be divided any more.")), tone="warn")
        return redirect(addresses.invoice(head.invoice.uuid), code=303)
    return None


def _done(new: Invoice) -> Response:
    words = _("Invoice %(number)s is written in its place, to be paid in instalments, and on its way.")
    note(gettext(words, number=new.number))
    return redirect(addresses.invoice(new.uuid), code=303)


def _page(head: Head, form: PlanForm, plan: Plan | None, *, moved: bool = False) -> str:
    on = today(session())
    payer = payer_now(session(), invoice=head.invoice, on=on)
    left = _open(head)
    return render_template(
        "admin/invoice/instalments.html",
        head=head,
        invoice=head.invoice,
        form=form,
        parts=plan.divide(left) if plan else (),
        units=units(),
        moved=moved,
        left=left,
        payer=payer,
        payer_name=full_name(payer),
        goes=find_way(session(), payer=payer, creditor_id=head.invoice.creditor_id),
        changed=payer.id != head.invoice.payer_id,
        unsent=unsent(session(), invoice_id=head.invoice.id),
        on=on,
        above={
            "address": addresses.invoice(head.invoice.uuid),
            "words": gettext("Invoice %(number)s", number=head.invoice.number),
        },
    )
