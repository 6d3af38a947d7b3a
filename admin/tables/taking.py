"""The form that takes a list out of the house: as which kind of file, with which columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from admin.user import require
from dues.dates import today
from dues.lists.columns import Eyes
from dues.lists.export import start_export
from dues.lists.ledgers import ledger
from dues.lists.models import Export, Format
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, reader


@dataclass(frozen=True, slots=True)
class Taking:
    """What can be chosen: kinds of files and columns, each with its words and whether it is chosen."""

    ledger: str
    formats: Sequence[tuple[str, str, bool]]
    columns: Sequence[tuple[str, str, bool]]
    fault: str = ""

    def address(self, public_id: UUID) -> str:
        """Return where one sees how far the file is."""
        return url_for("exports.page", public_id=public_id)

    def refused(self) -> "Taking":
        """Return the same with what is wrong."""
        return replace(self, fault=gettext(_("Choose at least one column.")))


def taking(name: str) -> Taking:
    """Return the form of a list as it was sent, or with all columns where it was not."""
    eyes = _eyes()
    sent = request.method == "POST" and "format" in request.form
    written_as = request.form.get("format", Format.XLSX.value)
    chosen = set(request.form.getlist("column")) if sent else {column.key for column in ledger(name).columns}
    words = {Format.XLSX: _("XLSX, for spreadsheets"), Format.CSV: _("CSV, for other programs")}
    return Taking(
        name,
        [(one.value, gettext(said), one.value == written_as) for one, said in words.items()],
        [(column.key, eyes.said(column.words), column.key in chosen) for column in ledger(name).columns],
    )


def begin(form: Taking, *, wanted: Any, said: Sequence[str], path: str) -> Export:
    """Begin to write a list into a file, as whoever asks sees it; raise NotAColumnError."""
    asks = require()
    written_as = next((Format(value) for value, _words, chosen in form.formats if chosen), Format.XLSX)
    return start_export(
        session(),
        name=form.ledger,
        wanted=wanted,
        columns=[key for key, _words, chosen in form.columns if chosen],
        written_as=written_as,
        eyes=_eyes(),
        on=today(session()),
        by=asks.actor,
        staff_id=asks.id,
        path=path,
        said=said,
    )


def begun(form: Taking, export: Export) -> Response:
    """Wake a worker for what was begun, and lead to where one sees how far it is."""
    address, run_id = form.address(export.uuid), export.run_id
    commit(then=lambda: house().wake.run(run_id))
    note(gettext(_("The file is being written. You may leave this page.")))
    return redirect(address, code=303)


def _eyes() -> Eyes:
    return Eyes(reader(), house().settings.time_zone)
