"""Files that were made apart, as one: documents of several templates, or many of an organisation's own."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PdfWriter


@dataclass(frozen=True, slots=True)
class Batch:
    """One PDF of many documents; `pages` holds each document's pages in it, counted from zero."""

    pdf: bytes
    pages: tuple[range, ...]


def joined(parts: Sequence[Batch]) -> Batch:
    """Return batches as one, in their order."""
    writer, pages, before = PdfWriter(), [], 0
    for part in parts:
        writer.append(io.BytesIO(part.pdf), import_outline=False)
        pages += [range(before + own.start, before + own.stop) for own in part.pages]
        before = pages[-1].stop
    file = io.BytesIO()
    writer.write(file)
    return Batch(file.getvalue(), tuple(pages))
