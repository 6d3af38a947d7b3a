"""An issued invoice duplicated to others: the same lines to groups, or to their members narrowed as lists are."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.office.amounts import money_words
from admin.office.audience import Sheet, audience_of, empty_sheet, picked, read_sheet
from admin.office.audience_page import told, who_page
from admin.office.found import books_are_ours, invoice_or_stop
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.invoicing.bulk import start_duplicate
from dues.invoicing.repeat import Repeatable, repeatable
from dues.invoicing.template_errors import TemplateError
from dues.overview.invoice_file import Head, invoice_lines
from web.house import commit, house, session
from web.speech import named

doors = Blueprint("bill_repeat", __name__, url_prefix="/admin/invoices")

Page = str | Response


@doors.get("/<uuid:public_id>/duplicate")
@permission(Permission.INVOICES_ISSUE)
def ask(public_id: UUID) -> str:
    """Show what would be sent, and ask to whom."""
    head, what = _found(public_id)
    return _page(head, what, empty_sheet({}))


@doors.post("/<uuid:public_id>/duplicate")
@permission(Permission.INVOICES_ISSUE)
def press(public_id: UUID) -> Page:
    """Add or take away a group, or make the preview of a run."""
    head, what = _found(public_id)
    do = request.form.get("do", "")
    sheet = picked(read_sheet(), do)
    if sheet.told or do != "send":
        return _page(head, what, sheet)
    audience = audience_of(sheet, sender_id=head.group.id)
    try:
        run = start_duplicate(
            session(),
            invoice=head.invoice,
            audience=audience,
            on=today(session()),
            by=require().actor,
            key=sheet.key,
        )
    except TemplateError as error:
        session().rollback()
        return _page(*_found(public_id), told(sheet, error))
    address, run_id = run.uuid, run.id
    commit(then=lambda: house().wake.run(run_id))
    return redirect(addresses.door("runs.run", public_id=address), code=303)


def _found(public_id: UUID) -> tuple[Head, Repeatable]:
    """Return the invoice of an address, and what of it can be sent to others; one with fees alone has nothing."""
    head = invoice_or_stop(public_id)
    what = repeatable(session(), invoice=head.invoice)
    return (head, what) if what.lines and may_repeat(head) else abort(404)


def may_repeat(head: Head) -> bool:
    """Tell whether an invoice may be sent to others where one is."""
    return not head.is_credit_note and books_are_ours(head.group)


def _page(head: Head, what: Repeatable, sheet: Sheet) -> str:
    return render_template(
        "admin/invoice/duplicate.html",
        invoice=head.invoice,
        group=head.group,
        fees=what.fees,
        lines=[line for line in invoice_lines(session(), invoice_id=head.invoice.id) if line.quantity is not None],
        named=named,
        money_words=money_words,
        **who_page(sheet),
    )
