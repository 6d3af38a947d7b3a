"""Tables of lines to be charged: send one, say which column is which, and see what is wrong with it."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Plain
from wtforms import StringField

from admin import addresses
from admin.addresses import door
from admin.office import charge_words as words
from admin.office import sent_tables
from admin.office.sent_tables import LARGEST, TableForm, came_before, fault_answer, file_or_stop, keep_sent
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.invoicing.charge_columns import CHARGED, Field, Reading
from dues.invoicing.charge_errors import ChargedBeforeError, ChargeFileError
from dues.invoicing.charge_file import KIND, charge_table, reading_of, table_of
from dues.invoicing.charge_models import ChargeFile
from tablefiles import Notation
from web.house import commit, house, session
from web.uploads import takes_files

doors = Blueprint("charges", __name__, url_prefix="/admin/charges")


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
@takes_files(LARGEST)
def send() -> str | Plain:
    """Keep a table, and go on to its columns; one that came before leads to what became of it."""
    return keep_sent(TableForm(), kind=KIND, page="charges.table", again=_list)


@doors.get("/<uuid:public_id>")
@permission(Permission.INVOICES_READ)
def table(public_id: UUID) -> str:
    """Show a table: which column is which, or what became of it and what is wrong with it."""
    file = file_or_stop(public_id, KIND)
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
    file, form = file_or_stop(public_id, KIND), ReadingForm()
    try:
        run = charge_table(session(), file=file, reading=_reading(form), on=dates.today(session()), by=require().actor)
    except ChargedBeforeError as error:
        return came_before("runs.run", error.run)
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
    return fault_answer(file_or_stop(public_id, KIND))


def _list(form: TableForm) -> str:
    return render_template(
        "admin/charges/list.html",
        form=form,
        may_issue=addresses.may(Permission.INVOICES_ISSUE),
        **sent_tables.listed(KIND),
    )


def _table(file: ChargeFile, form: ReadingForm) -> str:
    return render_template(
        "admin/charges/table.html",
        form=form,
        fields=words.columns(),
        may_issue=addresses.may(Permission.INVOICES_ISSUE),
        **sent_tables.shown(file),
    )


def _reading(form: ReadingForm) -> Reading:
    given = {what: str(form[_name(what)].data or "") for what in CHARGED}
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
