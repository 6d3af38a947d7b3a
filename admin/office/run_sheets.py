"""The rows of an invoice run to take along: as it is narrowed, as a table for programs or as a spreadsheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, stream_with_context
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from admin import addresses
from admin.office import run_words
from admin.office.run_found import run_or_stop
from admin.office.run_rows import asked
from admin.tables.sheets import Columns, Sheet, csv_answer
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.invoicing import issue, items
from dues.invoicing.items import Part, Row, Wanted
from dues.runs.models import Run
from language import Language, decimals, pick
from language import gettext_noop as _
from web.house import session
from web.speech import reader

doors = Blueprint("run_sheets", __name__, url_prefix="/admin/runs")

MOST_IN_A_BOOK: Final = 100_000
"""Rows of a spreadsheet: a larger one takes minutes to write and to open, and is a table instead."""
_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Charged:
    """A row of a run, and the lines of its invoice."""

    row: Row
    parts: Sequence[Part]


def _lines(one: Charged, language: Language) -> str:
    words = (f"{pick(part.names, language.code)} {_major(part.amount, one.row.currency)}" for part in one.parts)
    return "; ".join(words)


def _major(minor: int, currency: str | None) -> Decimal | None:
    return None if currency is None else Decimal(minor).scaleb(-decimals(currency))


ROWS: Final[Columns[Charged]] = (
    (_("Number"), lambda one, _language: one.row.member_id),
    (_("Member"), lambda one, _language: one.row.member),
    (_("Payer"), lambda one, _language: one.row.payer or one.row.member),
    (_("Group"), lambda one, _language: one.row.group),
    (_("Membership"), lambda one, language: pick(one.row.type_names, language.code)),
    (_("From"), lambda one, _language: one.row.period_from),
    (_("To"), lambda one, _language: one.row.period_to),
    (_("For what"), _lines),
    (_("Amount"), lambda one, _language: _major(one.row.amount, one.row.currency)),
    (_("Currency"), lambda one, _language: one.row.currency),
    (_("Sent by"), lambda one, _language: run_words.channel(one.row.channel)),
    (_("Left out because"), lambda one, _language: run_words.reason(one.row.reason) if one.row.reason else ""),
    (_("Invoice"), lambda one, _language: one.row.number),
)


@doors.get("/<uuid:public_id>/rows.csv")
@permission(Permission.RUNS_READ)
def table(public_id: UUID) -> Response:
    """Send the rows as they are narrowed as a table for other programs; a piece at a time."""
    run = _invoices_or_stop(public_id)
    sheet = Sheet(ROWS, _all(session(), run.id, asked(left_out=None)), reader())
    return csv_answer(stream_with_context(sheet.lines()), _name(run, "csv"))


@doors.get("/<uuid:public_id>/rows.xlsx")
@permission(Permission.RUNS_READ)
def book(public_id: UUID) -> Answer:
    """Send the same as a spreadsheet; of more rows than one can hold, the table."""
    run = _invoices_or_stop(public_id)
    wanted = asked(left_out=None)
    if run.total > MOST_IN_A_BOOK:
        left = "1" if wanted.left_out else None
        return redirect(addresses.door("run_sheets.table", public_id=public_id, left=left))
    return Sheet(ROWS, _all(session(), run.id, wanted), reader()).book(_name(run, "xlsx"))


def _invoices_or_stop(public_id: UUID) -> Run:
    run = run_or_stop(public_id)
    return run if run.kind == issue.KIND else abort(404)


def _all(of: Session, run_id: int, wanted: Wanted) -> Iterator[Charged]:
    """Yield all rows of a list, a page at a time."""
    after, wanted = 0, replace(wanted, each=True)
    while found := items.rows(of, run_id=run_id, wanted=wanted, after=after, limit=_PAGE):
        parts = items.parts(of, run_id=run_id, classes={row.class_number for row in found})
        yield from (Charged(row, parts.get(row.class_number, [])) for row in found)
        after = found[-1].seq


def _name(run: Run, kind: str) -> str:
    return f"run-{run.business_day.isoformat()}.{kind}"
