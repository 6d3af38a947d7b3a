"""Takes a payment out of the queue that is no member's: not ours, or back to its sender; and finds it again."""

from typing import Final
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from admin import addresses
from admin.addresses import door
from admin.office.actors import Actors
from admin.office.amounts import money_words
from admin.office.bench import LARGEST, Part, case_or_stop, part, whole
from admin.office.boxes import Boxes
from admin.office.found import below
from admin.office.queue import Page, moved, onward
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.patience import BusyError
from dues.payments.aside import Setting, aside_accounts, bring_back, set_aside
from dues.payments.aside_models import PaymentAside
from dues.payments.asides import asides_held
from dues.payments.case import Case
from dues.payments.errors import PaymentError
from dues.payments.presence import leave
from dues.payments.refunds.errors import UnknownRefundError
from dues.payments.send_back import keep_after_all, send_back
from language import gettext_noop as _
from web.house import commit, session
from web.notes import note
from web.number_of import number_of
from web.speech import gettext, named

doors = Blueprint("aside", __name__, url_prefix="/admin/queue")

_ROWS: Final = 50


class AsideForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Why, to which account, and to whom it goes back."""

    reason = StringField()
    account = StringField()
    payer_name = StringField()
    payer_account = StringField()


@doors.get("/<int:payment_id>/not-ours")
@permission(Permission.PAYMENTS_ALLOCATE)
def not_ours(payment_id: int) -> str | Response:
    """Ask why it is not ours, and say what happens."""
    return _ask(payment_id, not_ours=True)


@doors.post("/<int:payment_id>/not-ours")
@permission(Permission.PAYMENTS_ALLOCATE)
def take_out(payment_id: int) -> Page:
    """Take it out of the queue as not ours."""
    return _put(payment_id, not_ours=True)


@doors.get("/<int:payment_id>/send-back")
@permission(Permission.PAYMENTS_ALLOCATE)
def to_sender(payment_id: int) -> str | Response:
    """Ask why and to whom it goes back, and say what happens."""
    return _ask(payment_id, not_ours=False)


@doors.post("/<int:payment_id>/send-back")
@permission(Permission.PAYMENTS_ALLOCATE)
def return_it(payment_id: int) -> Page:
    """Propose a refund of it to its payer."""
    return _put(payment_id, not_ours=False)


def _ask(payment_id: int, *, not_ours: bool) -> str | Response:
    found, here = case_or_stop(payment_id), part()
    if not found.waits or (not found.unallocated if not_ours else found.unallocated <= 0):
        return redirect(here.case(payment_id), code=303)
    data = {"payer_name": found.payer_name, "payer_account": found.payer_account or ""}
    return _page(here, found, AsideForm(formdata=None, data=data), not_ours=not_ours)


def _put(payment_id: int, *, not_ours: bool) -> Page:
    """Take it out of the queue, and open the next case with a note that can undo it."""
    found, here, form = case_or_stop(payment_id), part(), AsideForm()
    boxes = Boxes(form)
    if not boxes.text("reason"):
        boxes.fault("reason", gettext(_("Say why, in a few words; others will look for it.")))
    if not not_ours and not boxes.text("payer_name"):
        boxes.fault("payer_name", gettext(_("Write who gets the money back.")))
    if not boxes.hand_over():
        return _page(here, found, form, not_ours=not_ours)
    try:
        words, undo = _taken_out(here, found, boxes) if not_ours else _sent_back(here, found, boxes)
        leave(session(), payment_id=found.payment_id, staff_id=require().id)
        commit()
    except (PaymentError, BusyError) as error:
        return moved(here, found, error)
    note(gettext(words, amount=money_words(abs(found.unallocated), found.currency)), undo=undo)
    return redirect(onward(here, found.payment_id), code=303)


def _taken_out(here: Part, found: Case, boxes: Boxes) -> tuple[str, str]:
    """Mark it as not ours; return what to say of it, and what undoes it."""
    account = whole(boxes.text("account")) or None
    wanted = Setting(boxes.text("reason"), account_id=account, seen=_seen())
    on, by = dates.today(session()), require().actor
    row = set_aside(session(), payment_id=found.payment_id, wanted=wanted, on=on, by=by)
    return _("%(amount)s taken out of the queue as not ours."), door("aside.back", aside_id=row.id, **here.values)


def _sent_back(here: Part, found: Case, boxes: Boxes) -> tuple[str, str]:
    """Propose the refund; return the same."""
    refund = send_back(
        session(),
        payment_id=found.payment_id,
        payer_name=boxes.text("payer_name"),
        payer_account=boxes.text("payer_account") or None,
        reason=boxes.text("reason"),
        seen=_seen(),
        on=dates.today(session()),
        by=require().actor,
    )
    words = _("%(amount)s is to be sent back. The refund waits to be approved.")
    return words, door("aside.keep", public_id=refund.uuid, **here.values)


def _seen() -> int | None:
    return number_of(request.form.get("seen", ""))


@doors.post("/refund/<uuid:public_id>/keep")
@permission(Permission.PAYMENTS_ALLOCATE)
def keep(public_id: UUID) -> Response:
    """Take back that it goes to its payer, as long as nobody agreed to that, and open its case."""
    here = part()
    try:
        payment = keep_after_all(session(), name=public_id, on=dates.today(session()), by=require().actor)
        commit()
    except UnknownRefundError:
        abort(404)
    except (PaymentError, BusyError):
        session().rollback()
        note(gettext(_("It was brought back already, or is on its way to the payer.")), tone="warn")
        return redirect(door("queue.pile", **here.values), code=303)
    note(gettext(_("Brought back. The payment waits again.")))
    return redirect(here.case(payment), code=303)


@doors.post("/aside/<int:aside_id>/back")
@permission(Permission.PAYMENTS_ALLOCATE)
def back(aside_id: int) -> Response:
    """Bring it back to the queue, and open its case."""
    row = session().get(PaymentAside, aside_id) if aside_id <= LARGEST else None
    if row is None:
        abort(404)
    found, here = case_or_stop(row.payment_id), part()
    try:
        bring_back(session(), aside_id=aside_id, on=dates.today(session()), by=require().actor)
        commit()
    except (PaymentError, BusyError):
        session().rollback()
        note(gettext(_("It was brought back already, or is on its way to the payer.")), tone="warn")
    else:
        note(gettext(_("Brought back. The payment waits again.")))
    return redirect(here.case(found.payment_id), code=303)


@doors.get("/aside")
@permission(Permission.PAYMENTS_READ)
def listed() -> str:
    """Show what is set aside by now."""
    before = whole(request.args.get("before", ""))
    rows = asides_held(session(), limit=_ROWS + 1, before=before, path=below())
    shown = rows[:_ROWS]
    return render_template(
        "admin/queue/asides.html",
        rows=shown,
        older=door("aside.listed", before=shown[-1].id) if len(rows) > _ROWS else "",
        first=door("aside.listed") if before else "",
        actors=Actors.of(session(), [row.actor for row in shown]),
        addresses=addresses,
        named=named,
    )


def _page(here: Part, found: Case, form: AsideForm, *, not_ours: bool) -> str:
    accounts = aside_accounts(session(), creditor_id=found.creditor_id, currency=found.currency)
    return render_template(
        "admin/queue/aside.html",
        here=here,
        found=found,
        form=form,
        not_ours=not_ours,
        accounts=[(one.id, f"{one.code} {named(one.names)}") for one in accounts],
        sum=money_words(abs(found.unallocated), found.currency),
    )
