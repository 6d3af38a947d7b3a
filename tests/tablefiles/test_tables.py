"""Tables that people send are read as they are meant, or refused with the place; damage never gets through."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tablefiles import (
    DateOrder,
    Notation,
    TableFileError,
    read,
    read_amount,
    read_date,
    read_quantity,
    read_text,
)
from tablefiles.errors import CellRefused, DoctypeRefused, TooLarge, UnreadableValue

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["C", "Zl", "Zp"]), max_size=9)


def workbook(rows: list[list[object]], *, formula: str = "") -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)})
        sheet = book.add_worksheet("Lines")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(line, place, dt.datetime.combine(cell, dt.time()), day)
                else:
                    sheet.write(line, place, cell)
        if formula:
            sheet.write_formula(1, 1, formula, value=3)
    return made.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    text = f'Nummer{separator}Text\r\n12{separator}"Läger;, \nvår"\r\n\r\n13{separator}Bok\r\n'
    table = read(text.encode(encoding))
    assert table.header == ("Nummer", "Text")
    assert [(row.line, row.cells) for row in table.rows] == [(2, ("12", "Läger;, \nvår")), (5, ("13", "Bok"))]


def test_excel_may_name_the_separator() -> None:
    assert read(b"sep=,\nA,B;C\n1,2\n").header == ("A", "B;C")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing"),
        (b"A;B\n", "no row"),
        (b"A;a\n1;2\n", "Two columns"),
        (b"A;B\n1;2;3\n", "more cells"),
        (b'A;B\n1;"2\n', "quotation"),
        (b"A;B,C\n1;2\n", "two ways"),
        (b"A;B\n\x81;2\n", "letters"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"A;B\n" + b"x" * 5000 + b";1\n", "letters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(content: bytes, words: str) -> None:
    with pytest.raises(TableFileError, match=words):
        read(content)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_was_written_as_csv_is_read_again(rows: list[list[str]]) -> None:
    made = io.StringIO()
    csv.writer(made, delimiter=";").writerows([["one", "two", "three"], ["first", "", ""], *rows])
    wanted = [tuple(cell.strip() or None for cell in row) for row in rows]
    assert [row.cells for row in read(made.getvalue().encode()).rows][1:] == [row for row in wanted if any(row)]


def test_a_workbook_knows_numbers_and_days() -> None:
    day = dt.date(2026, 3, 31)
    table = read(workbook([["Number", "Amount", "Due"], [12, 1234.1, day], ["A-7", "1 234,50", None]]))
    assert table.sheet == "Lines"
    assert [row.cells for row in table.rows] == [
        (Decimal(12), Decimal("1234.1"), day),
        ("A-7", "1 234,50", None),
    ]
    assert read_text(table.rows[0].cells[0]) == "12"


@pytest.mark.parametrize("formula", ["=1+2", "=A2", "=NA()"])
def test_a_formula_is_refused_by_its_address(formula: str) -> None:
    with pytest.raises(CellRefused, match="cell B2"):
        read(workbook([["A", "B"], [1, 2]], formula=formula))


def repacked(content: bytes, name: str, change: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            kept = old.read(part)
            new.writestr(part.filename, change + kept if part.filename == name else kept)
    return made.getvalue()


def test_a_workbook_that_declares_a_document_type_is_refused() -> None:
    made = workbook([["A"], [1]])
    with pytest.raises(DoctypeRefused):
        read(repacked(made, "xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]>'))
    padded = b"<!--" + b" " * ((1 << 20) - 8) + b"--><!DOCTYPE x>"
    with pytest.raises(DoctypeRefused):
        read(repacked(made, "xl/sharedStrings.xml", padded))


def test_a_workbook_that_swells_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(5):
            bomb.writestr(f"xl/{number}.xml", b"0" * (100 << 20))
    with pytest.raises(TooLarge):
        read(made.getvalue())


SMALL = workbook([["A", "B"], [1, "two"], [dt.date(2026, 1, 1), 2.5]])


@given(st.data())
def test_a_damaged_workbook_is_refused_or_read_and_never_anything_else(data: st.DataObject) -> None:
    content = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(TableFileError):
        read(bytes(content[: data.draw(st.integers(5, len(content)))]))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    with contextlib.suppress(TableFileError):
        read(content)


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("1 234,50", 123450),
        ("1\u00a0234,50", 123450),
        ("1,234.50", 123450),
        ("1.234,50", 123450),
        ("1'234.50", 123450),
        ("1234.5", 123450),
        ("1234,5", 123450),
        ("1,234,567", 123456700),
        ("-12", -1200),
        ("−12,5", -1250),
        ("0,125000", None),
        ("0.500", 50),
    ],
)
def test_amounts_are_read_as_they_are_meant(written: str, minor: int | None) -> None:
    if minor is None:
        with pytest.raises(UnreadableValue):
            read_amount(written, decimals=2)
    else:
        assert read_amount(written, decimals=2) == minor


@pytest.mark.parametrize("written", ["1,234", "1.234", "12.345", "-1,234"])
def test_what_could_be_read_in_two_ways_is_not_guessed(written: str) -> None:
    with pytest.raises(UnreadableValue, match="two ways"):
        read_amount(written, decimals=2)
    assert read_amount("1,234", decimals=0, notation=Notation.POINT) == 1234
    assert read_amount("1.234", decimals=3, notation=Notation.POINT) == 1234


@pytest.mark.parametrize(
    "written", ["", "x", "1,2,3", "1.23.4", "12 34", "1e5", "--1", "1.234,567.8", "½", "١", "12kr", ",", "-", "5-"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(UnreadableValue):
        read_amount(written, decimals=2)


@given(
    minor=st.integers(-(10**12), 10**12),
    decimals=st.sampled_from([0, 2, 3]),
    notation=st.sampled_from(list(Notation)),
    groups=st.booleans(),
)
def test_what_is_written_in_a_notation_is_read_in_it(
    minor: int, decimals: int, notation: Notation, *, groups: bool
) -> None:
    whole, part = divmod(abs(minor), 10**decimals)
    mark, group = (",", ".") if notation is Notation.COMMA else (".", ",")
    text = f"{whole:,}".replace(",", group) if groups else str(whole)
    text = ("-" if minor < 0 else "") + text + (f"{mark}{part:0{decimals}d}" if decimals else "")
    unclear = notation is Notation.CLEAR and _in_two_ways(text)
    if unclear:
        with pytest.raises(UnreadableValue, match="two ways"):
            read_amount(text, decimals=decimals, notation=notation)
    else:
        assert read_amount(text, decimals=decimals, notation=notation) == minor


def _in_two_ways(text: str) -> bool:
    """A single mark before three digits, behind one to three that do not begin with zero."""
    return re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", text) is not None


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=2))
def test_a_number_of_a_workbook_is_exact(number: Decimal) -> None:
    table = read(workbook([["A", "B"], ["x", float(number)]]))
    assert read_amount(table.rows[0].cells[1], decimals=2) == int(number * 100)


def test_days_are_iso_or_in_the_order_that_was_chosen() -> None:
    assert read_date("2026-03-04") == read_date("4.3.2026", order=DateOrder.DAY_FIRST) == dt.date(2026, 3, 4)
    assert read_date("03/04/2026", order=DateOrder.MONTH_FIRST) == dt.date(2026, 3, 4)
    for written in ("4.3.2026", "2026-02-30", "20260304", "4.3.26", "0026-01-01"):
        with pytest.raises(UnreadableValue):
            read_date(written)


def test_quantities_are_above_zero_with_three_decimals_at_most() -> None:
    assert read_quantity("1,5") == Decimal("1.5")
    for written in ("0", "-1", "1,2345", "0,0001"):
        with pytest.raises(UnreadableValue):
            read_quantity(written)
