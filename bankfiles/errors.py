"""Why a bank file is refused: one exception for each kind of fault, with the place and a sentence."""
# ruff: noqa: N818 - the exceptions are named after what is wrong with the file

from typing import Self


class BankFileError(ValueError):
    """A bank file that must not be used, not even in part.

    `position` tells a person where ("line 12"); it may be empty where the whole file is meant. `reason` is an English
    sentence with `{names}` that `values` fill in, so that a face can translate the sentence and fill it in itself.
    """

    def __init__(self, position: str, reason: str, **values: object) -> None:
        super().__init__(position, reason)
        self.position = position
        self.reason = reason
        self.values = values

    def __str__(self) -> str:
        sentence = self.reason.format(**self.values)
        return f"{self.position}: {sentence}" if self.position else sentence

    def at(self, position: str) -> Self:
        """The same fault, placed: code that reads a single value does not know where in the file it stands."""
        self.position = self.position or position
        return self


class EmptyFile(BankFileError):
    """Nothing, or nothing but blanks."""


class UnknownFormat(BankFileError):
    """Not one of the formats known here, or a version of one that is not known."""


class WrongEncoding(BankFileError):
    """Bytes that are no text in the encoding the file is written in."""


class DoctypeRefused(BankFileError):
    """An XML document type declaration: no bank writes one, and attacks need one."""


class UnreadableXml(BankFileError):
    """XML that is not well formed."""


class Truncated(BankFileError):
    """The file ends before its end."""


class WrongRecord(BankFileError):
    """A record or element that is missing, out of place, or says what the format does not allow."""


class WrongTotal(BankFileError):
    """A count or sum in the file that differs from what the file contains."""


class UnreadableAmount(BankFileError):
    """An amount that is not a number of the currency; never taken for zero."""


class UnreadableDate(BankFileError):
    """A date that is no date, or lies outside 1990-2099."""


class UnsupportedCurrency(BankFileError):
    """A currency that is unknown, or not the one of the account."""
