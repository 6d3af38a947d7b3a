"""The daily reconciliation: each bank account day by day, from the bank's balance down to the line of a file."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from flask import Blueprint, abort, render_template, request, stream_with_context
from werkzeug.wrappers import Response

from admin.addresses import address, door
from admin.office import gap_words as words
from admin.tables.sheets import csv_answer, csv_lines
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import read_day
from dues.overview.reconcile import LONGEST, Reconciled, reconciled
from dues.payments.account_list import BankAccount, bank_account, bank_accounts
from language import gettext_noop as _
from web.house import session
from web.speech import gettext
from web.states import State
from web.today import today

doors = Blueprint("reconciliation", __name__, url_prefix="/admin/reconciliation")

_USUAL: Final = 31
"""Days that are shown unless others are asked for."""


@doors.get("/")
@permission(Permission.JOURNAL_READ)
def page() -> str:
    """Show an account day by day: the bank's balance, the books', and what explains what lies between them."""
    choices = bank_accounts(session(), missing=False, at=None).rows
    account = _chosen(choices)
    first, last = _days()
    rows = reconciled(session(), agreement_id=account.id, first=first, last=last) if account else []
    return render_template(
        "admin/reconciliation/page.html",
        choices=_with(choices, account),
        account=account,
        first=first,
        last=last,
        rows=rows,
        state=_state(rows),
        held=rows[0].held if rows else 0,
        address=address,
        table=door("reconciliation.table", **_asked(account, first, last)) if account else "",
        words=words,
    )


@doors.get("/table")
@permission(Permission.JOURNAL_READ)
def table() -> Response:
    """Give the same as a table of a spreadsheet."""
    account = _chosen(bank_accounts(session(), missing=False, at=None).rows)
    if account is None:
        abort(404)
    first, last = _days()
    rows = reconciled(session(), agreement_id=account.id, first=first, last=last)
    return csv_answer(stream_with_context(_lines(account, rows)), f"reconciliation-{account.number}-{last}.csv")


def _lines(account: BankAccount, rows: Sequence[Reconciled]) -> Iterator[str]:
    heads = (
        *(_("Day"), _("Account"), _("Currency"), _("Balance at the bank"), _("Held before the first statement")),
        *(_("Balance in the books"), _("In transit"), _("Difference"), _("Unallocated"), _("Payments")),
    )
    yield csv_lines([[gettext(head) for head in heads]])
    for row in rows:
        amounts = (row.bank, row.held, row.books, row.in_transit, row.difference, row.unallocated)
        said = [None if one is None else words.decimal(one, account.currency) for one in amounts]
        yield csv_lines([[row.day, account.number, account.currency, *said, row.payments]])


def _chosen(choices: Sequence[BankAccount]) -> BankAccount | None:
    """Return the account that is asked for; where none is, one that the bank has told the balance of."""
    written = request.args.get("account", "")
    if written:
        plain = written.isascii() and written.isdecimal() and len(written) < len(str(1 << 63))
        return (bank_account(session(), agreement_id=int(written)) if plain else None) or abort(404)
    told = (one for one in choices if one.balance is not None)
    return next(told, choices[0] if choices else None)


def _with(choices: Sequence[BankAccount], account: BankAccount | None) -> Sequence[BankAccount]:
    known = account is None or any(one.id == account.id for one in choices)
    return choices if known or account is None else [account, *choices]


def _days() -> tuple[dt.date, dt.date]:
    """Return the first and the last day that are asked for; what cannot be read is as if nothing was asked."""
    last = _day("to") or today()
    first = _day("from") or last - dt.timedelta(days=_USUAL - 1)
    return max(min(first, last), last - dt.timedelta(days=LONGEST - 1)), last


def _day(name: str) -> dt.date | None:
    try:
        return read_day(request.args.get(name, ""))
    except ValueError:
        return None


def _asked(account: BankAccount, first: dt.date, last: dt.date) -> dict[str, object]:
    return {"account": account.id, "from": first.isoformat(), "to": last.isoformat()}


def _state(rows: Sequence[Reconciled]) -> State | None:
    """Return how the account stands on the last day that the bank has told of."""
    told = next((row for row in rows if row.bank is not None), None)
    if told is None:
        return None
    if told.difference:
        return State("reconciled", gettext(_("There is a difference")), "bad", "warn")
    return State("reconciled", gettext(_("Bank and books agree")), "good", "check")
