"""Puts the face of staff into an application: who they are, their doors, their shell, their tables."""

from typing import Final

from flask import Flask, request

from admin import again, login, second, shell, sign_in, you
from admin.group import account as group_account
from admin.group import choose
from admin.group import home as group_home
from admin.group import look as group_look
from admin.group import money as group_money
from admin.group import prices as group_prices
from admin.group import sender as group_sender
from admin.group import shell as group_shell
from admin.group import texts as group_texts
from admin.group.here import HOUSE, known_here
from admin.keeper import keeper
from admin.office import (
    bank_files,
    bill,
    bill_credit,
    bill_hold,
    bill_send,
    find,
    membership_end,
    open_group,
    payment,
    person,
    person_details,
    person_hold,
    person_membership,
    queue,
    run_begin,
    run_do,
    run_rows,
    run_watch,
    runs,
    settlements,
    split,
    today,
)
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
    *(bill.doors, bill_credit.doors, bill_hold.doors, bill_send.doors, payment.doors),
    *(runs.doors, run_begin.doors, run_do.doors, run_rows.doors, run_watch.doors),
    *(queue.doors, split.doors, bank_files.doors, settlements.doors, open_group.doors),
    *(choose.doors, group_home.doors, group_money.doors, group_look.doors),
    *(group_account.doors, group_sender.doors, group_texts.doors, group_prices.doors),
)
_IN_HOUSES: Final = (
    (queue.doors, "group_queue", "/money/queue"),
    (split.doors, "group_split", "/money/queue"),
    (bank_files.doors, "group_bank_files", "/money/bank-files"),
    (payment.doors, "group_payment", "/money/payments"),
)
"""Rooms of the desk that stand in the houses of groups, too: their names there, and their places."""

_SHELL: Final = "admin/base.html"
_GROUP_SHELL: Final = "group/base.html"


def install(app: Flask) -> None:
    """Register the doors of staff; what all faces share stands already."""
    recognise(app)
    keep(app, Kind.PERMISSION, keeper)
    frame(app, _frame)
    shell.equip(app)
    group_shell.equip(app)
    for doors in _DOORS:
        app.register_blueprint(doors)
    for doors, name, place in _IN_HOUSES:
        app.register_blueprint(doors, name=name, url_prefix=f"{HOUSE}{place}")
    tables.install(app)


def _frame() -> str | None:
    """Staff who are logged in stay in their shell when something goes wrong."""
    if known_here() is not None:
        return _GROUP_SHELL
    return _SHELL if request.path.startswith("/admin") and known() is not None else None
