"""(c) Invoice PDFs with logo, lines and QR code, single and in batch."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from benchmarks.meter import peak_megabytes
from benchmarks.scene import Scene
from documents import render, render_batches
from dues.invoicing.document import invoice_documents
from dues.invoicing.models import Invoice

SINGLE, BATCH = 200, 5000


def measure_printing(scene: Scene) -> dict[str, Any]:
    """Render real invoices of the scene, loaded by the product's own queries."""
    with scene.open_session() as session:
        ids = list(session.scalars(select(Invoice.id).order_by(Invoice.id).limit(BATCH)))
        started = time.process_time()
        documents = list(invoice_documents(session, invoices=ids).values())
        loading = time.process_time() - started
    render(documents[0])  # fonts are read once in a process
    single = _seconds(lambda: [render(document) for document in documents[:SINGLE]])
    batch = _seconds(lambda: list(render_batches(documents)))
    return {
        "pages": len(documents),
        "single_pages_per_cpu_second": round(SINGLE / single),
        "batch_pages_per_cpu_second": round(len(documents) / batch),
        "load_ms_per_document": round(loading / len(documents) * 1000, 2),
        "peak_megabytes": peak_megabytes(),
    }


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
