"""Lists that tests take out, driven to their end and read as whoever opens the file reads them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import openpyxl

from dues.actor import COMMAND_LINE, Actor
from dues.lists.columns import Eyes
from dues.lists.export import SLICE, start_export
from dues.lists.ledgers import LEDGERS
from dues.lists.models import Export, Format
from dues.lists.pieces import kept
from language import Language
from tests.factories.runs import finished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from database.connect import OpenSession
    from tests.factories.runs import Outcome

DAY = dt.date(2027, 3, 1)


def begun(
    open_session: OpenSession,
    name: str,
    wanted: Any,
    *,
    columns: Sequence[str] = (),
    written_as: Format = Format.CSV,
    language: str = "en",
    staff_id: int | None = None,
    path: str = "",
    slice_size: int = SLICE,
) -> tuple[int, int]:
    """Begin to take a list out; return its id, and that of its run."""
    with open_session() as session, session.begin():
        made = start_export(
            session,
            name=name,
            wanted=wanted,
            columns=columns or [column.key for column in LEDGERS[name].columns],
            written_as=written_as,
            eyes=Eyes(Language(language), ZoneInfo("Europe/Stockholm")),
            on=DAY,
            by=COMMAND_LINE if staff_id is None else Actor("staff", str(staff_id)),
            staff_id=staff_id,
            path=path,
            slice_size=slice_size,
        )
        return made.id, made.run_id


def content(open_session: OpenSession, export_id: int) -> bytes:
    """Return the bytes of a file."""
    with open_session() as session:
        return b"".join(kept(session, export_id=export_id))


def lines(open_session: OpenSession, export_id: int, *, separator: str = ",") -> list[dict[str, str]]:
    """Read a CSV file."""
    text = content(open_session, export_id).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def sheet(open_session: OpenSession, export_id: int) -> list[tuple[Any, ...]]:
    """Read an XLSX file, heads first."""
    book = openpyxl.load_workbook(io.BytesIO(content(open_session, export_id)))
    return list(book.worksheets[0].iter_rows(values_only=True))


def taken(open_session: OpenSession, name: str, wanted: Any, **how: Any) -> list[dict[str, str]]:
    """Take a list out as CSV, and read it."""
    export, run = begun(open_session, name, wanted, **how)
    finished(open_session, run)
    return lines(open_session, export)


def outcome_of(open_session: OpenSession, export_id: int, run_id: int) -> tuple[Export, Outcome]:
    """Drive a run, and return what it takes out as it stands then."""
    ended = finished(open_session, run_id)
    with open_session() as session:
        export = session.get_one(Export, export_id)
        session.expunge(export)
    return export, ended
