"""Tables written a stretch at a time: whoever reads them finds the rows, in whatever stretches they were written."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tablefiles import SeparatedWriter, WorkbookWriter, write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tablefiles import TableWriter, Value

HEADS = ["Text", "Number", "Amount", "Day"]

texts = some.text(some.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
days = some.dates(dt.date(1900, 3, 1), dt.date(2199, 12, 31))
amounts = some.integers(-(10**11), 10**11).map(lambda minor: Decimal(minor).scaleb(-2))
rows = some.lists(
    some.tuples(texts, some.none() | some.integers(-(10**9), 10**9), some.none() | amounts, some.none() | days),
    max_size=12,
)


def written(make: Callable[[Any], TableWriter], stretches: Sequence[Sequence[Sequence[Value]]]) -> bytes:
    """Write stretches, each by a writer of its own that knows only what the one before it has left behind."""
    pieces: dict[int, bytes] = {}
    state = None
    for stretch in stretches:
        writer = make(state)
        pieces.update((piece.position, piece.content) for piece in writer.rows(stretch))
        state = json.loads(json.dumps(writer.state()))
    pieces.update((piece.position, piece.content) for piece in make(state).end())
    assert sorted(pieces) == list(range(len(pieces)))
    return b"".join(pieces[position] for position in sorted(pieces))


def workbook(state: Any) -> TableWriter:
    return WorkbookWriter(HEADS, name="Invoices: all?", state=state)


def cut(of: Sequence[Any], places: Sequence[int]) -> list[Sequence[Any]]:
    """Cut a list into stretches; some are empty."""
    ends = sorted(min(place, len(of)) for place in places)
    return [of[start:end] for start, end in zip([0, *ends], [*ends, len(of)], strict=True)]


@given(rows, some.lists(some.integers(0, 12), max_size=4))
def test_a_workbook_holds_its_rows_however_it_was_cut(found: list[Any], places: list[int]) -> None:
    content = written(workbook, cut(found, places))
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Invoices  all"]
    read: list[list[Any]] = [list(row) for row in sheet.iter_rows(values_only=True, max_col=4)]
    assert read[0] == HEADS
    assert len(read) == len(found) + 1
    for row, (text, number, amount, day) in zip(read[1:], found, strict=True):
        assert (row[0] or "").replace("\r", "") == text.replace("\r", "")
        assert row[1] == number
        assert (None if row[2] is None else Decimal(str(row[2]))) == amount
        assert (None if row[3] is None else row[3].date()) == day


def test_a_workbook_shows_days_as_days_amounts_by_their_decimals_and_keeps_its_heads_in_sight() -> None:
    table: list[list[Value]] = [
        ["0012", 7, Decimal("1234.50"), dt.date(2026, 11, 30)],
        ["=1+1", None, Decimal(900), dt.date(1890, 1, 2)],
    ]
    sheet: Any = openpyxl.load_workbook(io.BytesIO(written(workbook, [table]))).active
    assert sheet.freeze_panes == "A2"
    assert [cell.font.b for cell in sheet[1]] == [True] * 4
    assert [cell.number_format for cell in sheet[2]] == ["General", "General", "#,##0.00", r"yyyy\-mm\-dd"]
    assert sheet["C3"].number_format == "#,##0"
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=1+1", "s")
    assert sheet["D3"].value == "1890-01-02"
    assert sheet.column_dimensions["D"].width > len("2026-11-30")


def test_rows_that_do_not_fit_stand_on_another_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_workbook, "MOST_ROWS", 5)
    table: list[list[Value]] = [[f"row {number}", number, None, None] for number in range(12)]
    book = openpyxl.load_workbook(io.BytesIO(written(workbook, [table[:3], table[3:]])))
    assert [sheet.max_row for sheet in book.worksheets] == [6, 6, 3]
    assert [row[1] for sheet in book.worksheets for row in sheet.iter_rows(values_only=True, min_row=2)] == list(
        range(12)
    )


@given(rows, some.lists(some.integers(0, 12), max_size=4), some.sampled_from([";", ","]))
def test_lines_hold_their_rows_however_they_were_cut(found: list[Any], places: list[int], parted: str) -> None:
    comma = parted == ";"
    content = written(lambda state: SeparatedWriter(HEADS, comma=comma, state=state), cut(found, places))
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=parted))
    assert lines[0] == HEADS
    assert len(lines) == len(found) + 1
    for line, (text, number, amount, day) in zip(lines[1:], found, strict=True):
        assert line[0] in {text, f"'{text}"}
        assert line[1] == ("" if number is None else str(number))
        assert line[2] == ("" if amount is None else f"{amount:f}".replace(".", "," if comma else "."))
        assert line[3] == ("" if day is None else day.isoformat())


@pytest.mark.parametrize("text", ["=1+1", "+46", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_nothing_that_people_wrote_is_a_formula(text: str) -> None:
    content = written(lambda state: SeparatedWriter(["Name", "Sum"], comma=False, state=state), [[[text, -5]]])
    line = next(csv.reader(io.StringIO(content.decode("utf-8-sig").partition("\r\n")[2], newline="")))
    assert line == [f"'{text}", "-5"]
