"""Moves what a payment was used for to another claim or person, however long ago that was booked."""

from typing import Final

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.addresses import door
from admin.office import queue_words as words
from admin.office.amounts import money_words
from admin.office.bench import LARGEST, whole
from admin.office.found import below
from admin.office.queue import CONFLICT
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.overview.money_file import find_payment
from dues.patience import BusyError
from dues.payments.candidates import Candidate, candidates, named_candidates
from dues.payments.case import Case, Use, case_of_use
from dues.payments.errors import PaymentError
from dues.payments.move import Place, move, undo_move
from dues.payments.outcome import outcomes
from dues.payments.seek import seek
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext

doors = Blueprint("move", __name__, url_prefix="/admin/payments")

_SUGGESTED: Final = 5

Page = str | Response | tuple[str, int]


@doors.get("/allocations/<int:allocation_id>/move")
@permission(Permission.PAYMENTS_ALLOCATE)
def ask(allocation_id: int) -> str:
    """Show what a part of a payment is used for, find somebody else, and say what moving it there leads to."""
    found, use = _use_or_stop(allocation_id)
    return _page(found, use)


@doors.post("/allocations/<int:allocation_id>/move")
@permission(Permission.PAYMENTS_ALLOCATE)
def do(allocation_id: int) -> Page:
    """Move it to what is shown, and lead to the payment with a note that can undo it."""
    found, use = _use_or_stop(allocation_id)
    chosen = _chosen(found, request.form.get("choice", ""))
    if chosen is None:
        return _moved(allocation_id, PaymentError())
    place = Place(chosen.claim_id, chosen.person_id, open_seen=whole(request.form.get("open", "")) or None)
    try:
        done = move(session(), allocation_id=allocation_id, to=place, on=dates.today(session()), by=require().actor)
        commit(then=house().wake.messages)
    except (PaymentError, BusyError) as error:
        return _moved(allocation_id, error)
    undo = door("move.undo", payment_id=done.payment_id, first=done.first, last=done.last)
    amount = money_words(done.amount, found.currency)
    said = gettext(
        _("%(amount)s moved from %(before)s to %(after)s."), amount=amount, before=_now(use), after=_then(chosen)
    )
    note(said, undo=undo)
    return redirect(door("payment.page", payment_id=found.payment_id), code=303)


@doors.post("/<int:payment_id>/moved/<int:first>/<int:last>/undo")
@permission(Permission.PAYMENTS_ALLOCATE)
def undo(payment_id: int, first: int, last: int) -> Response:
    """Move it back to where it was."""
    there = max(payment_id, first, last) <= LARGEST
    if not there or find_payment(session(), payment_id=payment_id, path=below()) is None:
        abort(404)
    on, by = dates.today(session()), require().actor
    try:
        undo_move(session(), payment_id=payment_id, first=first, last=last, on=on, by=by)
        commit(then=house().wake.messages)
    except (PaymentError, BusyError) as error:
        session().rollback()
        note(words.refusal(error), tone="warn")
    else:
        note(gettext(_("Moved back to where it was.")))
    return redirect(door("payment.page", payment_id=payment_id), code=303)


def _use_or_stop(allocation_id: int) -> tuple[Case, Use]:
    found = case_of_use(session(), allocation_id=allocation_id, path=below()) if allocation_id <= LARGEST else None
    return found if found is not None else abort(404)


def _chosen(found: Case, key: str) -> Candidate | None:
    return next(iter(named_candidates(session(), found, keys=[key])), None) if key else None


def _moved(allocation_id: int, error: Exception) -> Page:
    """Show what is so now, and why nothing was moved."""
    session().rollback()
    found, use = _use_or_stop(allocation_id)
    return _page(found, use, warning=words.refusal(error)), CONFLICT


def _page(found: Case, use: Use, *, warning: str = "") -> str:
    wanted = request.args.get("find", "").strip()[:200]
    chosen = _chosen(found, request.values.get("choice", ""))
    hits = seek(session(), words=wanted, creditor_id=found.creditor_id, currency=found.currency, path=below())
    return render_template(
        "admin/payment/move.html",
        found=found,
        use=use,
        chosen=chosen,
        happens=_happens(found, chosen),
        suggested=_suggested(found, use) if not wanted and chosen is None else [],
        facts=lambda one: [words.evidence_words(fact, found) for fact in one.evidence],
        wanted=wanted,
        hits=hits,
        warning=warning,
        addresses=addresses,
        choose=lambda key: door("move.ask", allocation_id=use.allocation_id, choice=key),
        money_words=money_words,
    )


def _happens(found: Case, chosen: Candidate | None) -> str:
    if chosen is None:
        return ""
    return words.consequences(found, chosen, outcomes(session(), found, [chosen])[chosen.key])


def _suggested(found: Case, use: Use) -> list[Candidate]:
    """Return whom the payment speaks for, but for whom it is used for now."""
    maybe = candidates(session(), found)
    return [one for one in maybe if (one.claim_id, one.person) != (use.claim_id, use.person)][:_SUGGESTED]


def _now(use: Use) -> str:
    if use.number is None:
        return gettext(_("credit for %(name)s"), name=use.name)
    return gettext(_("invoice %(number)s, %(name)s"), number=use.number, name=use.name)


def _then(chosen: Candidate) -> str:
    if chosen.claim_id is None:
        return gettext(_("credit for %(name)s"), name=chosen.name)
    return gettext(_("invoice %(number)s, %(name)s"), number=chosen.number, name=chosen.name)
