"""Documents as bytes: dataclasses to PDF and QR codes; no database."""

from documents.accounts import AccountKind, ReferenceKind, written_account, written_reference
from documents.join import Batch
from documents.layout import (
    FOOTER_LENGTH,
    FOOTER_LINES,
    NEEDED,
    Column,
    Grouping,
    Layout,
    LayoutError,
    LogoPlace,
)
from documents.model import (
    Beside,
    IncompleteDocumentError,
    Instalment,
    InvoiceDocument,
    Kind,
    Line,
    Logo,
    Look,
    LookError,
    Original,
    Party,
    PaymentDetails,
)
from documents.own import EXAMPLE
from documents.press import ForkedPressError, UnprintableError
from documents.qr import PayloadError
from documents.render import BatchSizeError, preview, render, render_batch, render_batches
from documents.scan import payload, picture
from documents.template import LARGEST_SOURCE, Reason, Template, TemplateError, template_of
from documents.vat import WHOLE, VatPart, rate_words, vat_parts

__all__ = [
    "EXAMPLE",
    "FOOTER_LENGTH",
    "FOOTER_LINES",
    "LARGEST_SOURCE",
    "NEEDED",
    "WHOLE",
    "AccountKind",
    "Batch",
    "BatchSizeError",
    "Beside",
    "Column",
    "ForkedPressError",
    "Grouping",
    "IncompleteDocumentError",
    "Instalment",
    "InvoiceDocument",
    "Kind",
    "Layout",
    "LayoutError",
    "Line",
    "Logo",
    "LogoPlace",
    "Look",
    "LookError",
    "Original",
    "Party",
    "PayloadError",
    "PaymentDetails",
    "Reason",
    "ReferenceKind",
    "Template",
    "TemplateError",
    "UnprintableError",
    "VatPart",
    "payload",
    "picture",
    "preview",
    "rate_words",
    "render",
    "render_batch",
    "render_batches",
    "template_of",
    "vat_parts",
    "written_account",
    "written_reference",
]
