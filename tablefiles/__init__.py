"""Tables as people send them: bytes of CSV and XLSX to a header and rows, and cells to amounts and dates."""

from tablefiles.errors import TableFileError
from tablefiles.model import Cell, Row, Table
from tablefiles.read import MAX_BYTES, read
from tablefiles.values import DateOrder, Notation, read_amount, read_date, read_quantity, read_text

__all__ = [
    "MAX_BYTES",
    "Cell",
    "DateOrder",
    "Notation",
    "Row",
    "Table",
    "TableFileError",
    "read",
    "read_amount",
    "read_date",
    "read_quantity",
    "read_text",
]
