"""The doors of named lists and exports: whoever may look at a list keeps it and takes it out; what is kept is theirs.

Nobody who knocks has kept or taken out anything: what addresses name here is a colleague's, and there for nobody else.
"""

from __future__ import annotations

from typing import Final

from tests.rights.doors import desk, staff

_LEDGERS: Final = {
    "members.read": ("persons", "memberships"),
    "invoices.read": ("invoices", "claims"),
    "payments.read": ("payments",),
    "journal.read": ("journal", "postings", "accounts"),
    "messages.read": ("messages",),
    "audit.read": ("audit",),
    "staff.read": ("staff",),
}
_COLUMN: Final = {"messages": "to"}
_NOT_TAKEN_OUT: Final = {"postings", "accounts", "audit", "staff"}

LISTS: Final = {
    **{
        f"POST {ledger}.keep": desk(asks, form={"query": "", "name": "x"})
        for asks, ledgers in _LEDGERS.items()
        for ledger in ledgers
    },
    **{
        f"POST {ledger}.take_out": desk(
            asks, form={"query": "", "format": "csv", "column": _COLUMN.get(ledger, "number")}
        )
        for asks, ledgers in _LEDGERS.items()
        for ledger in ledgers
        if ledger not in _NOT_TAKEN_OUT
    },
    "exports.listed": staff(),
    "exports.page": staff(answers=404, gone=404, public_id="export"),
    "exports.events": staff(answers=404, gone=404, public_id="export"),
    "exports.progress": staff(answers=404, gone=404, public_id="export"),
    "exports.file": staff(answers=404, gone=404, public_id="export"),
    "POST exports.delete": staff(form={}, answers=404, gone=404, public_id="export"),
    "saved_lists.page": staff(),
    "saved_lists.open_list": staff(answers=404, gone=404, public_id="saved_list"),
    "saved_lists.edit": staff(answers=404, gone=404, public_id="saved_list"),
    "POST saved_lists.change": staff(form={"name": "x"}, answers=404, gone=404, public_id="saved_list"),
    "POST saved_lists.delete": staff(form={}, answers=404, gone=404, public_id="saved_list"),
}
