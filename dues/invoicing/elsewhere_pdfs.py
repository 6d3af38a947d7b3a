"""Takes in the PDFs that another system made of its invoices: an archive (ZIP) of files that are called by number."""

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.invoicing.elsewhere_models import Elsewhere, ElsewherePdf
from dues.invoicing.models import Invoice
from dues.invoicing.pdf_errors import PdfArchiveError
from dues.invoicing.quoted import key_of
from language import gettext_noop as _

MAX_ARCHIVE: Final = 64 << 20
"""Bytes of an archive; more PDFs come in another one."""
MAX_FILES: Final = 2_000
_MAX_FILE: Final = 5 << 20
_MAX_ALL: Final = 128 << 20
_MB: Final = 1 << 20
_HEAD: Final = b"%PDF-"
_END: Final = b"%%EOF"
_TAIL: Final = 1024
_WAYS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1


@dataclass(slots=True)
class Attached:
    """What became of the files of an archive, by their names."""

    attached: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    no_pdf: list[str] = field(default_factory=list)


def attach_pdfs(session: Session, *, run_id: int, archive: IO[bytes], by: Actor) -> Attached:
    """Attach the PDFs of an archive to the invoices that a run took in, each called by its number; in two statements.

    A PDF that is there already stays as it is. Raises PdfArchiveError, and then attaches nothing.
    """
    found = Attached()
    contents = dict(_read(archive, found))
    wanted = (
        select(Elsewhere.number_key, Elsewhere.invoice_id, ElsewherePdf.digest)
        .join(Invoice, Invoice.id == Elsewhere.invoice_id)
        .outerjoin(ElsewherePdf, ElsewherePdf.invoice_id == Elsewhere.invoice_id)
        .where(Invoice.run_id == run_id, Elsewhere.number_key.in_(_keys(contents)))
    )
    invoices = {key: (invoice, digest) for key, invoice, digest in session.execute(wanted)}
    rows: dict[int, dict[str, object]] = {}
    for name, content in contents.items():
        invoice, digest = invoices.get(_key(name), (None, None))
        if invoice is None:
            found.unknown.append(name)
        elif digest is not None or invoice in rows:
            found.there.append(name)
        else:
            found.attached.append(name)
            mark = hashlib.sha256(content).hexdigest()
            rows[invoice] = {"invoice_id": invoice, "content": content, "digest": mark, "actor": str(by)}
    if rows:
        session.execute(insert(ElsewherePdf).on_conflict_do_nothing(), list(rows.values()))
    return found


def _keys(contents: dict[str, bytes]) -> set[str]:
    return {_key(name) for name in contents}


def _key(name: str) -> str:
    return key_of(name[: -len(".pdf")])


def _read(archive: IO[bytes], found: Attached) -> Iterator[tuple[str, bytes]]:
    """Yield the real PDFs of an archive; what is none is told."""
    try:
        with zipfile.ZipFile(archive) as opened:
            files = opened.infolist()
            _refuse(files)
            for file in files:
                content = _content(opened, file)
                if _is_pdf(file.filename, content):
                    yield file.filename, content
                else:
                    found.no_pdf.append(file.filename)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise PdfArchiveError(_("This is no ZIP archive, or it is damaged.")) from error


def _refuse(files: list[zipfile.ZipInfo]) -> None:
    if not files:
        raise PdfArchiveError(_("There is nothing in this archive."))
    if len(files) > MAX_FILES:
        raise PdfArchiveError(_("The archive has more than %(most)s files. Send several."), most=MAX_FILES)
    if any(file.flag_bits & _ENCRYPTED or file.compress_type not in _WAYS for file in files):
        raise PdfArchiveError(_("The archive is locked by a password, or packed in an unusual way."))
    pathed = next((file.filename for file in files if file.is_dir() or not _is_plain(file.orig_filename)), None)
    if pathed is not None:
        raise PdfArchiveError(_("“%(name)s” is in a folder. Put the files themselves into the archive."), name=pathed)
    large = next((file.filename for file in files if file.file_size > _MAX_FILE), None)
    if large is not None:
        raise PdfArchiveError(_("“%(name)s” is larger than %(most)s MB."), name=large, most=_MAX_FILE // _MB)
    if sum(file.file_size for file in files) > _MAX_ALL:
        raise PdfArchiveError(_("The files are larger than %(most)s MB together. Send several."), most=_MAX_ALL // _MB)


def _is_plain(name: str) -> bool:
    """Tell whether a name is a name and no way to somewhere."""
    return name.isprintable() and not {"/", "\\", ":"} & set(name) and not name.startswith(".")


def _content(opened: zipfile.ZipFile, file: zipfile.ZipInfo) -> bytes:
    """Read no more of a file than it says of itself that it holds."""
    with opened.open(file) as stream:
        return stream.read(file.file_size)


def _is_pdf(name: str, content: bytes) -> bool:
    """Tell whether a file is called and built like a PDF: it begins and ends as ISO 32000 says."""
    return name.lower().endswith(".pdf") and content.startswith(_HEAD) and _END in content[-_TAIL:]
