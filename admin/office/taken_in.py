"""Invoices of other systems: send the table that lists them, say which column is which, and send their PDFs."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Plain
from wtforms import StringField

from admin import addresses
from admin.addresses import door
from admin.office import sent_tables
from admin.office import taken_in_words as own
from admin.office.sent_tables import LARGEST, TableForm, came_before, fault_answer, file_or_stop, keep_sent
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.invoicing.charge_columns import TAKEN_IN, Field, Reading
from dues.invoicing.charge_errors import ChargedBeforeError, ChargeFileError
from dues.invoicing.charge_file import TAKE_IN, reading_of, table_of
from dues.invoicing.charge_models import ChargeFile
from dues.invoicing.elsewhere import with_pdf
from dues.invoicing.elsewhere_pdfs import MAX_ARCHIVE, Attached, attach_pdfs
from dues.invoicing.pdf_errors import PdfArchiveError
from dues.invoicing.take_in_file import known_sources, take_table_in
from dues.runs.models import Run, RunState
from language import gettext_noop as _
from tablefiles import DateOrder, Notation
from web.house import begin_anew, commit, house, session
from web.speech import gettext
from web.uploads import takes_files

doors = Blueprint("taken_in", __name__, url_prefix="/admin/taken-in")

_FRAMING: Final = 1 << 20


class ReadingForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Which column is which, which system it was, and how the table is read."""

    source = StringField()
    invoice = StringField()
    number = StringField()
    email = StringField()
    external = StringField()
    issued = StringField()
    due = StringField()
    reference = StringField()
    price = StringField()
    paid = StringField()
    currency = StringField()
    text = StringField()
    product = StringField()
    account_column = StringField()
    quoted = StringField()
    dates = StringField()
    notation = StringField()
    system = StringField()
    account = StringField()


class PdfForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The archive."""

    archive = StringField()


@doors.get("/")
@permission(Permission.INVOICES_READ)
def tables() -> str:
    """Show the tables that came last, and take another."""
    return _list(TableForm())


@doors.post("/")
@permission(Permission.INVOICES_ISSUE)
@takes_files(LARGEST)
def send() -> str | Plain:
    """Keep a table, and go on to its columns; one that came before leads to what became of it."""
    return keep_sent(TableForm(), kind=TAKE_IN, page="taken_in.table", again=_list)


@doors.get("/<uuid:public_id>")
@permission(Permission.INVOICES_READ)
def table(public_id: UUID) -> str:
    """Show a table: which column is which, or what became of it and what is wrong with it."""
    file = file_or_stop(public_id, TAKE_IN)
    reading = reading_of(session(), file=file, table=table_of(file))
    said = {name: column for name, column in reading.columns.items() if name != Field.ACCOUNT}
    form = ReadingForm(
        **said,
        account_column=reading.columns.get(Field.ACCOUNT, ""),
        source=reading.source,
        quoted=reading.quoted or own.usual(sent_tables.creditor_of(file).country),
        dates=reading.dates.value,
        notation=reading.notation.value,
        system=reading.system,
        account=reading.account,
    )
    return _table(file, form, PdfForm(formdata=None))


@doors.post("/<uuid:public_id>")
@permission(Permission.INVOICES_ISSUE)
def take_in(public_id: UUID) -> str | Plain:
    """Start the run that checks the table and makes a preview; nothing is taken in before that is confirmed."""
    file, form = file_or_stop(public_id, TAKE_IN), ReadingForm()
    try:
        run = take_table_in(session(), file=file, reading=_reading(form), on=dates.today(session()), by=require().actor)
    except ChargedBeforeError as error:
        return came_before("runs.run", error.run)
    except ChargeFileError as error:
        field, sentence = own.refusal(error)
        form[field].errors = [sentence]
        return _table(file, form, PdfForm(formdata=None))
    address, run_id = run.uuid, run.id
    commit(then=lambda: house().wake.run(run_id))
    return redirect(door("runs.run", public_id=address), code=303)


@doors.post("/<uuid:public_id>/pdfs")
@permission(Permission.INVOICES_ISSUE)
@takes_files(MAX_ARCHIVE + _FRAMING)
def pdfs(public_id: UUID) -> str:
    """Attach the PDFs of an archive to the invoices that were taken in with the table, and say which fitted."""
    file, form = file_or_stop(public_id, TAKE_IN), PdfForm()
    if file.run_id is None or session().get_one(Run, file.run_id).state is not RunState.DONE:
        abort(404)
    sent = request.files.get("archive")
    if sent is None or not sent.filename:
        form.archive.errors = [gettext(_("Choose a file."))]
        return _table(file, ReadingForm(formdata=None), form)
    try:
        found = attach_pdfs(session(), run_id=file.run_id, archive=sent.stream, by=require().actor)
    except PdfArchiveError as error:
        form.archive.errors = [gettext(error.reason, **error.values)]
        return _table(file, ReadingForm(formdata=None), form)
    commit()
    begin_anew()
    return _table(file_or_stop(public_id, TAKE_IN), ReadingForm(formdata=None), form, attached=found)


@doors.get("/<uuid:public_id>/faults.csv")
@permission(Permission.INVOICES_READ)
def fault_list(public_id: UUID) -> Response:
    """Send what is wrong with a table, to be mended beside it."""
    return fault_answer(file_or_stop(public_id, TAKE_IN))


def _list(form: TableForm) -> str:
    may_issue = addresses.may(Permission.INVOICES_ISSUE)
    return render_template("admin/taken_in/list.html", form=form, may_issue=may_issue, **sent_tables.listed(TAKE_IN))


def _table(file: ChargeFile, form: ReadingForm, archive: PdfForm, *, attached: Attached | None = None) -> str:
    run = session().get(Run, file.run_id) if file.run_id is not None else None
    done = run is not None and run.state is RunState.DONE and bool(run.result.get("issued"))
    there, taken = with_pdf(session(), run_id=run.id) if run is not None and done else (0, 0)
    return render_template(
        "admin/taken_in/table.html",
        form=form,
        archive=archive,
        may_issue=addresses.may(Permission.INVOICES_ISSUE),
        attached=attached,
        with_pdf=there,
        taken=taken,
        needed=own.needed(),
        more=own.more(),
        kinds=own.kinds(),
        orders=own.orders(),
        sources=known_sources(session()),
        **sent_tables.shown(file),
    )


def _reading(form: ReadingForm) -> Reading:
    given = {what: str(form[own.name(what)].data or "") for what in TAKEN_IN}
    notation, order = str(form.notation.data or ""), str(form.dates.data or "")
    return Reading(
        columns={what.value: name for what, name in given.items() if name},
        notation=Notation(notation) if notation in set(Notation) else Notation.CLEAR,
        dates=DateOrder(order) if order in set(DateOrder) else DateOrder.ISO,
        system=str(form.system.data or "").strip(),
        account=str(form.account.data or ""),
        source=str(form.source.data or ""),
        quoted=str(form.quoted.data or ""),
    )
