"""The formats known here: telling them apart by their first bytes, and reading whichever it is."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bankfiles import bgmax, camt, mt940, nets, pain002
from bankfiles.errors import UnknownFormat
from bankfiles.formats import Format
from bankfiles.head import HEAD_SIZE, Head, look
from bankfiles.types import Event, Notice

# Each says from a file's head whether the file is its own. A new format is one more entry.
SNIFFERS: tuple[Callable[[Head], Format | None], ...] = (
    camt.sniff,
    pain002.sniff,
    bgmax.sniff,
    nets.sniff,
    mt940.sniff,
)
NAMES = "camt.052, camt.053, camt.054, pain.002, BgMax, OCR giro, MT940, MT942"

_FOREIGN = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive, not a bank file",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
}
_NOTICES = 5  # of one kind that are told one by one


@dataclass(frozen=True, slots=True)
class Reading:
    """A file being read: its format and version, and what it says.

    `events` raises BankFileError wherever the file turns out to be wrong; what came before must then be discarded.
    """

    format: str
    version: str
    events: Iterator[Event]


def detect(head: bytes) -> Format:
    """The format of a file from its first HEAD_SIZE bytes.

    Raises EmptyFile, UnknownFormat, or, for XML, what makes it unfit to be looked at further.
    """
    seen = look(head)
    for sniff in SNIFFERS:
        found = sniff(seen)
        if found is not None:
            return found
    raise _unknown(seen)


def read(stream: BinaryIO) -> Reading:
    """Recognises the format of a seekable stream and reads it from its beginning, in constant memory.

    The stream belongs to the reading until its last event, because some formats give a section's number and totals at
    its end, which takes a look ahead.
    """
    stream.seek(0)
    found = detect(stream.read(HEAD_SIZE))
    return Reading(found.name, found.version, _calm(found.read(stream)))


def _unknown(head: Head) -> UnknownFormat:
    if head.root is not None:
        sentence = 'the file is XML, but "{root}" in the namespace "{namespace}" is not known; known are {names}'
        return UnknownFormat("", sentence, root=head.root, namespace=head.namespace, names=NAMES)
    for start, what in _FOREIGN.items():
        if head.data.startswith(start):
            return UnknownFormat("", "the file is {what}; known are {names}", what=what, names=NAMES)
    beginning = "".join(c if c.isprintable() else "?" for c in head.data[:20].decode("ascii", "replace"))
    sentence = 'the file begins with "{beginning}", as no format known here does; known are {names}'
    return UnknownFormat("", sentence, beginning=beginning, names=NAMES)


def _calm(events: Iterator[Event]) -> Iterator[Event]:
    """Lets the first few notices of a kind pass, and counts the others: a file may have a million short lines."""
    seen: Counter[str] = Counter()
    for event in events:
        if isinstance(event, Notice):
            seen[event.sentence] += 1
            if seen[event.sentence] > _NOTICES:
                continue
        yield event
    for sentence, count in seen.items():
        if count > _NOTICES:
            example = sentence.format_map(_Dots())
            yield Notice("", "{count} more like: {example}", {"count": count - _NOTICES, "example": example})


class _Dots(dict[str, str]):
    """Stands for values that differ from notice to notice."""

    def __missing__(self, name: str) -> str:
        return "…"
