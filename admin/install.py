"""Puts the face of staff into an application: who they are, their doors, their shell, their tables."""

from typing import Final

from flask import Flask, request

from admin import again, login, second, shell, sign_in, you
from admin.group import install as houses
from admin.group.here import known_here
from admin.guide import pages as guide
from admin.keeper import keeper
from admin.office import (
    aside,
    bank_accounts,
    bank_files,
    bank_servers,
    bank_tables,
    bill,
    bill_anew,
    bill_credit,
    bill_hold,
    bill_instalments,
    bill_part,
    bill_repeat,
    bill_send,
    charges,
    deductions,
    exchange,
    exports,
    find,
    gifts,
    matching,
    membership_end,
    move,
    open_group,
    payer_rule,
    payment,
    person,
    person_death,
    person_details,
    person_hold,
    person_income,
    person_invoice,
    person_membership,
    person_paying,
    person_price,
    person_segments,
    queue,
    receive,
    reconciliation,
    refund,
    refund_orders,
    returning,
    run_begin,
    run_do,
    run_rows,
    run_sheets,
    run_undo,
    run_watch,
    runs,
    saved_lists,
    settlements,
    split,
    taken_in,
    template_edit,
    templates,
    today,
)
from admin.setup import coding_rules, own_templates
from admin.staff import approvals, colleague, invite, welcome
from admin.tables import install as tables
from admin.user import known, recognise
from dues.access.declare import Kind
from web.errors import frame
from web.guard import keep

_DOORS: Final = (
    *(login.doors, sign_in.doors, again.doors, you.doors, second.doors, today.doors, find.doors),
    *(welcome.doors, invite.doors, colleague.doors, approvals.doors),
    *(person.doors, person_details.doors, person_hold.doors, person_membership.doors, membership_end.doors),
    *(person_invoice.doors, templates.doors, template_edit.doors),
    *(person_segments.doors, person_income.doors, person_price.doors, person_paying.doors),
    person_death.doors,
    *(own_templates.doors, coding_rules.doors),
    guide.doors,
    *(bill.doors, bill_credit.doors, bill_hold.doors, bill_send.doors, payment.doors),
    *(refund.doors, refund_orders.doors, gifts.doors),
    *(bill_part.doors, bill_anew.doors, bill_repeat.doors, bill_instalments.doors),
    *(exports.doors, saved_lists.doors),
    *(runs.doors, run_begin.doors, run_do.doors, run_rows.doors, run_sheets.doors, run_undo.doors, run_watch.doors),
    *(move.doors, returning.doors, aside.doors, payer_rule.doors, receive.doors, deductions.doors),
    *(bank_accounts.doors, bank_servers.doors, reconciliation.doors),
    *(queue.doors, matching.doors, exchange.doors, bank_tables.doors),
    *(split.doors, bank_files.doors, charges.doors, taken_in.doors, settlements.doors, open_group.doors),
)
_SHELL: Final = "admin/base.html"
_GROUP_SHELL: Final = "group/base.html"


def install(app: Flask) -> None:
    """Register the doors of staff; what all faces share stands already."""
    recognise(app)
    keep(app, Kind.PERMISSION, keeper)
    frame(app, _frame)
    shell.equip(app)
    for doors in _DOORS:
        app.register_blueprint(doors)
    tables.install(app)
    houses.install(app)


def _frame() -> str | None:
    """Staff who are logged in stay in their shell when something goes wrong."""
    if known_here() is not None:
        return _GROUP_SHELL
    return _SHELL if request.path.startswith("/admin") and known() is not None else None
