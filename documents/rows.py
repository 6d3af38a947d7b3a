"""The table of a document: its columns and rows as strings, grouped and with subtotals as its layout says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from documents.layout import OWN, Column, Grouping
from documents.model import InvoiceDocument, Line
from documents.printable import printable
from documents.vat import rate_words
from language import Language, gettext_noop

# Millimetres; nothing for what shares the rest of the 165 between them.
_WIDTHS: Final[Mapping[Column, int]] = {
    Column.WHAT: 0,
    Column.MEMBER: 0,
    Column.PERIOD: 24,
    Column.QUANTITY: 20,
    Column.UNIT_PRICE: 23,
    Column.VAT: 14,
    Column.AMOUNT: 32,
}
# What many columns get each.
_NARROW: Final[Mapping[Column, int]] = {**_WIDTHS, Column.QUANTITY: 12, Column.UNIT_PRICE: 17, Column.AMOUNT: 22}
_HEADS: Final[Mapping[Column, str]] = {
    Column.WHAT: gettext_noop("Description"),
    Column.MEMBER: gettext_noop("Member"),
    Column.PERIOD: gettext_noop("Period"),
    Column.QUANTITY: gettext_noop("Quantity"),
    Column.UNIT_PRICE: gettext_noop("Unit price"),
    Column.VAT: gettext_noop("VAT"),
}
_TO_THE_LEFT: Final = {Column.WHAT, Column.MEMBER, Column.PERIOD}
# Millimetres of a row of one and of two lines; a text of more characters or more columns takes what it needs.
_ONE_LINE, _TWO_LINES, _AS_NEEDED = 7, 10.4, 0
_FITS, _DETAIL_FITS = 36, 44
_SMALL_FROM: Final = 5
# Millimetres that columns share, that stand between small ones, and that a letter takes at most, set small or not.
_SHARED, _GUTTER = 165, 2
_LETTER: Final = {True: 2.0, False: 2.25}
# Columns that a word of letters alone may be as long as, and still be trusted to the patterns of its language.
_KNOWN: Final = 4
_SLIT: Final = "\N{ZERO WIDTH SPACE}"


def table(document: InvoiceDocument, language: Language) -> dict[str, Any]:
    """Return the table's head and rows, as values JSON can carry."""
    columns = shown(document)
    dense = len(columns) >= _SMALL_FROM
    roomy = columns == [one for one in OWN.columns if one in columns]
    widths = [(_NARROW if dense else _WIDTHS)[one] for one in columns]
    room = _room(widths, dense=dense)
    rows = list(_rows(document, columns, language, roomy=roomy))
    for row in rows:
        row["cells"] = [breakable(cell, room) for cell in row["cells"]]
    return {
        "widths": widths,
        "sides": ["l" if one in _TO_THE_LEFT else "r" for one in columns],
        "what": columns.index(Column.WHAT),
        "dense": dense,
        "head": [_head(one, document.currency, language) for one in columns],
        "rows": rows,
        "hyphenate": any(len(word) > room for row in rows for cell in row["cells"] for word in cell.split(" ")),
    }


def _room(widths: Sequence[int], *, dense: bool) -> int:
    """Return how many letters surely stand side by side in the columns that share what the others leave."""
    gutters = _GUTTER * (len(widths) - 1) if dense else 0
    return int((_SHARED - sum(widths) - gutters) / widths.count(0) / _LETTER[dense])


def breakable(text: str, room: int) -> str:
    """Return a text of which no piece is wider than ``room`` letters, where no language knows how to divide it.

    A word of letters alone is divided by the patterns of its language, unless it is so long that they may not do.
    """
    if all(len(word) <= room for word in text.split(" ")):
        return text
    return " ".join(_slit(word, room) for word in text.split(" "))


def _slit(word: str, room: int) -> str:
    if len(word) <= room or (word.isalpha() and len(word) <= _KNOWN * room):
        return word
    return _SLIT.join(word[start : start + room] for start in range(0, len(word), room))


def shown(document: InvoiceDocument) -> list[Column]:
    """Return the columns of the layout in which any line has something."""
    has = {
        Column.WHAT: True,
        Column.MEMBER: any(line.member for line in document.charged),
        Column.PERIOD: any(line.period for line in document.charged),
        Column.QUANTITY: any(line.quantity is not None for line in document.charged),
        Column.UNIT_PRICE: any(line.unit_price is not None for line in document.charged),
        Column.VAT: any(line.vat_rate for line in document.charged),
        Column.AMOUNT: True,
    }
    return [one for one in document.look.layout.columns if has[one]]


def grouped(lines: Iterable[Line], grouping: Grouping, payer: str) -> list[tuple[str, list[Line]]]:
    """Return lines put together under what they share, in the order in which each comes first.

    A line that names no member is the payer's.
    """
    groups: dict[str, list[Line]] = {}
    for line in lines:
        key = {
            Grouping.NONE: "",
            Grouping.MEMBER: line.member or payer,
            Grouping.COMPONENT: line.component or line.text,
        }
        groups.setdefault(key[grouping], []).append(line)
    return list(groups.items())


def _rows(
    document: InvoiceDocument, columns: Sequence[Column], language: Language, *, roomy: bool
) -> Iterator[dict[str, Any]]:
    if document.beside:
        yield from _of_creditors(document, columns, language, roomy=roomy)
        return
    grouping = document.look.layout.grouping
    groups = grouped(document.lines, grouping, document.recipient.name)
    if grouping is Grouping.NONE or len(groups) == 1:
        for line in document.lines:
            yield _row(line, document.currency, columns, language, roomy=roomy)
        return
    for name, lines in groups:
        heading = printable(name)
        yield _strong({Column.WHAT: heading}, columns)
        for line in lines:
            yield _row(line, document.currency, columns, language, roomy=roomy)
        words = language.gettext("Subtotal %(name)s", name=heading)
        total = language.amount(sum(line.amount for line in lines), document.currency)
        yield _strong({Column.WHAT: words, Column.AMOUNT: total}, columns)


def _of_creditors(
    document: InvoiceDocument, columns: Sequence[Column], language: Language, *, roomy: bool
) -> Iterator[dict[str, Any]]:
    """What each creditor charges stands under its name, with the number of its invoice."""
    for sender, number, lines in (
        (document.sender, document.number, document.lines),
        *((other.sender, other.number, other.lines) for other in document.beside),
    ):
        name = printable(sender.name)
        words = language.gettext("%(creditor)s, invoice %(number)s", creditor=name, number=printable(number))
        if sender.org_number:
            words += " · " + language.gettext("Org. no. %(number)s", number=printable(sender.org_number))
        yield _strong({Column.WHAT: words}, columns)
        for line in lines:
            yield _row(line, document.currency, columns, language, roomy=roomy)
        total = language.amount(sum(line.amount for line in lines), document.currency)
        yield _strong({Column.WHAT: language.gettext("Subtotal %(name)s", name=name), Column.AMOUNT: total}, columns)


def _strong(words: Mapping[Column, str], columns: Sequence[Column]) -> dict[str, Any]:
    """The words may run on over the empty columns beside them."""
    cells = [words.get(one, "") for one in columns]
    what = columns.index(Column.WHAT)
    end = next((place for place in range(what + 1, len(cells)) if cells[place]), len(cells))
    return {"cells": cells, "detail": "", "height": _AS_NEEDED, "strong": True, "span": end - what}


def _row(line: Line, currency: str, columns: Sequence[Column], language: Language, *, roomy: bool) -> dict[str, Any]:
    text = printable(line.text)
    detail = " · ".join(_details(line, currency, columns, language))
    height: float = _AS_NEEDED
    if roomy and len(text.encode()) <= _FITS and len(detail.encode()) <= _DETAIL_FITS:
        height = _TWO_LINES if detail else _ONE_LINE
    cells = [text if one is Column.WHAT else _cell(one, line, currency, language) for one in columns]
    return {"cells": cells, "detail": detail, "height": height, "strong": False}


def _cell(column: Column, line: Line, currency: str, language: Language) -> str:
    match column:
        case Column.AMOUNT:
            return language.amount(line.amount, currency)
        case Column.MEMBER:
            return printable(line.member)
        case Column.PERIOD:
            return language.period(*line.period) if line.period else ""
        case Column.QUANTITY:
            return "" if line.quantity is None else language.number(line.quantity)
        case Column.UNIT_PRICE:
            return "" if line.unit_price is None else language.amount(line.unit_price, currency)
        case _:
            return rate_words(line.vat_rate, language) if line.vat_rate else ""


def _details(line: Line, currency: str, columns: Sequence[Column], language: Language) -> Iterator[str]:
    """What is known of a line and has no column; how many there are goes without saying where it says a price."""
    if line.member and Column.MEMBER not in columns:
        yield printable(line.member)
    if line.period and Column.PERIOD not in columns:
        yield language.period(*line.period)
    if line.unit_price is not None and Column.UNIT_PRICE not in columns:
        yield _price(line, line.unit_price, currency, columns, language)
    elif line.quantity is not None and Column.QUANTITY not in columns:
        yield language.number(line.quantity)
    if line.vat_rate and Column.VAT not in columns:
        yield language.gettext("VAT %(rate)s", rate=rate_words(line.vat_rate, language))


def _price(line: Line, price: int, currency: str, columns: Sequence[Column], language: Language) -> str:
    """What one of a line costs; and how many there are where no column says it."""
    counted = line.quantity is not None and Column.QUANTITY not in columns
    times = f"{language.number(line.quantity)} × " if counted and line.quantity is not None else ""
    each = language.amount(price, currency)
    if line.unit:
        return times + language.gettext("%(price)s per %(unit)s", price=each, unit=printable(line.unit))
    return times + (each if times else language.gettext("%(price)s each", price=each))


def _head(column: Column, currency: str, language: Language) -> str:
    if column is Column.AMOUNT:
        return language.gettext("Amount in %(currency)s", currency=currency)
    return language.gettext(_HEADS[column])
