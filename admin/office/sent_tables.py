"""What all pages of tables have in common that somebody sends: the list, the file, its faults, how it begins."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response, abort, redirect, request
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response as Plain
from wtforms import StringField

from admin.addresses import door
from admin.office import charge_words as words
from admin.office import run_words
from admin.office.bank_files import plain_name
from admin.tables.sheets import Sheet
from admin.user import require
from dues import dates
from dues.groups.models import Creditor, Group
from dues.invoicing.charge_errors import ChargedBeforeError
from dues.invoicing.charge_file import faults, file_named, keep_table, newest_files, table_of
from dues.invoicing.charge_models import ChargeFault, ChargeFile
from dues.journal.earnings import income_accounts
from dues.runs.models import Run
from language import gettext_noop as _
from tablefiles import MAX_BYTES, TableFileError, read_text
from web.house import commit, session
from web.notes import note
from web.speech import gettext, named, reader

LARGEST: Final = MAX_BYTES + (1 << 20)
"""Bytes of a request that brings a table, with what frames it."""
_SHOWN: Final = 25
_ROWS: Final = 5
_BEFORE: Final = _("This table came before. Nothing is charged twice.")


class TableForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The file, and the group whose creditor it is for."""

    file = StringField()
    group = StringField()


def keep_sent(form: TableForm, *, kind: str, page: str, again: Callable[[TableForm], str]) -> str | Plain:
    """Keep a table that was sent, and go on to its page; one that came before leads to what became of it."""
    sent, group = request.files.get("file"), _group(str(form.group.data or ""))
    if sent is None or not sent.filename:
        form.file.errors = [gettext(_("Choose a file."))]
        return again(form)
    if group is None:
        form.group.errors = [gettext(_("Choose who charges it."))]
        return again(form)
    try:
        content, name = sent.stream.read(MAX_BYTES + 1), plain_name(sent.filename)
        kept = keep_table(session(), content=content, name=name, group=group, by=require().actor, kind=kind)
    except TableFileError as error:
        form.file.errors = [words.fault(error.position, error.reason, error.values)]
        return again(form)
    except ChargedBeforeError as error:
        return came_before(page, error.file)
    address = kept.uuid
    commit()
    return redirect(door(page, public_id=address), code=303)


def came_before(page: str, public_id: UUID) -> Plain:
    """Lead to a table that came before, or to its run, and say so."""
    note(gettext(_BEFORE), tone="warn")
    return redirect(door(page, public_id=public_id), code=303)


def listed(kind: str) -> Mapping[str, Any]:
    """Return what a list of tables shows beside its form."""
    groups = session().execute(
        select(Group.uuid, Creditor.name).join(Creditor, Creditor.group_id == Group.id).order_by(Creditor.name)
    )
    return {
        "groups": [(str(uuid), name) for uuid, name in groups],
        "files": newest_files(session(), limit=_SHOWN, kind=kind),
        "words": run_words,
    }


def shown(file: ChargeFile) -> Mapping[str, Any]:
    """Return what the page of a table shows beside its form."""
    table = table_of(file)
    run = session().get(Run, file.run_id) if file.run_id is not None else None
    creditor = creditor_of(file)
    return {
        "file": file,
        "run": run,
        "again": run is None or words.may_try_again(run),
        "creditor": creditor,
        "columns": [("", gettext(_("– not in the table –"))), *((name, name) for name in table.header)],
        "notations": words.notations(),
        "accounts": _accounts(creditor),
        "header": table.header,
        "rows": [[read_text(cell) for cell in row.cells] for row in table.rows[:_ROWS]],
        "wrongs": faults(session(), run_id=run.id, limit=_SHOWN) if run is not None else [],
        "words": words,
        "run_words": run_words,
        "today": dates.today(session()),
    }


def fault_answer(file: ChargeFile) -> Response:
    """Send what is wrong with a table, to be mended beside it."""
    found = [] if file.run_id is None else faults(session(), run_id=file.run_id)
    sheet: Sheet[ChargeFault] = Sheet(words.COLUMNS, found, reader())
    answer = Response("".join(sheet.lines()), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="faults.csv")
    return answer


def file_or_stop(public_id: UUID, kind: str) -> ChargeFile:
    """Return the table of a kind that an address names."""
    found = file_named(session(), name=public_id, kind=kind)
    return found if found is not None else abort(404)


def creditor_of(file: ChargeFile) -> Creditor:
    """Return whose books a table is for."""
    group = session().get_one(Group, file.group_id)
    return session().get_one(Creditor, group.creditor_id)


def _accounts(creditor: Creditor) -> Sequence[tuple[str, str]]:
    found = income_accounts(session(), creditor=creditor)
    return [("", "–"), *((one.code, f"{one.code} {named(one.names)}") for one in found)]


def _group(written: str) -> Group | None:
    try:
        name = UUID(written)
    except ValueError:
        return None
    wanted = select(Group).join(Creditor, Creditor.group_id == Group.id).where(Group.uuid == name)
    return session().scalar(wanted)
