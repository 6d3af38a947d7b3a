"""An employer's list for one payment: sent, compared with what its members owe, and booked as one decision."""

from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from admin import addresses
from admin.addresses import door
from admin.office import charge_words
from admin.office import queue_words as words
from admin.office.amounts import money_words
from admin.office.bench import LARGEST, Part, case_or_stop, part
from admin.office.queue import Page, moved, onward
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.patience import BusyError
from dues.payments.case import Case
from dues.payments.deduction_table import read_list
from dues.payments.deductions import (
    MOST,
    Compared,
    Finding,
    Told,
    book_list,
    compared,
    has_lines,
    keep_lines,
    undo_list,
)
from dues.payments.errors import PaymentError
from dues.payments.presence import leave
from language import gettext_noop as _
from language.currencies import decimals
from tablefiles import MAX_BYTES, TableFileError
from web.house import commit, house, session
from web.notes import note
from web.number_of import number_of
from web.speech import gettext, ngettext
from web.uploads import takes_files

doors = Blueprint("deductions", __name__, url_prefix="/admin/queue")

_SHOWN: Final = 100
_FILE: Final = MAX_BYTES + (1 << 20)

FINDINGS: Final[Mapping[Finding, str]] = {
    Finding.UNKNOWN: _("Unknown: the number means no member"),
    Finding.MISSING: _("Missing: on this payer's last list, owes, and is not on this one"),
    Finding.NOTHING_OWED: _("Owes nothing: kept as credit"),
    Finding.TOO_LITTLE: _("Too little: the rest stays open"),
    Finding.TOO_MUCH: _("Too much: the rest is kept as credit"),
    Finding.EXACT: _("Exact: what they owe"),
}


class ListForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The table."""

    file = StringField()


@doors.get("/<int:payment_id>/list")
@permission(Permission.PAYMENTS_ALLOCATE)
def ask(payment_id: int) -> str | Response:
    """Ask for the list, or show how it compares with what its members owe."""
    found, here = case_or_stop(payment_id), part()
    if not found.waits or found.unallocated <= 0:
        return redirect(here.case(payment_id), code=303)
    return _page(here, found, ListForm(formdata=None))


@doors.post("/<int:payment_id>/list")
@permission(Permission.PAYMENTS_ALLOCATE)
@takes_files(_FILE)
def send(payment_id: int) -> str | Response:
    """Keep the list that was sent, in the place of an earlier one."""
    found, here, form = case_or_stop(payment_id), part(), ListForm()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.file.errors = [gettext(_("Choose a file."))]
        return _page(here, found, form)
    try:
        lines = read_list(sent.stream.read(MAX_BYTES + 1), decimals=decimals(found.currency))
    except TableFileError as error:
        form.file.errors = [charge_words.fault(error.position, error.reason, error.values)]
        return _page(here, found, form)
    keep_lines(session(), payment_id=payment_id, lines=lines)
    commit()
    return redirect(door("deductions.ask", payment_id=payment_id, **here.values), code=303)


@doors.post("/<int:payment_id>/list/book")
@permission(Permission.PAYMENTS_ALLOCATE)
def book(payment_id: int) -> Page:
    """Share the payment out as the list says, and open the next case with a note that can undo it."""
    found, here = case_or_stop(payment_id), part()
    seen, on = number_of(request.form.get("seen", "")), dates.today(session())
    try:
        done = book_list(session(), payment_id=payment_id, seen=seen, on=on, by=require().actor)
        leave(session(), payment_id=payment_id, staff_id=require().id)
        commit(then=house().wake.messages)
    except (PaymentError, BusyError) as error:
        return moved(here, found, error)
    undo = door("deductions.undo", payment_id=payment_id, first=done.first, last=done.last, **here.values)
    amount = money_words(done.amount, found.currency)
    note(gettext(_("%(amount)s shared out as the list says."), amount=amount), undo=undo)
    return redirect(onward(here, payment_id), code=303)


@doors.post("/<int:payment_id>/list/undo/<int:first>/<int:last>")
@permission(Permission.PAYMENTS_ALLOCATE)
def undo(payment_id: int, first: int, last: int) -> Response:
    """Take all of it back, and open the case again."""
    found, here = case_or_stop(payment_id), part()
    if max(first, last) > LARGEST:
        abort(404)
    on, by = dates.today(session()), require().actor
    try:
        undo_list(session(), payment_id=payment_id, first=first, last=last, on=on, by=by)
        commit()
    except (PaymentError, BusyError) as error:
        session().rollback()
        note(words.refusal(error), tone="warn")
    else:
        note(gettext(_("Taken back. The payment waits again.")))
    return redirect(here.case(found.payment_id), code=303)


def _page(here: Part, found: Case, form: ListForm) -> str:
    there = has_lines(session(), payment_id=found.payment_id)
    only, after = _part()
    result = compared(session(), payment_id=found.payment_id, shown=_SHOWN, only=only, after=after) if there else None
    return render_template(
        "admin/queue/list.html",
        here=here,
        found=found,
        form=form,
        result=result,
        press=_press(found, result) if result else "",
        deviating=_by_finding(result.deviating) if result else {},
        only=only,
        after=after,
        shown=_SHOWN,
        exact=result.people.get(Finding.EXACT, 0) if result else 0,
        findings={finding: gettext(said) for finding, said in FINDINGS.items()},
        addresses=addresses,
        money_words=money_words,
    )


def _part() -> tuple[Finding | None, int]:
    """Return of which finding the address asks for all rows, and beyond how many of them."""
    asked = request.args.get("finding", "")
    if asked not in set(Finding):
        return None, 0
    return Finding(asked), min(number_of(request.args.get("beyond", "")) or 0, MOST)


def _press(found: Case, result: Compared) -> str:
    """Return what the press does, in numbers."""
    return ngettext(
        "Book %(amount)s for %(num)s member",
        "Book %(amount)s for %(num)s members",
        result.known,
        amount=money_words(result.placed, found.currency),
    )


def _by_finding(deviating: Sequence[Told]) -> Mapping[Finding, list[Told]]:
    shown: dict[Finding, list[Told]] = {finding: [] for finding in FINDINGS}
    for one in deviating:
        shown[one.finding].append(one)
    return {finding: rows for finding, rows in shown.items() if rows}
