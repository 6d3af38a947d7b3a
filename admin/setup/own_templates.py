"""Own templates of a creditor: send a .typ, see what it makes of samples, use it from a day, put it aside again."""

import base64
import datetime as dt
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import StringField

from admin.addresses import door
from admin.office.bank_files import plain_name
from admin.setup import template_words as words
from admin.tables.fields import Day
from admin.user import require
from documents import EXAMPLE, LARGEST_SOURCE, InvoiceDocument, TemplateError, template_of
from documents.trial import Sample, Tried, sample_pages
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.models import Creditor
from dues.groups.own_templates import (
    PastDayError,
    TemplateFailedError,
    keep_template,
    sources,
    templates_of,
    use_ours,
    use_template,
    uses,
)
from dues.groups.template_models import OwnTemplate
from dues.overview.sample_layout import sample_invoice
from language import gettext_noop as _
from web.house import begin_anew, commit, session
from web.notes import note
from web.speech import gettext, reader
from web.uploads import takes_files

doors = Blueprint("own_templates", __name__, url_prefix="/admin/setup/own-templates")

_PIXELS_AN_INCH: Final = 80
_PAGES: Final = 3
_FRAMING: Final = 1 << 20


class SendForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The file."""

    file = StringField()


class UseForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """From which day a template is used."""

    from_on = Day(_("From"), hint=_("Invoices that are made on that day or later; all others keep their look."))


class OursForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Nothing but the press."""


@doors.get("/<uuid:creditor>/")
@permission(Permission.SETUP_READ)
def page(creditor: UUID) -> str:
    """Show what a creditor's documents are set by, its templates, and the form for another."""
    return _page(_creditor(creditor), SendForm(formdata=None))


@doors.post("/<uuid:creditor>/")
@permission(Permission.SETUP_EDIT)
@takes_files(LARGEST_SOURCE + _FRAMING)
def send(creditor: UUID) -> str | Response:
    """Try a template, keep it where it holds, and show what it makes of the samples; nothing is used yet."""
    found, form = _creditor(creditor), SendForm()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.file.errors = [gettext(_("Choose a file."))]
        return _page(found, form)
    try:
        template = template_of(sent.stream.read(LARGEST_SOURCE + 1))
        kept = keep_template(
            session(),
            creditor_id=found.id,
            template=template,
            name=plain_name(sent.filename),
            sample=_sample(found),
            by=require().actor,
        )
    except TemplateError as error:
        form.file.errors = [words.fault(error)]
        return _page(found, form)
    except TemplateFailedError as error:
        begin_anew()
        form.file.errors = [gettext(_("This template does not hold for every sample. Below it says where and why."))]
        return _page(_creditor(creditor), form, tried=error.tried)
    address = kept.uuid
    commit()
    note(gettext(_("The template holds for every sample. It is not used yet: look at it, and choose a day.")))
    return redirect(door("own_templates.template", public_id=address), code=303)


@doors.post("/<uuid:creditor>/ours")
@permission(Permission.SETUP_EDIT)
def ours(creditor: UUID) -> Response:
    """Set documents in the house's own layout again, from today."""
    found = _creditor(creditor)
    use_ours(session(), creditor_id=found.id, today=today(session()), by=require().actor)
    commit()
    note(gettext(_("From today on invoices are set in the built-in layout. Those that were issued keep their look.")))
    return redirect(door("own_templates.page", creditor=creditor), code=303)


@doors.get("/template/<uuid:public_id>")
@permission(Permission.SETUP_READ)
def template(public_id: UUID) -> str:
    """Show what a template makes of a sample, and the form that takes it into use."""
    return _template(_kept(public_id), UseForm(formdata=None, data={"from_on": today(session())}))


@doors.post("/template/<uuid:public_id>")
@permission(Permission.SETUP_EDIT)
def use(public_id: UUID) -> str | Response:
    """Take a template into use from a day."""
    kept, form = _kept(public_id), UseForm()
    if not form.validate():
        return _template(kept, form)
    day: dt.date = form.from_on.data
    try:
        use_template(session(), template=kept, from_on=day, today=today(session()), by=require().actor)
    except PastDayError:
        form.from_on.errors = [gettext(_("Choose today or a later day: what was issued keeps its look."))]
        return _template(kept, form)
    address = session().get_one(Creditor, kept.creditor_id).uuid
    commit()
    note(gettext(_("The template is used from %(day)s."), day=reader().long_date(day)))
    return redirect(door("own_templates.page", creditor=address), code=303)


@doors.get("/template/<uuid:public_id>/source.typ")
@permission(Permission.SETUP_READ)
def source(public_id: UUID) -> Response:
    """Send a template as it was sent to us."""
    kept = _kept(public_id)
    return _file(kept.source, "template.typ")


@doors.get("/example.typ")
@permission(Permission.SETUP_READ)
def example() -> Response:
    """Send the template to begin with, which says what it is given."""
    return _file(EXAMPLE, "example.typ")


def _file(content: str, name: str) -> Response:
    answer = Response(content, mimetype="text/plain")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _page(creditor: Creditor, form: SendForm, *, tried: list[Tried] | Any = ()) -> str:
    day = today(session())
    return render_template(
        "admin/setup/own_templates.html",
        form=form,
        ours=OursForm(formdata=None),
        creditor=creditor,
        may=require().may(Permission.SETUP_EDIT),
        uses=uses(session(), creditor_id=creditor.id, today=day),
        templates=templates_of(session(), creditor_id=creditor.id),
        failed=[(words.sample(one), words.wrong(one)) for one in tried if not one.fine],
        today=day,
    )


def _template(kept: OwnTemplate, form: UseForm) -> str:
    creditor = session().get_one(Creditor, kept.creditor_id)
    wanted = request.args.get("sample", "")
    sample = Sample(wanted) if wanted in set(Sample) else Sample.ONE_LINE
    pages, fault = _pages(kept, _sample(creditor), sample)
    return render_template(
        "admin/setup/own_template.html",
        form=form,
        kept=kept,
        creditor=creditor,
        may=require().may(Permission.SETUP_EDIT),
        kinds=[(one.value, words.kind(one)) for one in Sample],
        chosen=sample.value,
        pages=[base64.b64encode(one).decode() for one in pages[:_PAGES]],
        more=max(len(pages) - _PAGES, 0),
        fault=fault,
    )


def _pages(kept: OwnTemplate, plain: InvoiceDocument, sample: Sample) -> tuple[tuple[bytes, ...], str]:
    """Return the pages as pictures; or, where the template does not hold any more, why."""
    try:
        own = sources(session(), templates=[kept.id])[kept.id]
        return sample_pages(own, plain, sample, _PIXELS_AN_INCH), ""
    except TemplateError as error:
        return (), words.fault(error)


def _sample(creditor: Creditor) -> InvoiceDocument:
    return sample_invoice(session(), group_id=creditor.group_id, language=reader().code, on=today(session()))


def _creditor(public_id: UUID) -> Creditor:
    found = session().scalar(select(Creditor).where(Creditor.uuid == public_id))
    return found if found is not None else abort(404)


def _kept(public_id: UUID) -> OwnTemplate:
    found = session().scalar(select(OwnTemplate).where(OwnTemplate.uuid == public_id))
    return found if found is not None else abort(404)
