"""Puts the houses of groups into an application: their own rooms, and those rooms of the desk that stand there, too."""

from typing import Final

from flask import Flask

from admin.group import (
    account,
    add,
    choose,
    given,
    home,
    invoices,
    layout,
    look,
    members,
    money,
    person,
    prices,
    products,
    run_begin,
    sender,
    shell,
    texts,
    types,
)
from admin.group.here import HOUSE
from admin.office import (
    aside,
    bank_files,
    bank_tables,
    bill,
    bill_anew,
    bill_credit,
    bill_instalments,
    bill_part,
    bill_repeat,
    bill_send,
    deductions,
    membership_end,
    move,
    payer_rule,
    payment,
    person_details,
    person_invoice,
    person_membership,
    queue,
    receive,
    run_do,
    run_rows,
    run_sheets,
    run_undo,
    run_watch,
    runs,
    split,
    template_edit,
    templates,
)

_ROOMS: Final = (
    *(choose.doors, home.doors, members.doors, add.doors, person.doors),
    *(invoices.doors, run_begin.doors),
    layout.doors,
    *(money.doors, given.doors, account.doors),
    *(look.doors, sender.doors, texts.doors, prices.doors, types.doors, products.doors),
)
_ALSO: Final = (
    *((room, "/members") for room in (person_details.doors, person_membership.doors, membership_end.doors)),
    *((room, "/invoices") for room in (bill.doors, bill_credit.doors, bill_send.doors)),
    *((room, "/invoices") for room in (bill_part.doors, bill_anew.doors, bill_repeat.doors, bill_instalments.doors)),
    *((room, "/invoices/templates") for room in (templates.doors, template_edit.doors)),
    *((room, "/members") for room in (person_invoice.doors, receive.doors)),
    *((room, "/money/queue") for room in (queue.doors, split.doors, aside.doors, payer_rule.doors, deductions.doors)),
    *((bank_files.doors, "/money/bank-files"), (payment.doors, "/money/payments")),
    (bank_tables.doors, "/money/bank-files"),
    (move.doors, "/money/payments"),
    *(
        (room, "/invoices/runs")
        for room in (runs.doors, run_do.doors, run_rows.doors, run_sheets.doors, run_undo.doors, run_watch.doors)
    ),
)
"""Rooms of the desk, and where they stand in a house: what they look up there is of that group and those below it."""


def install(app: Flask) -> None:
    """Register the doors of houses, after the desk's."""
    shell.equip(app)
    for doors in _ROOMS:
        app.register_blueprint(doors)
    for room, place in _ALSO:
        app.register_blueprint(room, name=f"group_{room.name}", url_prefix=f"{HOUSE}{place}")
