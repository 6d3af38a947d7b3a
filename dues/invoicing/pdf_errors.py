"""Refusals of archives with PDFs of invoices."""

from dues.invoicing.errors import InvoicingError


class PdfArchiveError(InvoicingError):
    """An archive cannot be taken in; ``reason`` is a sentence with ``%(names)s`` that ``values`` fills in."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason % values)
        self.reason = reason
        self.values = values
