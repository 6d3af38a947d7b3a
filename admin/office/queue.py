"""The workbench for payments without an invoice: look at the pile and a case, book, undo."""

from typing import Final

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from admin.addresses import door
from admin.office import queue_page
from admin.office import queue_words as words
from admin.office.actors import Actors
from admin.office.amounts import money_words
from admin.office.bench import LARGEST, Part, case_or_stop, part, whole
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.patience import BusyError
from dues.payments.candidates import Candidate, candidates
from dues.payments.case import Case
from dues.payments.decide import Decision, Share, close_empty, decide, undo_decision
from dues.payments.errors import CaseMovedError, NothingLeftError, PaymentError
from dues.payments.pile import next_case
from dues.payments.presence import attend, leave
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.number_of import number_of
from web.speech import gettext, reader

doors = Blueprint("queue", __name__, url_prefix="/admin/queue")

CONFLICT: Final = 409
"""What is answered where the ground has moved: nothing was booked, and the page says what is so now."""

Page = str | Response | tuple[str, int]


@doors.get("/", endpoint="pile")
@permission(Permission.PAYMENTS_READ)
def show_pile() -> str:
    """Show the pile, with its first case beside it where there is room."""
    return queue_page.page(part(), None)


@doors.get("/<int:payment_id>")
@permission(Permission.PAYMENTS_READ)
def case(payment_id: int) -> str:
    """Show a case beside the pile."""
    return queue_page.page(part(), case_or_stop(payment_id), choice=request.args.get("choice", ""))


@doors.post("/<int:payment_id>")
@permission(Permission.PAYMENTS_ALLOCATE)
def book(payment_id: int) -> Page:
    """Book what is shown; a choice whose consequences were not shown yet is shown first."""
    choice, here = request.form.get("choice", ""), part()
    found = case_or_stop(payment_id)
    if choice != request.form.get("shown", "") or request.form.get("do") == "show":
        return redirect(here.case(payment_id, choice=choice), code=303)
    chosen = next((one for one in candidates(session(), found, chosen=choice) if one.key == choice), None)
    if chosen is None:
        return moved(here, found, PaymentError())
    share = Share(claim_id=chosen.claim_id, open_seen=whole(request.form.get(f"open-{choice}", "")) or None)
    if chosen.claim_id is None:
        share = Share(person_id=chosen.person_id, amount=found.unallocated)
    return settle(here, found, [share], told=_told(chosen))


def settle(here: Part, found: Case, shares: list[Share], *, told: str) -> Page:
    """Book shares of a case as they were seen, and open the next case with a note that can undo it."""
    seen = request.form.get("seen", "")
    try:
        done = decide(
            session(),
            payment_id=found.payment_id,
            shares=shares,
            seen=number_of(seen),
            on=dates.today(session()),
            by=require().actor,
        )
        leave(session(), payment_id=found.payment_id, staff_id=require().id)
        commit(then=house().wake.messages)
    except (PaymentError, BusyError) as error:
        return moved(here, found, error)
    amount = money_words(done.amount, found.currency)
    note(gettext(_("%(amount)s booked: %(whom)s."), amount=amount, whom=told), undo=_undo(here, done))
    return redirect(onward(here, found.payment_id), code=303)


def moved(here: Part, found: Case, error: Exception) -> Page:
    """Show the case as it is now, and why nothing was booked."""
    session().rollback()
    found = case_or_stop(found.payment_id)
    warning = _who_was_first(found) if isinstance(error, CaseMovedError | NothingLeftError) else words.refusal(error)
    return queue_page.page(here, found, choice=request.form.get("choice", ""), warning=warning), CONFLICT


@doors.post("/<int:payment_id>/undo/<int:first>/<int:last>")
@permission(Permission.PAYMENTS_ALLOCATE)
def undo(payment_id: int, first: int, last: int) -> Response:
    """Take a decision back and open its case again."""
    found, here = case_or_stop(payment_id), part()
    if max(first, last) > LARGEST:
        abort(404)
    try:
        undo_decision(
            session(), payment_id=payment_id, first=first, last=last, on=dates.today(session()), by=require().actor
        )
        commit()
    except (PaymentError, BusyError) as error:
        session().rollback()
        note(words.refusal(error), tone="warn")
    else:
        note(gettext(_("Taken back. The payment waits again.")))
    return redirect(here.case(found.payment_id), code=303)


@doors.post("/<int:payment_id>/close")
@permission(Permission.PAYMENTS_ALLOCATE)
def close(payment_id: int) -> Page:
    """Close the case of a payment of no money."""
    found, here = case_or_stop(payment_id), part()
    try:
        close_empty(session(), payment_id=payment_id, by=require().actor)
        commit()
    except PaymentError as error:
        return moved(here, found, error)
    note(gettext(_("The payment of no money is closed.")))
    return redirect(onward(here, payment_id), code=303)


@doors.post("/<int:payment_id>/here")
@permission(Permission.PAYMENTS_READ)
def stay(payment_id: int) -> str:
    """Note that somebody still looks at a case, and say who else does and whether it was worked on."""
    found = case_or_stop(payment_id)
    colleagues = attend(session(), payment_id=payment_id, staff_id=require().id)
    commit()
    changed = str(found.moved) != request.form.get("seen", "")
    return render_template("admin/queue/colleagues.html", colleagues=colleagues, changed=changed)


def _told(chosen: Candidate) -> str:
    """Return for whom something was booked, as the note names it."""
    if chosen.claim_id is None:
        return gettext(_("credit for %(name)s"), name=chosen.name)
    return gettext(_("invoice %(number)s, %(name)s"), number=chosen.number, name=chosen.name)


def _undo(here: Part, done: Decision) -> str:
    return door("queue.undo", payment_id=done.payment_id, first=done.first, last=done.last, **here.values)


def onward(here: Part, payment_id: int) -> str:
    """Return where one goes on when a case is done: to the next one, or to the pile."""
    following = next_case(session(), here.wanted, after=payment_id)
    return here.case(following) if following is not None else here.pile()


def _who_was_first(found: Case) -> str:
    """Say who used the payment meanwhile; who comes second is told, not overruled."""
    if not found.uses:
        return gettext(_("This payment was worked on since you looked. Nothing was booked twice; look again."))
    last = found.uses[-1]
    whom = [str(use.number) for use in found.uses if use.number is not None]
    actors = Actors.of(session(), [last.actor])
    if not whom:
        return gettext(
            _("%(who)s was first: it is kept as credit. Nothing was booked twice."), who=actors.words(last.actor)
        )
    return gettext(
        _("%(who)s was first and booked it on %(invoices)s. Nothing was booked twice."),
        who=actors.words(last.actor),
        invoices=reader().join(whom),
    )
