"""Documents as files: one PDF a document for e-mail, one PDF for many on paper, pictures for the screen."""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, pairwise
from typing import Any, Final

from documents.join import Batch, joined
from documents.model import InvoiceDocument, Logo
from documents.own import LARGEST_SLICE, own_batch, own_pdf, pictures
from documents.press import press
from documents.printable import printable
from documents.sheet import heading, sheet
from documents.template import Template, TemplateError
from language import Language

# The memory of a batch grows by about 0.4 MB a document; 250 at a time are also the quickest.
LARGEST_BATCH: Final = 1000
SLICE: Final = 250

log = logging.getLogger(__name__)


class BatchSizeError(ValueError):
    """A batch of no documents, or of more than one file should hold."""

    def __init__(self, size: int) -> None:
        super().__init__(f"A batch holds 1 to {LARGEST_BATCH} documents, not {size}; use render_batches for more.")


def render(document: InvoiceDocument) -> bytes:
    """Return `document` as a PDF by itself: tagged for screen readers (PDF/UA-1), the same bytes each time.

    Raises `UnprintableError` when the logo cannot be read, `PayloadError` when the payment fits no QR code.
    """
    data = batch_data([document])
    if document.look.template is not None:
        with _ours_instead(document):
            return own_pdf(document.look.template, data, document.date)
    return press().pdf(data, document.date, tagged=True)[0]


def render_batch(documents: Sequence[InvoiceDocument]) -> Batch:
    """Return 1 to 1,000 `documents` as one PDF for paper: each begins a page, no tags, the same bytes each time.

    Raises `BatchSizeError`, and what `render` raises.
    """
    if not 0 < len(documents) <= LARGEST_BATCH:
        raise BatchSizeError(len(documents))
    alike = groupby(documents, lambda document: document.look.template)
    parts = [part for template, some in alike for part in _parts(template, list(some))]
    if len(parts) == 1:
        return parts[0]
    return joined(parts)


def _parts(template: Template | None, documents: Sequence[InvoiceDocument]) -> Iterator[Batch]:
    if template is None:
        yield _ours(documents)
        return
    for start in range(0, len(documents), LARGEST_SLICE):
        yield _own(template, documents[start : start + LARGEST_SLICE])


def _own(template: Template, documents: Sequence[InvoiceDocument]) -> Batch:
    with _ours_instead(documents[0]):
        file, last_pages = own_batch(template, batch_data(documents), _day(documents))
        return Batch(file, _pages(last_pages))
    return _ours(documents)


def _ours(documents: Sequence[InvoiceDocument]) -> Batch:
    pdf, last_pages = press().pdf(batch_data(documents), _day(documents), tagged=False)
    press().sweep()
    return Batch(pdf, _pages(last_pages))


def _day(documents: Sequence[InvoiceDocument]) -> dt.date:
    return max(document.date for document in documents)


def _pages(last_pages: Sequence[int]) -> tuple[range, ...]:
    return tuple(range(start, end) for start, end in pairwise([0, *last_pages]))


@contextmanager
def _ours_instead(document: InvoiceDocument) -> Iterator[None]:
    """What a template that held for the samples cannot set is set in the house's own layout: it must be sent."""
    try:
        yield
    except TemplateError as error:
        log.warning("Document %s cannot be set by its own template: %s", document.number, error)


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
    if document.look.template is not None:
        with _ours_instead(document):
            return pictures(document.look.template, batch_data([document]), ppi)
    return press().png(batch_data([document]), ppi)


def batch_data(documents: Sequence[InvoiceDocument]) -> dict[str, Any]:
    """Return what is set, as values JSON can carry; a logo goes in once for all the documents that bear it."""
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
