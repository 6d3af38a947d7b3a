"""Runs of transactions that look alike, taken out of a camt file before the XML parser sees it."""

import re
from collections import deque
from secrets import token_hex

from bankfiles.camt_alike import Alike, Texts, learn
from bankfiles.streams import Window

_START = "<TxDtls>"
_ROOT = re.compile(
    r'\ufeff?(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")?\s*\?>)?\s*'
    r'<Document((?:\s+(?:xmlns(?::\w+)?|xsi:schemaLocation)="[^"<&]*")+)\s*>'
)
# What could make a text look like a transaction that is none, or of another namespace: comments, CDATA, instructions.
_TRAPS = ("<!", "<?", "xmlns")
_KINDS = 8  # patterns that are tried one after the other
_CHANCES = 40  # transactions that are looked at for a new pattern
_PATIENCE = 1 << 20  # bytes that are held back for the end of a tag

Run = list[tuple[Alike, Texts, int]]
"""For each transaction its kind, its texts and the line it begins in."""


class Runs:
    """A window on a file that shows one placeholder, a TxDtls with nothing but a token, for each run.

    A file that is not in UTF-8 or has anything that could mislead is shown as it is, from there to its end. Everything
    else in the file, and the well-formedness of the whole, remains the XML parser's to judge; line ends stay.
    """

    def __init__(self, window: Window, namespace: str) -> None:
        self.token = f"run {token_hex(8)}"
        self.found: deque[Run] = deque()
        self._window = window
        self._namespace = namespace
        self._held = b""
        self._line = 1
        self._begun = False
        self._plain = False
        self._kinds: list[Alike] = []
        self._chances = _CHANCES

    def read(self, size: int) -> bytes:
        """The file's bytes from here on, with runs replaced; empty only at its end."""
        while data := self._window.read(size):
            if self._plain:
                return data
            if shown := self._show(self._held + data):
                return shown
        shown, self._held = self._held, b""
        return shown

    def _show(self, data: bytes) -> bytes:
        """The bytes up to the end of the last transaction, or else of the last tag; the rest is held back."""
        end = data.rfind(b"</TxDtls>") + len(b"</TxDtls>")
        if end < len(b"</TxDtls>"):
            end = data.rfind(b">") + 1
        text = self._text(data[:end])
        if text is None or (end == 0 and len(data) > _PATIENCE):
            self._plain, self._held = True, b""
            return data
        self._held = data[end:]
        return self._without_runs(text).encode()

    def _text(self, data: bytes) -> str | None:
        """The bytes as text, None where the ordinary way is to be taken."""
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return None
        start = 0
        if not self._begun:
            root = _ROOT.match(text)
            if root is None or f' xmlns="{self._namespace}"' not in root[1]:
                return None
            self._begun, start = True, root.end()
        return None if any(text.find(trap, start) >= 0 for trap in _TRAPS) else text

    def _without_runs(self, text: str) -> str:
        pieces, place, line = [], 0, self._line
        while (start := text.find(_START, place)) >= 0:
            line += text.count("\n", place, start)
            end = self._run(text, start, line)
            if end == start:
                end += len(_START)
                pieces.append(text[place:end])
            else:
                lines = text.count("\n", start, end)
                line += lines
                pieces += (text[place:start], _START, self.token, "\n" * lines, "</TxDtls>")
            place = end
        self._line = line + text.count("\n", place)
        pieces.append(text[place:])
        return "".join(pieces)

    def _run(self, text: str, start: int, line: int) -> int:
        """Where the run that begins at a place ends; the place itself if there is none."""
        run: Run = []
        place = start
        while text.startswith(_START, place):
            for kind in self._kinds:
                found = kind.match(text, place)
                if found is not None:
                    break
            else:
                if not self._learn(text, place):
                    break
                continue
            run.append((kind, found.groups(), line))
            end = found.end()
            line += text.count("\n", place, end)
            place = end
        if run:
            self.found.append(run)
        return place

    def _learn(self, text: str, place: int) -> bool:
        if not self._chances or len(self._kinds) == _KINDS:
            return False
        self._chances -= 1
        kind = learn(self._namespace, text, place)
        if kind is None:
            return False
        self._kinds.insert(0, kind)
        return True
