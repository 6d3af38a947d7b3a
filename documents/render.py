"""Documents as files: one PDF a document for e-mail, one PDF for many on paper, pictures for the screen."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from documents.model import InvoiceDocument, Logo
from documents.press import press
from documents.printable import printable
from documents.sheet import heading, sheet
from language import Language

# The memory of a batch grows by about 0.4 MB a document; 250 at a time are also the quickest.
LARGEST_BATCH: Final = 1000
SLICE: Final = 250


class BatchSizeError(ValueError):
    """A batch of no documents, or of more than one file should hold."""

    def __init__(self, size: int) -> None:
        super().__init__(f"A batch holds 1 to {LARGEST_BATCH} documents, not {size}; use render_batches for more.")


@dataclass(frozen=True, slots=True)
class Batch:
    """One PDF of many documents; `pages` holds each document's pages in it, counted from zero."""

    pdf: bytes
    pages: tuple[range, ...]


def render(document: InvoiceDocument) -> bytes:
    """Return `document` as a PDF by itself: tagged for screen readers (PDF/UA-1), the same bytes each time.

    Raises `UnprintableError` when the logo cannot be read, `PayloadError` when the payment fits no QR code.
    """
    return press().pdf(_data([document]), document.date, tagged=True)[0]


def render_batch(documents: Sequence[InvoiceDocument]) -> Batch:
    """Return 1 to 1,000 `documents` as one PDF for paper: each begins a page, no tags, the same bytes each time.

    Raises `BatchSizeError`, and what `render` raises.
    """
    if not 0 < len(documents) <= LARGEST_BATCH:
        raise BatchSizeError(len(documents))
    day = max(document.date for document in documents)
    pdf, last_pages = press().pdf(_data(documents), day, tagged=False)
    press().sweep()
    return Batch(pdf, tuple(range(start, end) for start, end in pairwise([0, *last_pages])))


def render_batches(documents: Iterable[InvoiceDocument], size: int = SLICE) -> Iterator[Batch]:
    """Yield `documents` as one PDF for each `size` of them, in their order; only one batch is in memory at a time."""
    waiting: list[InvoiceDocument] = []
    for document in documents:
        waiting.append(document)
        if len(waiting) == size:
            yield render_batch(waiting)
            waiting.clear()
    if waiting:
        yield render_batch(waiting)


def preview(document: InvoiceDocument, ppi: float = 96) -> tuple[bytes, ...]:
    """Return each page of `document` as a PNG of `ppi` pixels an inch, for a screen that shows how it will look."""
    return press().png(_data([document]), ppi)


def _data(documents: Sequence[InvoiceDocument]) -> dict[str, Any]:
    """A logo goes in once for all the documents that bear it."""
    places: dict[tuple[Logo, str], int] = {}
    sheets = []
    for place, document in enumerate(documents):
        logo = document.look.logo
        number = places.setdefault((logo, document.sender.name), len(places)) if logo else None
        sheets.append(sheet(document, place, number))
    return {
        "title": _title(documents),
        "author": printable(documents[0].sender.name),
        "logos": [(list(logo.data), printable(name)) for logo, name in places],
        "documents": sheets,
        "marked": any(one["page"] for one in sheets),
    }


def _title(documents: Sequence[InvoiceDocument]) -> str:
    first, last = (heading(document, Language(document.language)) for document in (documents[0], documents[-1]))
    return first if len(documents) == 1 else f"{first} – {last}"
