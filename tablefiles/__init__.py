"""Tables as people send and take them: CSV and XLSX to rows and back, and cells to amounts and dates."""

from tablefiles.errors import TableFileError
from tablefiles.model import Cell, Row, Table
from tablefiles.read import MAX_BYTES, read
from tablefiles.values import DateOrder, Notation, read_amount, read_date, read_quantity, read_text
from tablefiles.write_separated import SeparatedWriter
from tablefiles.write_workbook import WorkbookWriter
from tablefiles.writing import Piece, TableWriter, Value

__all__ = [
    "MAX_BYTES",
    "Cell",
    "DateOrder",
    "Notation",
    "Piece",
    "Row",
    "SeparatedWriter",
    "Table",
    "TableFileError",
    "TableWriter",
    "Value",
    "WorkbookWriter",
    "read",
    "read_amount",
    "read_date",
    "read_quantity",
    "read_text",
]
