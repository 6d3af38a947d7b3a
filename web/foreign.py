"""Sends documents that another system made: to be kept, and never shown within a page of ours."""

import re
from typing import Final

from flask import Response, abort
from sqlalchemy.orm import Session

from dues.invoicing.elsewhere import pdf_of
from dues.invoicing.models import Invoice

_UNUSUAL: Final = re.compile(r"[^\w.-]+")


def foreign_pdf(session: Session, invoice: Invoice) -> Response:
    """Send the PDF that another system made of an invoice; stop where none came.

    Nobody here wrote it: it is handed over as a file, and a browser that opens it all the same lets it do nothing.
    """
    content = pdf_of(session, invoice_id=invoice.id)
    if content is None:
        abort(404)
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{_UNUSUAL.sub('-', invoice.called)}.pdf")
    answer.headers.set("Content-Security-Policy", "sandbox; default-src 'none'")
    return answer
