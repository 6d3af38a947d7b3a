"""An officer says that money which left takes back a payment: which one, why, and what follows before it is booked."""

from typing import Final

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.addresses import door
from admin.office.amounts import money_words
from admin.office.bench import LARGEST, case_or_stop, part, whole
from admin.office.return_words import return_reason_words
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.patience import BusyError
from dues.payments.case import Case
from dues.payments.errors import NotReturnedError
from dues.payments.models import Payment
from dues.payments.returnable import foreseen, returnable
from dues.payments.returned import return_by_hand
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext

doors = Blueprint("returning", __name__, url_prefix="/admin/queue")

_LONGEST: Final = 200

Page = str | Response | tuple[str, int]


@doors.get("/<int:payment_id>/returns")
@permission(Permission.PAYMENTS_ALLOCATE)
def ask(payment_id: int) -> str | Response:
    """Show payments that it may take back, and of a chosen one what follows."""
    found = case_or_stop(payment_id)
    if not _may_return(found):
        return redirect(part().case(payment_id), code=303)
    return _page(found, chosen=whole(request.args.get("original", "")))


@doors.post("/<int:payment_id>/returns")
@permission(Permission.PAYMENTS_ALLOCATE)
def book(payment_id: int) -> Page:
    """Book it as it was shown."""
    found, chosen = case_or_stop(payment_id), whole(request.form.get("original", ""))
    if not _may_return(found) or not 0 < chosen <= LARGEST:
        return redirect(part().case(payment_id), code=303)
    try:
        return_by_hand(
            session(),
            payment_id=payment_id,
            original_id=chosen,
            on=dates.today(session()),
            by=require().actor,
            reason=" ".join(request.form.get("reason", "").split())[:_LONGEST],
        )
        commit(then=house().wake.messages)
    except (NotReturnedError, BusyError):
        session().rollback()
        warning = gettext(_("Nothing was booked: what the payment became has changed. See what follows now."))
        return _page(case_or_stop(payment_id), chosen=chosen, warning=warning), 409
    note(gettext(_("Booked as returned. What it had paid is open again.")))
    return redirect(door("payment.page", payment_id=payment_id), code=303)


def _may_return(found: Case) -> bool:
    return found.waits and found.amount < 0 and found.unallocated == found.amount


def _page(found: Case, *, chosen: int, warning: str = "") -> str:
    payment = session().get_one(Payment, found.payment_id)
    words = request.args.get("find", "").strip()[:_LONGEST]
    original = _original(payment, chosen)
    return render_template(
        "admin/queue/returns.html",
        here=part(),
        found=found,
        sum=money_words(-found.amount, found.currency),
        wanted=words,
        original=original,
        follows=foreseen(session(), payment=payment, original=original) if original else None,
        offered=returnable(session(), payment=payment, words=words) if original is None else (),
        reason=request.form.get("reason", "") or _told_reason(found),
        warning=warning,
        addresses=addresses,
        money_words=money_words,
    )


def _original(payment: Payment, chosen: int) -> Payment | None:
    """Return the payment that was chosen, where money that left can take it back at all."""
    found = session().get(Payment, chosen) if 0 < chosen <= LARGEST else None
    fits = found is not None and found.agreement_id == payment.agreement_id and 0 < found.amount <= -payment.amount
    return found if fits and found is not None and found.currency == payment.currency else None


def _told_reason(found: Case) -> str:
    return return_reason_words(found.return_reason) if found.return_reason else ""
