"""The press: one Typst compiler with its fonts and template, kept for the life of the process."""

import datetime as dt
import json
import os
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

_PAGE_TREE: Final = re.compile(rb"/Type/Pages/Count (\d+)")
# Liberation Sans, which the Swiss QR-bill prescribes among others.
_FONTS: Final = str(Path(__file__).with_name("fonts"))
_TEMPLATE: Final = str(Path(__file__).with_name("invoice.typ"))
# Typst forgets a piece of layout when ten compiles in a row did not ask for it.
_COMPILES_UNTIL_FORGOTTEN: Final = 11


class UnprintableError(ValueError):
    """Something in a document cannot be set, most often a logo that is neither a PNG nor an SVG picture."""


class ForkedPressError(RuntimeError):
    """Documents are asked of a process that was forked from one that had already made some."""

    def __init__(self) -> None:
        super().__init__(
            "This process was forked from one that has already made documents; it would wait for ever. "
            "Make documents only in the parent or only in its children."
        )


class Press:
    """Compiles documents with the wheel's own fonts and ours, never the machine's: a page is the same anywhere.

    Typst keeps a pool of threads that does not survive a fork; a forked press raises `ForkedPressError`.
    """

    def __init__(self) -> None:
        self._compiler = typst.Compiler(_TEMPLATE, ignore_system_fonts=True, font_paths=[_FONTS])
        self._lock = Lock()
        self._process = os.getpid()

    def pdf(self, data: dict[str, Any], day: dt.date, *, tagged: bool) -> tuple[bytes, list[int]]:
        """Return the PDF of `data`, dated `day`, and the last page of each of its documents, counted from one.

        A tagged file also declares PDF/UA-1, which Typst checks. It forbids letters that the fonts lack (Chinese,
        emoji): such a file is tagged without the declaration, and the letter is an empty box.
        """
        options = {"format": "pdf", "pdf_tags": tagged, "timestamp": dt.datetime.combine(day, dt.time(), dt.UTC)}
        with self._own_lock():
            if tagged:
                with suppress(UnprintableError):
                    return self._counted(data, pdf_standards=["ua-1"], **options)
            return self._counted(data, **options)

    def _counted(self, data: dict[str, Any], **options: Any) -> tuple[bytes, list[int]]:
        file = self._compile(data, **options)
        if data["marked"]:
            return file, self._last_pages()
        documents = len(data["documents"])
        if _page_count(file) == documents:
            return file, list(range(1, documents + 1))
        # A document ran over although it looked short: where each ends must be asked after all.
        return self._counted({**data, "marked": True}, **options)

    def _last_pages(self) -> list[int]:
        (pages,) = json.loads(self._compiler.query("<last-pages>", field="value"))
        return list(pages)

    def png(self, data: dict[str, Any], ppi: float) -> tuple[bytes, ...]:
        """Return each page of `data` as a PNG of `ppi` pixels an inch."""
        with self._own_lock():
            pages = self._compile(data, format="png", ppi=ppi)
        return (pages,) if isinstance(pages, bytes) else tuple(pages)

    def sweep(self) -> None:
        """Let Typst forget what it kept of earlier documents: a long run then needs the memory of one slice."""
        with self._own_lock():
            for _ in range(_COMPILES_UNTIL_FORGOTTEN):
                self._compiler.compile(b"", format="pdf")

    def _own_lock(self) -> Lock:
        if os.getpid() != self._process:
            raise ForkedPressError
        return self._lock

    def _compile(self, data: dict[str, Any], **options: Any) -> Any:
        inputs = {"data": json.dumps(data, ensure_ascii=False)}
        try:
            return self._compiler.compile(_TEMPLATE, sys_inputs=inputs, **options)
        except typst.TypstError as error:
            raise UnprintableError(f"The document cannot be set: {error.message}. Check the logo.") from error


@cache
def press() -> Press:
    """Return the process's press; the first call loads the fonts."""
    return Press()


def _page_count(file: bytes) -> int:
    """Typst writes the root of the page tree first and in the clear (ISO 32000-1, 7.7.3.2)."""
    found = _PAGE_TREE.search(file)
    return int(found.group(1)) if found else 0
