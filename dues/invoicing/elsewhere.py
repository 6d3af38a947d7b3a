"""Reads what invoices have that another system issued: which one, and the PDF that it made."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.invoicing.elsewhere_models import Elsewhere, ElsewherePdf
from dues.invoicing.models import Invoice


def elsewhere_of(session: Session, *, invoice_id: int) -> Elsewhere | None:
    """Return what is known of an invoice that another system issued; None where it is ours."""
    return session.get(Elsewhere, invoice_id)


def has_pdf(session: Session, *, invoice_id: int) -> bool:
    """Tell whether the PDF of such an invoice was sent along."""
    return session.scalar(select(ElsewherePdf.digest).where(ElsewherePdf.invoice_id == invoice_id)) is not None


def pdf_of(session: Session, *, invoice_id: int) -> bytes | None:
    """Return the PDF that another system made of an invoice, as it came; None where none came."""
    return session.scalar(select(ElsewherePdf.content).where(ElsewherePdf.invoice_id == invoice_id))


def with_pdf(session: Session, *, run_id: int) -> tuple[int, int]:
    """Return of how many of the invoices that a run took in there is a PDF, and how many it took in."""
    wanted = (
        select(func.count(ElsewherePdf.invoice_id), func.count())
        .select_from(Invoice)
        .outerjoin(ElsewherePdf, ElsewherePdf.invoice_id == Invoice.id)
        .where(Invoice.run_id == run_id, Invoice.printed.is_not(None))
    )
    there, all_of_them = session.execute(wanted).one()
    return there, all_of_them
