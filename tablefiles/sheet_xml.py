"""The text of a workbook's parts: rows of a sheet, and what is the same in every workbook."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import escape

from tablefiles.writing import Value

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_BOLD, _DAY, _MOMENT, _WHOLE, _HUNDREDTHS, _THOUSANDTHS = 1, 2, 3, 4, 5, 6
_BY_DECIMALS: Final = {0: _WHOLE, 2: _HUNDREDTHS, 3: _THOUSANDTHS}
_FORMATS: Final = (0, 0, 164, 165, 3, 4, 166)
"""How numbers are shown, by style: as they are (twice, the second time bold), a day, a moment, amounts."""

_EPOCH: Final = dt.date(1899, 12, 30)
_FIRST_DAY: Final = dt.date(1900, 3, 1)
"""Days before it are text: spreadsheets count a 29 February 1900 that never was."""
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPECIAL: Final = re.compile(r'[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff<>&"]')
_LONGEST: Final = 32_767
_NARROW, _WIDE = 9, 60
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")


@lru_cache(maxsize=1000)
def column_name(number: int) -> str:
    """Return what the column of a number, from 0, is called: A, Z, AA."""
    above, letter = divmod(number, 26)
    return (column_name(above - 1) if above else "") + chr(ord("A") + letter)


def row_xml(number: int, row: Sequence[Value]) -> str:
    """Return a row of a sheet; ``number`` counts from 1, the heads."""
    cells = "".join(_cell(column_name(place), number, value) for place, value in enumerate(row) if value is not None)
    return f'<row r="{number}">{cells}</row>'


def begin_sheet(heads: Sequence[str], wide: Sequence[int]) -> str:
    """Return the beginning of a sheet to its heads, which stay in sight."""
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>' for place, width in enumerate(wide, 1)
    )
    cells = "".join(_text(column_name(place), 1, head, f' s="{_BOLD}"') for place, head in enumerate(heads))
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols>{columns}</cols><sheetData><row r="1">{cells}</row>'
    )


def end_sheet(columns: int, rows: int) -> str:
    """Return the end of a sheet with so many columns and rows, which can be filtered by its heads."""
    return f'</sheetData><autoFilter ref="A1:{column_name(columns - 1)}{rows}"/></worksheet>'


def widths(heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> list[int]:
    """Return how wide columns are, in signs: as their widest of some rows and their heads, within bounds."""
    longest = [len(head) + 3 for head in heads]
    for row in rows:
        longest = [max(wide, _length(value)) for wide, value in zip(longest, row, strict=True)]
    return [min(max(wide + 1, _NARROW), _WIDE) for wide in longest]


def fixed_parts(name: str, *, sheets: int) -> Mapping[str, str]:
    """Return the other parts of a workbook by their names; ``name`` is that of its first sheet."""
    numbers = range(1, sheets + 1)
    plain = _FORBIDDEN.sub(" ", name).strip()[:24] or "1"
    titles = [_escaped(plain if number == 1 else f"{plain} {number}") for number in numbers]
    tabs = "".join(
        f'<sheet name="{title}" sheetId="{number}" r:id="rId{number}"/>' for number, title in enumerate(titles, 1)
    )
    links = "".join(_link(number, f"worksheets/sheet{number}.xml", "worksheet") for number in numbers)
    pages = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        for number in numbers
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>{pages}'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>',
        "_rels/.rels": _links(_link(1, "xl/workbook.xml", "officeDocument")),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{tabs}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links(links + _link(sheets + 1, "styles.xml", "styles")),
        "xl/styles.xml": _styles(),
    }


def _styles() -> str:
    shown = "".join(
        f'<xf numFmtId="{shape}" fontId="{int(style == _BOLD)}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
        ' applyFont="1"/>'
        for style, shape in enumerate(_FORMATS)
    )
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    return (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/><numFmt numFmtId="166" formatCode="#,##0.000"/>'
        f'</numFmts><fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts><fills count="2"><fill>'
        '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(_FORMATS)}">{shown}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _links(links: str) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _link(number: int, target: str, kind: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _cell(column: str, row: int, value: Value) -> str:
    match value:
        case Decimal():
            style = _BY_DECIMALS.get(max(-int(value.as_tuple().exponent), 0), 0)
            return f'<c r="{column}{row}" s="{style}"><v>{value:f}</v></c>'
        case int():
            return f'<c r="{column}{row}"><v>{value}</v></c>'
        case dt.datetime() if value.date() >= _FIRST_DAY:
            part = (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
            return f'<c r="{column}{row}" s="{_MOMENT}"><v>{(value.date() - _EPOCH).days + part:.6f}</v></c>'
        case dt.date() if not isinstance(value, dt.datetime) and value >= _FIRST_DAY:
            return f'<c r="{column}{row}" s="{_DAY}"><v>{(value - _EPOCH).days}</v></c>'
        case None | "":
            return ""
        case _:
            return _text(column, row, str(value), "")


def _text(column: str, row: int, text: str, style: str) -> str:
    kept = f'<is><t xml:space="preserve">{_escaped(text)}</t></is>'
    return f'<c r="{column}{row}"{style} t="inlineStr">{kept}</c>'


def _escaped(text: str) -> str:
    plain = text[:_LONGEST]
    return escape(_NOT_IN_XML.sub("", plain), {'"': "&quot;"}) if _SPECIAL.search(plain) else plain


def _length(value: Value) -> int:
    match value:
        case None:
            return 0
        case dt.datetime():
            return len("2026-11-30 12:00")
        case dt.date():
            return len("2026-11-30")
        case _:
            return len(str(value))
