"""PDFs that another system made: an archive of files called by number, of which only real and fitting ones are kept."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from dues.actor import COMMAND_LINE
from dues.invoicing.elsewhere import pdf_of, with_pdf
from dues.invoicing.elsewhere_models import ElsewherePdf
from dues.invoicing.elsewhere_pdfs import Attached, attach_pdfs
from dues.invoicing.models import Invoice
from dues.invoicing.pdf_errors import PdfArchiveError
from tests.factories.members import person
from tests.invoicing.test_take_in import DAY, HEAD, bill, kim, made, taken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession
    from dues.members.models import Person
    from tests.factories.organisation import Organisation

__all__ = ["DAY", "kim", "made"]

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n0\n%%EOF\n"


def zipped(files: dict[str, bytes], way: int = zipfile.ZIP_DEFLATED) -> BytesIO:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", way) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    packed.seek(0)
    return packed


@pytest.fixture
def run(ledger: OpenSession, made: Organisation, kim: Person) -> int:
    return taken(ledger, made, HEAD + bill(kim) + bill(kim, "F-2", "18")).run_id


def attached(ledger: OpenSession, run: int, packed: BytesIO) -> Attached:
    with ledger() as session, session.begin():
        return attach_pdfs(session, run_id=run, archive=packed, by=COMMAND_LINE)


def test_pdfs_find_their_invoices_by_number_and_the_rest_is_told(
    session: Session, ledger: OpenSession, run: int
) -> None:
    packed = {"F-2025-117.pdf": PDF, "f2.PDF": b"GIF89a", "99.pdf": PDF, "F-2025 117.pdf": PDF + b" "}
    found = attached(ledger, run, zipped(packed))
    assert (found.attached, found.there) == (["F-2025-117.pdf"], ["F-2025 117.pdf"])
    assert (found.unknown, found.no_pdf) == (["99.pdf"], ["f2.PDF"])
    session.expire_all()
    assert with_pdf(session, run_id=run) == (1, 2)
    invoice = session.scalars(select(Invoice.id).where(Invoice.called == "F-2025/117")).one()
    assert pdf_of(session, invoice_id=invoice) == PDF


def test_a_pdf_that_is_there_stays(session: Session, ledger: OpenSession, run: int) -> None:
    attached(ledger, run, zipped({"F-2.pdf": PDF}))
    again = attached(ledger, run, zipped({"F-2.pdf": PDF + b"\n%%EOF"}))
    assert (again.attached, again.there) == ([], ["F-2.pdf"])
    assert session.scalars(select(ElsewherePdf.content)).all() == [PDF]
    session.execute(text("RESET ROLE"))
    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(text("UPDATE elsewhere_pdf SET content = ''"))
    session.execute(text("SET ROLE kontingent_jobs"))


@pytest.mark.parametrize(
    ("packed", "why"),
    [
        (BytesIO(b"%PDF-1.7 is no archive"), "no ZIP archive"),
        (zipped({}), "nothing in this archive"),
        (zipped({"../F-2.pdf": PDF}), "in a folder"),
        (zipped({"2025/F-2.pdf": PDF}), "in a folder"),
        (zipped({"C:\\F-2.pdf": PDF}), "in a folder"),
        (zipped({"F-2.pdf": PDF}, zipfile.ZIP_LZMA), "unusual way"),
        (zipped({"F-2.pdf": b"0" * (6 << 20)}), "larger than 5 MB"),
        (zipped({f"{at}.pdf": b"0" * (5 << 20) for at in range(26)}), "larger than 128 MB together"),
        (zipped({f"{at}.pdf": b"" for at in range(2_001)}), "more than 2000 files"),
    ],
)
def test_an_archive_that_cannot_be_is_refused_whole(
    session: Session, ledger: OpenSession, run: int, packed: BytesIO, why: str
) -> None:
    packed.seek(0)
    with pytest.raises(PdfArchiveError, match=why):
        attached(ledger, run, packed)
    assert session.scalars(select(ElsewherePdf.invoice_id)).all() == []


def test_a_damaged_archive_is_refused(ledger: OpenSession, run: int) -> None:
    whole = bytearray(zipped({"F-2.pdf": PDF * 50}, zipfile.ZIP_STORED).getvalue())
    whole[60] ^= 0xFF
    with pytest.raises(PdfArchiveError):
        attached(ledger, run, BytesIO(bytes(whole)))


def test_of_another_run_nothing_is_attached(
    session: Session, ledger: OpenSession, made: Organisation, run: int
) -> None:
    other = taken(ledger, made, HEAD + bill(person(session), "X-1", "26")).run_id
    assert attached(ledger, other, zipped({"F-2.pdf": PDF})).unknown == ["F-2.pdf"]
    assert with_pdf(session, run_id=run) == (0, 2)
