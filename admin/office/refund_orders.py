"""Orders of refunds: what is approved is ordered from the bank in one press, and its file is downloaded."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from admin import addresses
from admin.keeper import lacks_second_factor
from admin.office.actors import Actors
from admin.office.amounts import money_words
from admin.office.refund_words import stopped_words
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import read_day, today
from dues.payments.refunds.errors import NoOrderAccountError
from dues.payments.refunds.listing import Ready, order_named, orders, ready
from dues.payments.refunds.order import start_order, writing
from dues.payments.refunds.told import stopped
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, ngettext

doors = Blueprint("refund_orders", __name__, url_prefix="/admin/refunds/orders")

_PAST: Final = 50
_STOPPED: Final = 20


@doors.get("/")
@permission(Permission.PAYMENTS_READ)
def page() -> str:
    """Show what is ready to be ordered, and the orders written before."""
    past = orders(session(), limit=_PAST)
    return render_template(
        "admin/refunds/orders.html",
        ready=[(one, _words(one)) for one in ready(session())],
        past=past,
        stopped=[(one, stopped_words(one)) for one in stopped(session(), limit=_STOPPED)],
        moving=writing(session()),
        money_words=money_words,
        today=today(session()),
        may=require().may(Permission.REFUNDS_APPROVE),
        actors=Actors.of(session(), [one.actor for one, _name in past]),
        above={"address": addresses.address("refunds.index_view"), "words": gettext(_("Refunds"))},
    )


@doors.post("/")
@permission(Permission.REFUNDS_APPROVE)
def press() -> Answer:
    """Order what is approved."""
    found = next((one for one in ready(session()) if _key(one) == request.form.get("ready", "")), None)
    back = redirect(url_for("refund_orders.page"), code=303)
    on = today(session())
    try:
        execute_on = max(read_day(request.form.get("execute_on", "")), on)
    except ValueError:
        execute_on = on
    if found is None:
        note(gettext(_("There is nothing to order any more.")), tone="warn")
        return back
    try:
        run = start_order(
            session(),
            creditor_id=found.creditor.id,
            currency=found.currency,
            execute_on=execute_on,
            on=on,
            by=require().actor,
        )
    except NoOrderAccountError:
        session().rollback()
        note(gettext(_("There is no account that pays in this currency. Add one under Set up first.")), tone="warn")
        return back
    run_id = run.id
    commit(then=lambda: house().wake.run(run_id))
    note(gettext(_("The file is being written. It stands below in a moment.")))
    return back


@doors.get("/<uuid:public_id>.xml")
@permission(Permission.REFUNDS_APPROVE)
def file(public_id: UUID) -> Answer:
    """Send the file as it was written, the same bytes each time."""
    order = order_named(session(), name=public_id)
    if order is None:
        abort(404)
    if lacks_second_factor(require()):
        return redirect(url_for("second.set_up"), code=303)
    answer = Response(order.content, content_type="application/xml")
    name = f"refunds-{order.recorded_at.date().isoformat()}-{order.id}.xml"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _key(one: Ready) -> str:
    return f"{one.creditor.uuid}-{one.currency}"


def _words(one: Ready) -> dict[str, str]:
    amount = money_words(one.amount, one.currency)
    button = ngettext(
        "Order %(num)s refund, %(amount)s", "Order %(num)s refunds, %(amount)s", one.refunds, amount=amount
    )
    return {"key": _key(one), "button": button}
