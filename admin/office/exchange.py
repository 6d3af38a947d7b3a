"""A payment in another currency than the invoice: exchanged at the bank's rate, and taken back."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.office import queue_words as words
from admin.office.amounts import money_words
from admin.office.bench import LARGEST, case_or_stop, part, whole
from admin.office.queue import CONFLICT, Page
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.patience import BusyError
from dues.payments.bank_rate import BankRate, bank_rate
from dues.payments.case import Case
from dues.payments.errors import PaymentError
from dues.payments.exchange import (
    Deal,
    FarOffError,
    RateError,
    UnknownExchangeError,
    deal,
    exchange,
    take_exchange_back,
)
from dues.payments.exchangeable import Foreign, exchangeable
from language import gettext_noop as _
from web.house import commit, session
from web.notes import note
from web.speech import gettext

doors = Blueprint("exchange", __name__, url_prefix="/admin/queue")

_LONGEST: Final = 100


@doors.get("/<int:payment_id>/exchange")
@permission(Permission.PAYMENTS_ALLOCATE)
def ask(payment_id: int) -> str | Response:
    """Ask for the rate, and show what it leads to for each invoice that the payment may be for."""
    found = case_or_stop(payment_id)
    if not found.waits or found.unallocated <= 0:
        return redirect(part().case(payment_id), code=303)
    return _page(found)


@doors.post("/<int:payment_id>/exchange")
@permission(Permission.PAYMENTS_ALLOCATE)
def book(payment_id: int) -> Page:
    """Exchange what a payment has left, as it was shown."""
    found = case_or_stop(payment_id)
    chosen = next((one for one in _offered(found) if str(one.claim_id) == request.form.get("claim")), None)
    rate = _rate()
    if chosen is None or rate is None:
        return _page(found, warning=gettext(_("Nothing was booked. Look at it again.")))
    try:
        done = exchange(
            session(),
            payment_id=payment_id,
            claim_id=chosen.claim_id,
            rate=rate,
            in_full=bool(request.form.get("in_full")),
            open_seen=whole(request.form.get("open", "")),
            on=dates.today(session()),
            by=require().actor,
        )
        told = money_words(done.settled, done.claim_currency)
        commit()
    except (PaymentError, BusyError) as error:
        session().rollback()
        return _page(case_or_stop(payment_id), warning=_refusal(error)), CONFLICT
    note(gettext(_("Exchanged: %(amount)s settled of invoice %(number)s."), amount=told, number=chosen.number))
    return redirect(addresses.door("payment.page", payment_id=payment_id), code=303)


@doors.post("/exchanges/<int:exchange_id>/take-back")
@permission(Permission.PAYMENTS_ALLOCATE)
def undo(exchange_id: int) -> Response:
    """Take an exchange back; the payment waits again in its own currency."""
    if exchange_id > LARGEST:
        abort(404)
    try:
        take_exchange_back(session(), exchange_id=exchange_id, on=dates.today(session()), by=require().actor)
        commit()
    except UnknownExchangeError:
        abort(404)
    except (PaymentError, BusyError) as error:
        session().rollback()
        note(words.refusal(error), tone="warn")
    else:
        note(gettext(_("Taken back. The payment waits again.")))
    return redirect(addresses.door("queue.pile"), code=303)


def _page(found: Case, *, warning: str = "") -> str:
    offered = _offered(found)
    told = None if "rate" in request.values else _told_by_bank(found, offered)
    rate, written = (told.rate, _written(told.rate)) if told else (_rate(), request.values.get("rate", "").strip())
    fault = gettext(_("Write the bank's rate as a number, like 11.2345.")) if written and rate is None else ""
    return render_template(
        "admin/queue/exchange.html",
        case=found,
        here=part(),
        offered=[(one, [_words(found, one, rate, in_full=full) for full in (False, True)]) for one in offered],
        rate=written,
        asked=rate is not None,
        told="" if told is None else _told_words(found, told),
        find=request.values.get("find", "").strip()[:_LONGEST],
        fault=fault,
        warning=warning,
        money_words=money_words,
    )


def _told_by_bank(found: Case, offered: Sequence[Foreign]) -> BankRate | None:
    """Return the rate that the bank's file gives into the currency of what the payment may be for."""
    rates = (bank_rate(session(), payment_id=found.payment_id, owed=one.currency) for one in offered)
    return next((one for one in rates if one is not None), None)


def _told_words(found: Case, told: BankRate) -> str:
    """Say where the rate that stands in the box comes from."""
    values = {"sent": money_words(told.sent, told.currency), "came": money_words(found.amount, found.currency)}
    if told.quoted:
        return gettext(_("The bank's file gives this rate: %(sent)s was sent, and %(came)s came."), **values)
    return gettext(_("The rate follows from the bank's file: %(sent)s was sent, and %(came)s came."), **values)


def _written(rate: Decimal) -> str:
    """Return a rate as people write it, without zeros at its end."""
    return f"{rate:f}".rstrip("0").rstrip(".") if "." in f"{rate:f}" else f"{rate:f}"


def _offered(found: Case) -> list[Foreign]:
    return exchangeable(session(), found, words=request.values.get("find", "").strip()[:_LONGEST])


def _words(found: Case, one: Foreign, rate: Decimal | None, *, in_full: bool) -> str:
    """Return what an exchange leads to; nothing where it cannot be, or says no more than without the difference."""
    if rate is None:
        return ""
    try:
        agreed = deal(
            found.unallocated, one.open_amount, rate=rate, paid=found.currency, owed=one.currency, in_full=in_full
        )
    except PaymentError:
        return ""
    return "" if in_full and agreed.difference == 0 else _told(found, one, agreed)


def _told(found: Case, one: Foreign, agreed: Deal) -> str:
    used, worth = money_words(agreed.used, found.currency), money_words(agreed.worth, one.currency)
    said = [gettext(_("%(used)s are worth %(worth)s."), used=used, worth=worth)]
    if agreed.settled == one.open_amount:
        said.append(gettext(_("The invoice is paid.")))
    else:
        left = money_words(one.open_amount - agreed.settled, one.currency)
        said.append(gettext(_("%(left)s stay open."), left=left))
    if agreed.difference:
        amount = money_words(abs(agreed.difference), one.currency)
        text = (
            _("%(amount)s are gained by the rate.") if agreed.difference > 0 else _("%(amount)s are lost by the rate.")
        )
        said.append(gettext(text, amount=amount))
    if agreed.over:
        said.append(gettext(_("%(over)s wait on."), over=money_words(agreed.over, found.currency)))
    return " ".join(said)


def _rate() -> Decimal | None:
    written = request.values.get("rate", "").replace(" ", "").replace(",", ".")[:_LONGEST]
    try:
        found = Decimal(written)
    except InvalidOperation:
        return None
    return found if found.is_finite() and found > 0 and found == round(found, 9) else None


def _refusal(error: Exception) -> str:
    texts: dict[type[Exception], str] = {
        RateError: _("Write the bank's rate as a number, like 11.2345."),
        FarOffError: _("What came is worth too much less or more than what is open for this to be a matter of rates."),
    }
    return gettext(texts[type(error)]) if type(error) in texts else words.refusal(error)
