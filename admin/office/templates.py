"""Templates and series: what is sent to many at once, and again and again."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.office import again_words, run_words
from admin.office.amounts import money_words
from admin.office.audience import Sheet, empty_sheet, read_audience, read_calendar, read_sheet
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.models import Creditor, Group
from dues.invoicing.bulk import Audience, start_bulk
from dues.invoicing.series import all_series, end_series, find_series, rest_series, runs_of, set_up_series
from dues.invoicing.template_errors import NoDayLeftError, NotBelowError, RetiredError, TemplateError
from dues.invoicing.template_models import InvoiceSeries, InvoiceTemplate
from dues.invoicing.templates import find_template, lines_of, retire_template, templates
from dues.members.choices import types_of_all
from dues.overview.person_file import full_name
from dues.pricing.products import for_sale
from dues.recurrence import Recurrence
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, named

doors = Blueprint("templates", __name__, url_prefix="/admin/templates")

Page = str | Response

_COMING = 5
"""Days that are shown before a series is set up."""


@doors.get("/")
@permission(Permission.INVOICES_ISSUE)
def listed() -> str:
    """List the templates, and the series made of them."""
    return render_template(
        "admin/templates/list.html",
        rows=templates(session()),
        series=all_series(session()),
        again=again_words,
        runs=run_words,
    )


@doors.get("/<uuid:public_id>")
@permission(Permission.INVOICES_ISSUE)
def template(public_id: UUID) -> str:
    """Show a template, and what can be made of it."""
    return _page(_template(public_id), empty_sheet(today(session())))


@doors.post("/<uuid:public_id>")
@permission(Permission.INVOICES_ISSUE)
def press(public_id: UUID) -> Page:
    """Make the preview of a run, show or set up a series, or retire the template."""
    found, do = _template(public_id), request.form.get("do", "")
    if do in {"retire", "offer"}:
        retire_template(session(), template_id=found.id, retired=do == "retire")
        commit()
        return redirect(url_for("templates.listed"), code=303)
    audience, sheet = read_audience(read_sheet(), found, lambda: [one.id for one in types_of_all(session())])
    if sheet.errors:
        return _page(found, sheet)
    try:
        return _sent(found, audience, sheet) if do == "send" else _again(found, audience, sheet, do)
    except TemplateError as error:
        session().rollback()
        return _page(_template(public_id), _told(sheet, error))


@doors.get("/series/<uuid:public_id>")
@permission(Permission.INVOICES_ISSUE)
def series(public_id: UUID) -> str:
    """Show a series: its next days, and what was made of it."""
    row = _series(public_id)
    one = next(one for one in all_series(session(), template_id=row.template_id) if one.series.id == row.id)
    return render_template(
        "admin/templates/series.html",
        one=one,
        coming=[] if row.next_on is None else row.calendar.coming(row.next_on, number=_COMING),
        made=runs_of(session(), series_id=row.id),
        again=again_words,
        runs=run_words,
    )


@doors.post("/series/<uuid:public_id>")
@permission(Permission.INVOICES_ISSUE)
def steer(public_id: UUID) -> Response:
    """Let a series rest, go on, or end."""
    row, do = _series(public_id), request.form.get("do", "")
    if do == "end":
        end_series(session(), series_id=row.id)
    elif do in {"rest", "go"}:
        rest_series(session(), series_id=row.id, rests=do == "rest", on=today(session()))
    commit()
    return redirect(url_for("templates.series", public_id=public_id), code=303)


def _sent(found: InvoiceTemplate, audience: Audience, sheet: Sheet) -> Response:
    run = start_bulk(
        session(),
        template=found,
        audience=audience,
        on=today(session()),
        by=require().actor,
        key=sheet.key,
    )
    address, run_id = run.uuid, run.id
    commit(then=lambda: house().wake.run(run_id))
    return redirect(url_for("runs.run", public_id=address), code=303)


def _again(found: InvoiceTemplate, audience: Audience, sheet: Sheet, do: str) -> Page:
    calendar = read_calendar(sheet)
    if not isinstance(calendar, Recurrence):
        return _page(found, replace(sheet, errors=calendar))
    if do != "set-up":
        return _page(found, sheet, calendar)
    made = set_up_series(
        session(),
        template=found,
        audience=audience,
        calendar=calendar,
        automatic=sheet.boxes["how"] == "automatic",
        on=today(session()),
        key=UUID(sheet.key),
    )
    address = made.uuid
    commit()
    note(gettext(_("The series is set up.")))
    return redirect(url_for("templates.series", public_id=address), code=303)


def _told(sheet: Sheet, error: TemplateError) -> Sheet:
    """Return the sheet with a refusal at the box that it is about."""
    match error:
        case NotBelowError():
            told = "group", _("The template's group can only invoice its own members and those of groups below it.")
        case NoDayLeftError():
            told = "until", _("There is no such day after today. Choose a later one, or leave it empty.")
        case RetiredError():
            told = "group", _("This template is retired. Offer it again first.")
        case _:
            raise error
    return replace(sheet, errors={told[0]: gettext(told[1])})


def _page(found: InvoiceTemplate, sheet: Sheet, calendar: Recurrence | None = None) -> str:
    on = today(session())
    group = session().get_one(Group, found.group_id)
    creditor = session().get(Creditor, group.creditor_id) if group.creditor_id else None
    sold = for_sale(session(), group=group, currency=creditor.currency) if creditor else ()
    return render_template(
        "admin/templates/one.html",
        template=found,
        group=group,
        lines=lines_of(found),
        sold={one.id: one for one in sold},
        currency=creditor.currency if creditor else "",
        sheet=sheet,
        person=full_name(sheet.person) if sheet.person else "",
        calendar=calendar,
        coming=[]
        if calendar is None
        else [day for day in calendar.coming(on, number=_COMING + 1) if day > on][:_COMING],
        types=types_of_all(session()),
        series=all_series(session(), template_id=found.id),
        again=again_words,
        run_words=run_words,
        money_words=money_words,
        named=named,
    )


def _template(public_id: UUID) -> InvoiceTemplate:
    return find_template(session(), public_id=public_id) or abort(404)


def _series(public_id: UUID) -> InvoiceSeries:
    return find_series(session(), public_id=public_id) or abort(404)
