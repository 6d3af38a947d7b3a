"""A template written: changed, begun anew, copied from another one, or kept from an invoice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.group.here import known_here
from admin.office.amounts import money_words
from admin.office.boxes import LONGEST, tidy
from admin.office.counter import Counter
from admin.office.found import below, books_are_ours, invoice_or_stop, template_or_stop
from admin.office.written_lines import MOST, WrittenLine, faults, written_of
from admin.setup import finding
from admin.setup.fields import meant
from admin.setup.products import vat_words
from admin.tables.filters import UnreadableFilterError
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.groups.models import Creditor, Group
from dues.invoicing.one_off import WantedLine
from dues.invoicing.one_off_errors import TooMuchError
from dues.invoicing.repeat import repeatable
from dues.invoicing.template_errors import EmptyTemplateError, NameTakenError
from dues.invoicing.template_models import InvoiceTemplate
from dues.invoicing.templates import TemplateLine, change_template, lines_of, save_template
from language import gettext_noop as _
from web.house import commit, session
from web.notes import note
from web.speech import gettext, named

doors = Blueprint("template_edit", __name__, url_prefix="/admin/templates")

Page = str | Response


@dataclass(frozen=True)
class Writing:
    """A template as it stands in its boxes; ``changed`` is the one that is changed, None where one is begun.

    ``sender`` is what stands in the box for the group; ``left_out`` counts lines that could not be taken along.
    """

    counter: Counter | None
    name: str = ""
    sender: str = ""
    lines: Sequence[WrittenLine] = ()
    changed: InvoiceTemplate | None = None
    errors: Sequence[tuple[str, str]] = ()
    left_out: int = 0

    def box(self, name: str, data: str) -> SimpleNamespace:
        """Return a box as the macros of all faces draw it."""
        told = dict(self.errors)
        return SimpleNamespace(id=name, name=name, data=data, errors=[told[name]] if name in told else [])


@doors.get("/new")
@permission(Permission.INVOICES_ISSUE)
def begin() -> str:
    """Show an empty template, or the lines of what it is made from: another template, or an invoice."""
    if "template" in request.args:
        found = template_or_stop(_named("template"))
        return _page(_filled(_counter(found.group_id), lines_of(found), _copy_of(found)))
    if "invoice" in request.args:
        head = invoice_or_stop(_named("invoice"))
        return _page(_filled(_counter(head.group.id), repeatable(session(), invoice=head.invoice).lines, ""))
    here = known_here()
    counter = _counter(here.id) if here else None
    return _page(_filled(counter, [], "") if counter else Writing(None))


@doors.post("/new")
@permission(Permission.INVOICES_ISSUE)
def add() -> Page:
    """Add or take away a line, or keep the template."""
    counter, errors = _chosen()
    sender, name = tidy(request.form.get("sender"))[:LONGEST], tidy(request.form.get("name"))[:LONGEST]
    if counter is None:
        return _page(Writing(None, name, sender, errors=errors))
    return _pressed(Writing(counter, name, _said(counter.group), counter.read()))


@doors.get("/<uuid:public_id>/edit")
@permission(Permission.INVOICES_ISSUE)
def ask(public_id: UUID) -> str:
    """Show a template in its boxes."""
    found = template_or_stop(public_id)
    return _page(replace(_filled(_counter(found.group_id), lines_of(found), found.name), changed=found))


@doors.post("/<uuid:public_id>/edit")
@permission(Permission.INVOICES_ISSUE)
def change(public_id: UUID) -> Page:
    """Add or take away a line, or keep what is written."""
    found, counter = template_or_stop(public_id), _counter(template_or_stop(public_id).group_id)
    name = tidy(request.form.get("name"))[:LONGEST]
    return _pressed(Writing(counter, name, lines=counter.read() if counter else (), changed=found))


def _named(what: str) -> UUID:
    try:
        return UUID(request.args[what])
    except ValueError:
        abort(404)


def _counter(group_id: int) -> Counter | None:
    """Return where a group's lines are written: None where nobody has books for it, or not where one is."""
    group = session().get_one(Group, group_id)
    if not books_are_ours(group):
        return None
    return Counter(group, session().get_one(Creditor, group.creditor_id))


def _chosen() -> tuple[Counter | None, list[tuple[str, str]]]:
    """Return where the template is to be, as the form says it, or what is wrong with that."""
    here, written = known_here(), tidy(request.form.get("sender"))[:LONGEST]
    if not written and here is not None:
        return _counter(here.id), []
    if not written:
        return None, [("sender", gettext(_("Choose the group that sends it.")))]
    try:
        group = session().get_one(Group, meant(finding.groups, written).id)
    except UnreadableFilterError as error:
        return None, [("sender", str(error))]
    if not group.path.startswith(below()):
        return None, [("sender", gettext(_("Choose this group, or one below it.")))]
    counter = _counter(group.id)
    said = gettext(_("No group at or above it has books of its own. Choose another one."))
    return counter, [] if counter else [("sender", said)]


def _filled(counter: Counter | None, lines: Sequence[TemplateLine], name: str) -> Writing:
    if counter is None:
        abort(404)
    written = written_of(lines, counter.sold, counter.creditor.currency)
    return Writing(counter, name, _said(counter.group), written, left_out=len(lines) - len(written))


def _said(group: Group) -> str:
    picked = finding.group(group.id)
    return picked.words if picked else ""


def _copy_of(template: InvoiceTemplate) -> str:
    return gettext(_("%(name)s, copy"), name=template.name)


def _pressed(writing: Writing) -> Page:
    counter, do = writing.counter, request.form.get("do", "")
    if counter is None:
        abort(404)
    if do != "keep":
        return _page(replace(writing, lines=counter.changed(writing.lines, do)))
    told, wanted = counter.wanted(writing.lines)
    wrong = faults(told)
    if wrong:
        return _page(replace(writing, lines=told, errors=wrong))
    try:
        return _kept(writing, counter, wanted)
    except EmptyTemplateError:
        said = gettext(_("Write a name, and at least one line."))
    except NameTakenError:
        said = gettext(_("There is a template of that name."))
    except TooMuchError:
        session().rollback()
        return _page(replace(writing, errors=[("add", gettext(_("This is more than an invoice can ask for.")))]))
    session().rollback()
    return _page(replace(writing, errors=[("name", said)]))


def _kept(writing: Writing, counter: Counter, lines: Sequence[WantedLine]) -> Response:
    how = {"name": writing.name, "lines": lines, "prices": counter.prices, "language": counter.group.language}
    if writing.changed is None:
        kept = save_template(session(), group=counter.group, **how)  # type: ignore[arg-type]  # each by its name
        said = _("The template is kept. It can be sent to many now.")
    else:
        kept = change_template(session(), template_id=writing.changed.id, **how)  # type: ignore[arg-type]
        said = _("The template is changed. What was issued stays as it is.")
    address = addresses.door("templates.template", public_id=kept.uuid)
    commit()
    note(gettext(said))
    return redirect(address, code=303)


def _page(writing: Writing) -> str:
    changed, here = writing.changed, known_here()
    back = addresses.door("templates.template", public_id=changed.uuid) if changed else ""
    return render_template(
        "admin/templates/edit.html",
        writing=writing,
        counter=writing.counter,
        most=MOST,
        asks_sender=changed is None and (here is None or here.has_below),
        suggests="" if here else "run_begin.groups",
        to=addresses.door("template_edit.change", public_id=changed.uuid)
        if changed
        else addresses.door("template_edit.add"),
        above={
            "address": back or addresses.door("templates.listed"),
            "words": changed.name if changed else gettext(_("Templates and series")),
        },
        vat_words=vat_words,
        money_words=money_words,
        named=named,
    )
