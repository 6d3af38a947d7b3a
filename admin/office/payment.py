"""The page of a payment: as it came, what it was used for, what waits, and what happened."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.addresses import door
from admin.office.actors import Actors
from admin.office.became_words import became_state
from admin.office.busy import told_busy
from admin.office.found import below
from admin.office.past import past
from admin.office.queue_words import account
from admin.office.reasons import case_words
from admin.office.refund_words import refund_state
from admin.office.return_words import found_by_words, return_reason_words
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.overview.money_file import Came, find_payment, payment_of, postings_of_payment, uses_of_payment
from dues.overview.timeline import Subject, Theme
from dues.patience import BusyError
from dues.payments.aside_models import Purpose
from dues.payments.asides import asides_of
from dues.payments.became import became
from dues.payments.errors import ClaimEndedError, CreditUsedError, PaymentError, UnknownAllocationError
from dues.payments.exchange import exchanges_of
from dues.payments.raw_lines import line_of
from dues.payments.refunds.listing import refunds_of_payment
from dues.payments.return_links import return_link
from dues.payments.take_back import take_back
from language import gettext_noop as _
from web.house import commit, session
from web.local import local
from web.notes import note
from web.speech import gettext, named, pgettext
from web.states import State

doors = Blueprint("payment", __name__, url_prefix="/admin/payments")

_LARGEST: Final = 2**63 - 1
_ASIDES: Final[Mapping[Purpose, str]] = {
    Purpose.NOT_OURS: _("Not ours"),
    Purpose.WITHDRAWN: _("Withdrawn"),
    Purpose.HANDED_ON: _("Handed on"),
}


@doors.get("/<int:payment_id>")
@permission(Permission.PAYMENTS_READ)
def page(payment_id: int) -> str:
    """Show it."""
    came = _found(payment_id)
    uses = uses_of_payment(session(), payment_id=payment_id)
    link = return_link(session(), payment_id=payment_id)
    asides = asides_of(session(), payment_id=payment_id)
    return render_template(
        "admin/payment/page.html",
        came=came,
        payment=came.payment,
        case=came.case,
        account=_account(came),
        line=line_of(came.payment.position),
        state=_state(came),
        link=link,
        return_reason_words=return_reason_words,
        found_by_words=found_by_words,
        uses=uses,
        exchanges=exchanges_of(session(), payment_id=payment_id),
        asides=asides,
        refunds=refunds_of_payment(session(), payment_id=payment_id),
        refund_state=refund_state,
        aside_words={purpose: gettext(words) for purpose, words in _ASIDES.items()},
        may_bring_back=(Purpose.NOT_OURS,),
        postings=postings_of_payment(session(), payment_id=payment_id),
        past=past(Subject(payment_id=payment_id), steps=(), themes=(Theme.MONEY, Theme.MESSAGES), here=payment_id),
        actors=Actors.of(
            session(),
            [*(use.actor for use in uses), *(one.actor for one in asides), came.case.closed_by if came.case else None],
        ),
        addresses=addresses,
        case_words=case_words,
        named=named,
    )


@doors.post("/allocations/<int:allocation_id>/take-back")
@permission(Permission.PAYMENTS_ALLOCATE)
def undo(allocation_id: int) -> Response:
    """Take back what a payment was used for; it waits for a decision again."""
    back = redirect(_way_back(), code=303)
    if allocation_id > _LARGEST:
        abort(404)
    if below():  # only what came to an account of the group's own is its to take back
        _found(payment_of(session(), allocation_id=allocation_id) or 0)
    try:
        take_back(session(), allocation_id=allocation_id, on=today(session()), by=require().actor)
    except PaymentError as error:
        session().rollback()
        note(_refusal(error), tone="warn")
        return back
    except BusyError:
        return told_busy(_way_back())
    commit()
    note(gettext(_("The payment is taken back and waits for a decision again.")))
    return back


def _way_back() -> str:
    """The page of the invoice or of the payment that the press stood on."""
    home = door("group_home.page") if below() else "/admin/"
    wanted = local(request.form.get("to", ""), otherwise=home)
    return wanted if wanted.startswith(home) else home


def _refusal(error: PaymentError) -> str:
    texts: dict[type[PaymentError], str] = {
        UnknownAllocationError: _("This was taken back already."),
        ClaimEndedError: _("The invoice has been closed since. What was paid on it is credit now."),
        CreditUsedError: _("The credit it became has been used since. Take that back first."),
    }
    return gettext(texts.get(type(error), _("This cannot be taken back now.")))


def _found(payment_id: int) -> Came:
    found = find_payment(session(), payment_id=payment_id, path=below()) if payment_id <= _LARGEST else None
    return found if found is not None else abort(404)


def _account(came: Came) -> str:
    """Return the account it came to as people write it; some stand in the books alone."""
    return account(came.agreement.scheme, came.agreement.number)


def _state(came: Came) -> State:
    """Where the payment stands: used, waiting for somebody, or closed by somebody."""
    if came.case is not None and came.case.closed_at is None:
        return State("payment", pgettext("payment", "Waits for a decision"), "warn", "clock")
    told = became(session(), payments=[came.payment.id])
    return became_state(told.get(came.payment.id), amount=came.payment.amount)
