"""Tables of payments at the desk: say once which column is which, see what would be booked, and confirm its sum."""

from typing import Final
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import StringField

from admin.addresses import door
from admin.office import charge_words, taken_in_words
from admin.office.amounts import money_words
from admin.office.found import below
from admin.office.queue_words import account
from admin.user import require
from bankfiles.errors import BankFileError
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.groups.models import BankAgreement
from dues.payments.bank_table import Field, Layout, orders_of
from dues.payments.errors import FileKnownError
from dues.payments.files import one_file
from dues.payments.models import BankFile
from dues.payments.take_table import OtherSumError, Outlook, accounts_for, layout_for, outlook, table_in, take_table
from language import gettext_noop as _
from tablefiles import DateOrder, Notation, Table, read_text
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, pgettext

doors = Blueprint("bank_tables", __name__, url_prefix="/admin/bank-files")

_ROWS: Final = 5


class TableForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The account, which column is which, and the sum that was shown."""

    agreement = StringField()
    booked = StringField()
    value = StringField()
    amount = StringField()
    credit = StringField()
    debit = StringField()
    reference = StringField()
    text = StringField()
    name = StringField()
    account = StringField()
    balance = StringField()
    notation = StringField()
    dates = StringField()
    sum = StringField()


@doors.get("/<uuid:public_id>/table")
@permission(Permission.BANK_FILES_IMPORT)
def show(public_id: UUID) -> str:
    """Ask which column of a table is which; what was said for the account's last table is filled in."""
    file, table = _table_or_stop(public_id)
    found, layout = layout_for(table, accounts_for(session(), path=below()))
    form = TableForm(
        **layout.columns,
        agreement=str(found.id) if found is not None else "",
        notation=layout.notation.value,
        dates=_order(table, layout, known=found is not None),
    )
    seen = _outlook(form, table, layout, found) if found is not None else None
    return _page(file, table, form, seen)


@doors.post("/<uuid:public_id>/table")
@permission(Permission.BANK_FILES_IMPORT)
def take(public_id: UUID) -> str | Response:
    """Show what a table would bring; once its sum is confirmed, start the run that books it."""
    file, table = _table_or_stop(public_id)
    form = TableForm()
    layout, agreement = _layout(form), _agreement(form)
    if agreement is None:
        form.agreement.errors = [gettext(_("Choose the account."))]
        return _page(file, table, form, None)
    if form.dates.data not in set(DateOrder):
        form.dates.errors = [gettext(_("Say how days are written: the table can be read in more than one way."))]
        return _page(file, table, form, None)
    seen = _outlook(form, table, layout, agreement)
    if seen is None or str(form.sum.data or "") != str(seen.sum):
        return _page(file, table, form, seen)
    try:
        on, by = dates.today(session()), require().actor
        run = take_table(session(), file=file, agreement=agreement, layout=layout, confirmed=seen.sum, on=on, by=by)
    except (BankFileError, OtherSumError, FileKnownError) as error:
        session().rollback()
        note(str(error), tone="warn")
        return redirect(door("bank_files.files"), code=303)
    run_id = run.id
    commit(then=lambda: house().wake.run(run_id))
    return redirect(door("bank_files.file", public_id=public_id), code=303)


def _page(file: BankFile, table: Table, form: TableForm, seen: Outlook | None) -> str:
    return render_template(
        "admin/bank_files/table.html",
        file=file,
        form=form,
        seen=seen,
        fields=_fields(),
        accounts=[("", "–"), *_accounts()],
        columns=[("", gettext(_("– not in the table –"))), *((name, name) for name in table.header)],
        notations=charge_words.notations(),
        orders=[*([] if form.dates.data else [("", gettext(_("Choose")))]), *taken_in_words.orders()],
        header=table.header,
        rows=[[read_text(cell) for cell in row.cells] for row in table.rows[:_ROWS]],
        money_words=money_words,
    )


def _accounts() -> list[tuple[str, str]]:
    return [
        (str(one.id), f"{account(one.scheme, one.number)} {one.currency}")
        for one in accounts_for(session(), path=below())
    ]


def _fields() -> list[tuple[str, str]]:
    """What columns may hold: the field of the form, and what it is called."""
    return [
        (Field.BOOKED.value, gettext(_("Booking day"))),
        (Field.VALUE.value, gettext(_("Value day"))),
        (Field.AMOUNT.value, gettext(_("Amount, with a minus for what left"))),
        (Field.CREDIT.value, gettext(_("Amount that came"))),
        (Field.DEBIT.value, gettext(_("Amount that left"))),
        (Field.REFERENCE.value, gettext(_("Payment reference"))),
        (Field.TEXT.value, pgettext("bank table", "Text")),
        (Field.NAME.value, gettext(_("Name of the payer"))),
        (Field.ACCOUNT.value, gettext(_("Account of the payer"))),
        (Field.BALANCE.value, gettext(_("Balance after the line"))),
    ]


def _outlook(form: TableForm, table: Table, layout: Layout, agreement: BankAgreement) -> Outlook | None:
    """What the table would bring; what is wrong with it stands beside the columns."""
    try:
        return outlook(table, layout, agreement)
    except BankFileError as error:
        form.booked.errors = [str(error)]
        return None


def _layout(form: TableForm) -> Layout:
    columns = {what.value: str(form[what.value].data) for what in Field if form[what.value].data}
    notation, order = str(form.notation.data or ""), str(form.dates.data or "")
    return Layout(
        columns,
        Notation(notation) if notation in set(Notation) else Notation.CLEAR,
        DateOrder(order) if order in set(DateOrder) else DateOrder.ISO,
    )


def _order(table: Table, layout: Layout, *, known: bool) -> str:
    """Return how days are written: as said for the account before, else as the days tell; empty where they do not."""
    fits = orders_of(table, layout)
    if known and layout.dates in fits:
        return layout.dates.value
    return DateOrder.ISO.value if DateOrder.ISO in fits else fits[0].value if len(fits) == 1 else ""


def _agreement(form: TableForm) -> BankAgreement | None:
    chosen = str(form.agreement.data or "")
    return next((one for one in accounts_for(session(), path=below()) if str(one.id) == chosen), None)


def _table_or_stop(public_id: UUID) -> tuple[BankFile, Table]:
    """Return a file that was refused, and the table that it is."""
    if one_file(session(), name=public_id, path=below()) is None:
        abort(404)
    file = session().scalars(select(BankFile).where(BankFile.uuid == public_id)).one()
    table = table_in(session(), file)
    return (file, table) if table is not None else abort(404)
