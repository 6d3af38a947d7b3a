"""Tables of lines to be charged: send one, say which column is which, and see what is wrong with it."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response as Plain
from wtforms import StringField

from admin import addresses
from admin.addresses import door
from admin.office import charge_words as words
from admin.office import run_words
from admin.office.bank_files import plain_name
from admin.tables.sheets import Sheet
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.groups.models import Creditor, Group
from dues.invoicing.charge_columns import Field, Reading
from dues.invoicing.charge_errors import ChargedBeforeError, ChargeFileError
from dues.invoicing.charge_file import charge_table, faults, file_named, keep_table, newest_files, reading_of, table_of
from dues.invoicing.charge_models import ChargeFault, ChargeFile
from dues.journal.earnings import income_accounts
from dues.runs.models import Run
from language import gettext_noop as _
from tablefiles import MAX_BYTES, Notation, TableFileError, read_text
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, named, reader
from web.uploads import takes_files

doors = Blueprint("charges", __name__, url_prefix="/admin/charges")

_FRAMING: Final = 1 << 20
_SHOWN: Final = 25
_ROWS: Final = 5


class TableForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The file, and the group whose creditor charges it."""

    file = StringField()
    group = StringField()


class ReadingForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Which column is which, and how the table is read."""

    number = StringField()
    email = StringField()
    external = StringField()
    product = StringField()
    text = StringField()
    quantity = StringField()
    price = StringField()
    account_column = StringField()
    notation = StringField()
    system = StringField()
    account = StringField()
    due_on = StringField()


@doors.get("/")
@permission(Permission.INVOICES_READ)
def tables() -> str:
    """Show the tables that came last, and take another."""
    return _list(TableForm())


@doors.post("/")
@permission(Permission.INVOICES_ISSUE)
@takes_files(MAX_BYTES + _FRAMING)
def send() -> str | Plain:
    """Keep a table, and go on to its columns; one that came before leads to what became of it."""
    form = TableForm()
    sent, group = request.files.get("file"), _group(str(form.group.data or ""))
    if sent is None or not sent.filename:
        form.file.errors = [gettext(_("Choose a file."))]
        return _list(form)
    if group is None:
        form.group.errors = [gettext(_("Choose who charges it."))]
        return _list(form)
    try:
        content, name = sent.stream.read(MAX_BYTES + 1), plain_name(sent.filename)
        kept = keep_table(session(), content=content, name=name, group=group, by=require().actor)
    except TableFileError as error:
        form.file.errors = [words.fault(error.position, error.reason, error.values)]
        return _list(form)
    except ChargedBeforeError as error:
        note(gettext(_("This table came before. Nothing is charged twice.")), tone="warn")
        return redirect(door("charges.table", public_id=error.file), code=303)
    address = kept.uuid
    commit()
    return redirect(door("charges.table", public_id=address), code=303)


@doors.get("/<uuid:public_id>")
@permission(Permission.INVOICES_READ)
def table(public_id: UUID) -> str:
    """Show a table: which column is which, or what became of it and what is wrong with it."""
    file = _file_or_stop(public_id)
    reading = reading_of(session(), file=file, table=table_of(file))
    said = {name: column for name, column in reading.columns.items() if name != Field.ACCOUNT}
    form = ReadingForm(
        **said,
        account_column=reading.columns.get(Field.ACCOUNT, ""),
        notation=reading.notation.value,
        system=reading.system,
        account=reading.account,
        due_on=reading.due_on,
    )
    return _table(file, form)


@doors.post("/<uuid:public_id>")
@permission(Permission.INVOICES_ISSUE)
def charge(public_id: UUID) -> str | Plain:
    """Start the run that checks the table and makes a preview; nothing is issued before that is confirmed."""
    file, form = _file_or_stop(public_id), ReadingForm()
    try:
        run = charge_table(session(), file=file, reading=_reading(form), on=dates.today(session()), by=require().actor)
    except ChargedBeforeError:
        note(gettext(_("This table came before. Nothing is charged twice.")), tone="warn")
        return redirect(door("charges.table", public_id=public_id), code=303)
    except ChargeFileError as error:
        field = form[words.FIELDS.get(type(error), "number")]
        field.errors = [words.refusal(error)]
        return _table(file, form)
    address, run_id = run.uuid, run.id
    commit(then=lambda: house().wake.run(run_id))
    return redirect(door("runs.run", public_id=address), code=303)


@doors.get("/<uuid:public_id>/faults.csv")
@permission(Permission.INVOICES_READ)
def fault_list(public_id: UUID) -> Response:
    """Send what is wrong with a table, to be mended beside it."""
    file = _file_or_stop(public_id)
    found = [] if file.run_id is None else faults(session(), run_id=file.run_id)
    sheet: Sheet[ChargeFault] = Sheet(words.COLUMNS, found, reader())
    answer = Response("".join(sheet.lines()), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="faults.csv")
    return answer


def _list(form: TableForm) -> str:
    groups = session().execute(
        select(Group.uuid, Creditor.name).join(Creditor, Creditor.group_id == Group.id).order_by(Creditor.name)
    )
    return render_template(
        "admin/charges/list.html",
        form=form,
        groups=[(str(uuid), name) for uuid, name in groups],
        files=newest_files(session(), limit=_SHOWN),
        words=run_words,
        may_issue=addresses.may(Permission.INVOICES_ISSUE),
    )


def _table(file: ChargeFile, form: ReadingForm) -> str:
    table = table_of(file)
    run = session().get(Run, file.run_id) if file.run_id is not None else None
    group = session().get_one(Group, file.group_id)
    creditor = session().get_one(Creditor, group.creditor_id)
    return render_template(
        "admin/charges/table.html",
        file=file,
        form=form,
        run=run,
        again=run is None or words.may_try_again(run),
        creditor=creditor,
        columns=[("", gettext(_("– not in the table –"))), *((name, name) for name in table.header)],
        fields=words.columns(),
        notations=words.notations(),
        accounts=[
            ("", "–"),
            *((one.code, f"{one.code} {named(one.names)}") for one in income_accounts(session(), creditor=creditor)),
        ],
        header=table.header,
        rows=[[read_text(cell) for cell in row.cells] for row in table.rows[:_ROWS]],
        wrongs=faults(session(), run_id=run.id, limit=_SHOWN) if run is not None else [],
        words=words,
        run_words=run_words,
        today=dates.today(session()),
        may_issue=addresses.may(Permission.INVOICES_ISSUE),
    )


def _reading(form: ReadingForm) -> Reading:
    given = {what: str(form[_name(what)].data or "") for what in Field}
    notation = str(form.notation.data or "")
    return Reading(
        columns={what.value: name for what, name in given.items() if name},
        notation=Notation(notation) if notation in set(Notation) else Notation.CLEAR,
        system=str(form.system.data or "").strip(),
        account=str(form.account.data or ""),
        due_on=str(form.due_on.data or "").strip(),
    )


def _name(what: Field) -> str:
    return "account_column" if what is Field.ACCOUNT else what.value


def _group(written: str) -> Group | None:
    try:
        name = UUID(written)
    except ValueError:
        return None
    wanted = select(Group).join(Creditor, Creditor.group_id == Group.id).where(Group.uuid == name)
    return session().scalar(wanted)


def _file_or_stop(public_id: UUID) -> ChargeFile:
    found = file_named(session(), name=public_id)
    return found if found is not None else abort(404)
