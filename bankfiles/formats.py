"""What a format is: its name, its version and how its files are read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bankfiles.types import Event


@dataclass(frozen=True, slots=True)
class Format:
    """A format as recognised in a file: `name` ("camt.054", "BgMax"), `version` ("001.08") and its reader.

    `read` takes a seekable stream and yields the events; it raises BankFileError wherever the file turns out wrong.
    """

    name: str
    version: str
    read: Callable[[BinaryIO], Iterator[Event]]
