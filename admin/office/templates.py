"""Templates and series: what is sent to many at once, and again and again."""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.group.here import known_here
from admin.office import again_words, run_words
from admin.office.amounts import money_words
from admin.office.audience import Sheet, audience_of, empty_sheet, picked, read_sheet
from admin.office.audience_page import told, who_page
from admin.office.audience_words import chosen_words
from admin.office.found import below, books_are_ours, series_or_stop, template_or_stop
from admin.office.series_days import BOXES, read_calendar, usual_days
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.models import Creditor, Group
from dues.invoicing.audience import Audience
from dues.invoicing.bulk import start_bulk
from dues.invoicing.series import all_series, end_series, rest_series, runs_of, set_up_series
from dues.invoicing.template_errors import TemplateError
from dues.invoicing.template_models import InvoiceTemplate
from dues.invoicing.templates import lines_of, retire_template, templates
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
@permission(Permission.INVOICES_READ)
def listed() -> str:
    """List the templates, and the series made of them."""
    return render_template(
        "admin/templates/list.html",
        rows=templates(session(), below=below()),
        series=all_series(session(), below=below()),
        again=again_words,
        runs=run_words,
        narrowed=urlencode({key: value for key, value in request.args.items() if value}),
        may_write=_may_write(),
    )


def _may_write() -> bool:
    """Tell whether templates can be written here: in a group's house where books are."""
    at = known_here()
    group = None if at is None else session().get_one(Group, at.id)
    return addresses.may(Permission.INVOICES_ISSUE) and (
        group is None or at is None or at.has_below or books_are_ours(group)
    )


@doors.get("/<uuid:public_id>")
@permission(Permission.INVOICES_READ)
def template(public_id: UUID) -> str:
    """Show a template, and what can be made of it; an address of a list of members fills in who gets it."""
    return _page(template_or_stop(public_id), empty_sheet(usual_days(today(session()))))


@doors.post("/<uuid:public_id>")
@permission(Permission.INVOICES_ISSUE)
def press(public_id: UUID) -> Page:
    """Make the preview of a run, show or set up a series, or retire the template."""
    found, do = template_or_stop(public_id), request.form.get("do", "")
    if do in {"retire", "offer"}:
        retire_template(session(), template_id=found.id, retired=do == "retire")
        commit()
        return redirect(addresses.door("templates.listed"), code=303)
    sheet = picked(read_sheet(BOXES), do)
    if sheet.told or do not in {"send", "show", "set-up"}:
        return _page(found, sheet)
    audience = audience_of(sheet, sender_id=found.group_id)
    try:
        return _sent(found, audience, sheet) if do == "send" else _again(found, audience, sheet, do)
    except TemplateError as error:
        session().rollback()
        return _page(template_or_stop(public_id), told(sheet, error))


@doors.get("/series/<uuid:public_id>")
@permission(Permission.INVOICES_READ)
def series(public_id: UUID) -> str:
    """Show a series: its next days, and what was made of it."""
    row = series_or_stop(public_id)
    one = next(one for one in all_series(session(), template_id=row.template_id) if one.series.id == row.id)
    return render_template(
        "admin/templates/series.html",
        one=one,
        chosen=chosen_words(row.audience),
        may_issue=addresses.may(Permission.INVOICES_ISSUE),
        coming=[] if row.next_on is None else row.calendar.coming(row.next_on, number=_COMING),
        made=runs_of(session(), series_id=row.id),
        again=again_words,
        runs=run_words,
    )


@doors.post("/series/<uuid:public_id>")
@permission(Permission.INVOICES_ISSUE)
def steer(public_id: UUID) -> Response:
    """Let a series rest, go on, or end."""
    row, do = series_or_stop(public_id), request.form.get("do", "")
    if do == "end":
        end_series(session(), series_id=row.id)
    elif do in {"rest", "go"}:
        rest_series(session(), series_id=row.id, rests=do == "rest", on=today(session()))
    commit()
    return redirect(addresses.door("templates.series", public_id=public_id), code=303)


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
    return redirect(addresses.door("runs.run", public_id=address), code=303)


def _again(found: InvoiceTemplate, audience: Audience, sheet: Sheet, do: str) -> Page:
    calendar = read_calendar(sheet.boxes)
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
    return redirect(addresses.door("templates.series", public_id=address), code=303)


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
        calendar=calendar,
        coming=[]
        if calendar is None
        else [day for day in calendar.coming(on, number=_COMING + 1) if day > on][:_COMING],
        series=all_series(session(), template_id=found.id),
        again=again_words,
        run_words=run_words,
        money_words=money_words,
        named=named,
        may_issue=addresses.may(Permission.INVOICES_ISSUE),
        **who_page(sheet),
    )
