"""Money that goes back, and what was given, in the house of a group with books of its own: to be read and handed on."""

from typing import Final
from uuid import UUID

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from admin.addresses import door
from admin.group.here import group_doors, this_group
from admin.office.found import person_or_stop
from admin.office.gifts import statement_answer
from admin.office.refund_words import account_words, refund_state
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.account_of import account_of
from dues.groups.models import Creditor
from dues.payments.gifts.yearly import donors, years_of
from dues.payments.refunds.listing import RefundsWanted, refunds
from language import gettext_noop as _
from web.house import session
from web.speech import gettext

doors = group_doors("group_given", "/money/back-and-given")

_NEWEST: Final = 50


@doors.get("/")
@permission(Permission.PAYMENTS_READ)
def page() -> str:
    """Show the newest refunds of the group's own books, and who gave in a year."""
    creditor = _own()
    years = years_of(session(), creditor_id=creditor.id) if creditor else []
    wanted = request.args.get("year", "")
    year = next((one for one in years if str(one) == wanted), years[0] if years else today(session()).year)
    back = RefundsWanted(creditor_id=creditor.id) if creditor else None
    return render_template(
        "group/money/given.html",
        own=creditor is not None,
        refunds=refunds(session(), back, at=None, rows=_NEWEST).rows if back else (),
        donors=donors(session(), creditor_id=creditor.id, year=year) if creditor else [],
        years=years,
        year=year,
        state=refund_state,
        account_words=account_words,
        above={"address": door("group_money.page"), "words": gettext(_("Money"))},
    )


@doors.get("/<int:year>/<uuid:person_id>/statement.pdf")
@permission(Permission.PAYMENTS_READ)
def statement(year: int, person_id: UUID) -> Response:
    """Send the statement of what somebody gave to the group, in the donor's language."""
    creditor, person = _own(), person_or_stop(person_id)
    if creditor is None:
        abort(404)
    return statement_answer(creditor, person, year)


def _own() -> Creditor | None:
    account = account_of(session(), group_id=this_group().id)
    return account.creditor if account.own else None
