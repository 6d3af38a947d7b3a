"""Why a table, or a cell of it, is refused: a place and a sentence."""
# ruff: noqa: N818 - the exceptions are named after what is wrong with the file


class TableFileError(ValueError):
    """A table that must not be used, not even in part.

    `position` tells a person where ("line 12", "cell C7"); it is empty where the whole file is meant. `reason` is an
    English sentence with `%(names)s` that `values` fill in, so that a face can translate it and fill it in itself.
    """

    def __init__(self, position: str, reason: str, **values: object) -> None:
        super().__init__(position, reason)
        self.position = position
        self.reason = reason
        self.values = values

    def __str__(self) -> str:
        sentence = self.reason % self.values
        return f"{self.position}: {sentence}" if self.position else sentence


class EmptyTable(TableFileError):
    """No header, or no row below it."""


class WrongEncoding(TableFileError):
    """Bytes that are no text in any encoding that is read here."""


class TooLarge(TableFileError):
    """More bytes, rows, columns or letters than a table has that people made."""


class Unreadable(TableFileError):
    """Not a table, or a damaged one."""


class DoctypeRefused(TableFileError):
    """A document type declaration inside a workbook: no office program writes one, and attacks need one."""


class WrongHeader(TableFileError):
    """A header that does not say which column is which."""


class CellRefused(TableFileError):
    """A cell that holds a formula or an error instead of a value."""


class UnreadableValue(TableFileError):
    """A value that is not what its column holds, or that could be read in two ways."""
