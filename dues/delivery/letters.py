"""The print channel: PDFs of many letters in a folder that somebody prints and posts."""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from documents import render_batch
from dues.delivery.errors import UnavailableError, WrongChannelError
from dues.delivery.post import Letter, Outcome, Outgoing, Parcel, Result

Sheet = tuple[Parcel, Letter]


class PrintFolder:
    """Writes letters into ``folder``: one PDF for the letters of a creditor that are carried together.

    A file is named by its creditor and its first and last message, and appears whole: the same letters written
    again, after a kill, replace their file instead of standing beside it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, parcels: Iterable[Parcel]) -> Iterator[Outcome]:
        """Yield the letters of each file once it lies safely in the folder, and each letter that cannot be printed.

        Raises UnavailableError when the folder cannot be written.
        """
        letters = sorted(((parcel, _letter(parcel)) for parcel in parcels), key=_creditor)
        for creditor_id, sheets in groupby(letters, key=_creditor):
            yield from self._print(creditor_id, list(sheets))

    def _print(self, creditor_id: int, sheets: Sequence[Sheet]) -> Iterator[Outcome]:
        """A batch that cannot be set is halved down to the letters that spoil it."""
        try:
            pdf = render_batch([letter.document for _parcel, letter in sheets]).pdf
        except Exception as error:  # noqa: BLE001  # whatever one letter does to the press, the others are printed
            if len(sheets) == 1:
                yield Outcome(_messages(sheets), Result.FAILED, f"The letter cannot be printed: {error}")
                return
            middle = len(sheets) // 2
            yield from self._print(creditor_id, sheets[:middle])
            yield from self._print(creditor_id, sheets[middle:])
            return
        self._lay_down(creditor_id, sheets, pdf)
        yield Outcome(_messages(sheets), Result.SENT)

    def _lay_down(self, creditor_id: int, sheets: Sequence[Sheet], pdf: bytes) -> None:
        first, last = sheets[0][0].message.id, sheets[-1][0].message.id
        name = f"letters-{creditor_id}-{first}-{last}.pdf"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(self._folder, name, pdf)
        except OSError as error:
            raise UnavailableError(f"The print folder {self._folder} cannot be written: {error}") from error


def _letter(parcel: Parcel) -> Letter:
    if not isinstance(parcel.content, Letter):
        raise WrongChannelError(parcel.message.kind, parcel.message.channel)
    return parcel.content


def _creditor(sheet: Sheet) -> int:
    return sheet[1].creditor_id


def _messages(sheets: Sequence[Sheet]) -> tuple[Outgoing, ...]:
    return tuple(parcel.message for parcel, _letter in sheets)


def _write(folder: Path, name: str, content: bytes) -> None:
    """Write under another name first; file and name are on the disk before anything is said to be sent."""
    unfinished = folder / f".{name}.part"
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / name)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
