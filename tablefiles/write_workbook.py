"""Writes XLSX a stretch of rows at a time: days are days, amounts are numbers, heads stay in sight.

A workbook is a ZIP archive, and its rows are one long text in it. Each stretch is packed by itself up to a byte's end,
and such stretches stand one behind the other as if they had been packed at once. What stands before a sheet's rows, its
length and checksum, is known when the sheet ends: its place is kept free until then.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from tablefiles.archive import Entry, directory, local_header
from tablefiles.sheet_xml import begin_sheet, end_sheet, fixed_parts, row_xml, widths
from tablefiles.writing import Piece, Value

MOST_ROWS: Final = 1_048_575
"""Rows of a sheet below its heads; spreadsheets know no more. What comes after them stands on another sheet."""
_MOST_BYTES: Final = 3 << 30
_LEVEL: Final = 4


@dataclass(slots=True)
class _Sheet:
    """A sheet so far: where its place before the rows is kept, its rows, and length and checksum of their text."""

    header: int
    offset: int
    rows: int = 0
    size: int = 0
    packed: int = 0
    crc: int = 0
    open: bool = True


@dataclass(slots=True)
class _State:
    pieces: int = 0
    offset: int = 0
    sheets: list[_Sheet] = field(default_factory=list)


class WorkbookWriter:
    """Writes one table as a workbook; ``name`` is what its sheet is called."""

    def __init__(self, heads: Sequence[str], *, name: str, state: Mapping[str, Any] | None = None) -> None:
        self._heads, self._name = heads, name
        kept = dict(state or {})
        sheets = [_Sheet(**sheet) for sheet in kept.pop("sheets", [])]
        self._state = _State(**kept, sheets=sheets)

    def rows(self, rows: Sequence[Sequence[Value]]) -> Iterator[Piece]:
        """Yield the pieces that some more rows become; they begin another sheet where one is full."""
        left = list(rows)
        while left:
            sheet = self._open() or self._begin()
            if sheet.size == 0:
                yield self._packed(sheet, begin_sheet(self._heads, widths(self._heads, left)), last=False)
            taken, left = left[: MOST_ROWS - sheet.rows], left[MOST_ROWS - sheet.rows :]
            text = "".join(row_xml(sheet.rows + 2 + place, row) for place, row in enumerate(taken))
            sheet.rows += len(taken)
            yield self._packed(sheet, text, last=False)
            if sheet.rows >= MOST_ROWS or sheet.size > _MOST_BYTES:
                yield from self._close(sheet)

    def end(self) -> Iterator[Piece]:
        """Yield the end of the last sheet, what a workbook has beside its sheets, and the list of all of it."""
        if not self._state.sheets:
            sheet = self._begin()
            yield self._packed(sheet, begin_sheet(self._heads, widths(self._heads, [])), last=False)
        if (last := self._open()) is not None:
            yield from self._close(last)
        entries = [self._entry(number) for number in range(1, len(self._state.sheets) + 1)]
        content = bytearray()
        for name, part in fixed_parts(self._name, sheets=len(entries)).items():
            data = part.encode()
            entry = Entry(name, zlib.crc32(data), len(data), len(data), self._state.offset + len(content), stored=True)
            content += local_header(entry) + data
            entries.append(entry)
        content += directory(entries, begins=self._state.offset + len(content))
        yield self._next(bytes(content))

    def state(self) -> Mapping[str, Any]:
        """Return what the next writer goes on from."""
        return asdict(self._state)

    def _open(self) -> _Sheet | None:
        last = self._state.sheets[-1:]
        return last[0] if last and last[0].open else None

    def _begin(self) -> _Sheet:
        sheet = _Sheet(header=self._state.pieces, offset=self._state.offset)
        self._state.sheets.append(sheet)
        self._state.pieces += 1
        self._state.offset += len(local_header(self._entry(len(self._state.sheets))))
        return sheet

    def _close(self, sheet: _Sheet) -> Iterator[Piece]:
        yield self._packed(sheet, end_sheet(len(self._heads), sheet.rows + 1), last=True)
        sheet.open = False
        yield Piece(sheet.header, local_header(self._entry(self._state.sheets.index(sheet) + 1)))

    def _packed(self, sheet: _Sheet, text: str, *, last: bool) -> Piece:
        data = text.encode()
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(data) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)
        sheet.size, sheet.packed = sheet.size + len(data), sheet.packed + len(packed)
        sheet.crc = zlib.crc32(data, sheet.crc)
        return self._next(packed)

    def _next(self, content: bytes) -> Piece:
        piece = Piece(self._state.pieces, content)
        self._state.pieces += 1
        self._state.offset += len(content)
        return piece

    def _entry(self, number: int) -> Entry:
        sheet = self._state.sheets[number - 1]
        return Entry(f"xl/worksheets/sheet{number}.xml", sheet.crc, sheet.size, sheet.packed, sheet.offset)
