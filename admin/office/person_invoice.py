"""An invoice for one person, written line by line: products and own words, shown as it will be, then issued."""

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID, uuid4

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask import Response as Answer
from werkzeug.wrappers import Response

from admin import addresses
from admin.office.amounts import money_words
from admin.office.boxes import LONGEST, key_of, tidy
from admin.office.counter import Counter
from admin.office.found import below, person_or_stop
from admin.office.one_off_words import said_at
from admin.office.plan_form import PARTS, parts_offered
from admin.office.written_lines import MOST, WrittenLine, faults, written_of
from admin.setup.products import vat_words
from admin.user import require
from documents import preview, render, vat_parts
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import read_day, today
from dues.groups.models import Creditor, Group
from dues.invoicing.errors import InvoicingError
from dues.invoicing.instalments import MOST as MOST_PARTS
from dues.invoicing.models import Invoice
from dues.invoicing.one_off import Ready, Wanted, WantedLine, document_of, prepare
from dues.invoicing.one_off_errors import SomethingElseError, TooMuchError
from dues.invoicing.one_off_write import issue_one_off, written_before
from dues.invoicing.template_errors import EmptyTemplateError, NameTakenError
from dues.invoicing.template_models import InvoiceTemplate
from dues.invoicing.templates import lines_of, save_template, templates
from dues.journal.coding_models import Dimension
from dues.journal.set_coding import dimensions_of
from dues.members.choices import OfferedMembership, going_on
from dues.members.models import Person
from dues.members.places import groups_to_invoice
from dues.overview.person_file import full_name
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, named

doors = Blueprint("person_invoice", __name__, url_prefix="/admin/persons")

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Desk(Counter):
    """For whom an invoice is written, and the groups out of which one may send it."""

    person: Person
    groups: Sequence[Group]
    on: dt.date

    @cached_property
    def memberships(self) -> Mapping[int, OfferedMembership]:
        """The memberships of the person in the group that can be charged."""
        found = going_on(session(), person_id=self.person.id, group_id=self.group.id)
        return {one.id: one for one in found}

    @cached_property
    def dimensions(self) -> Sequence[Dimension]:
        """The dimensions whose codes can be written on a line."""
        return dimensions_of(session(), creditor_id=self.creditor.id)

    @cached_property
    def templates(self) -> Sequence[InvoiceTemplate]:
        """The templates of the group."""
        return [one for one, _group in templates(session(), group_id=self.group.id)]

    @property
    def may_repeat(self) -> bool:
        """Tell whether templates are kept and sent to many where one is."""
        return addresses.has_door("templates.template")


@dataclass(frozen=True, slots=True)
class Written:
    """An invoice as it stands in its boxes; ``key`` makes it one, however often it is sent."""

    key: UUID
    due: str
    lines: Sequence[WrittenLine]
    parts: str = "1"
    errors: Sequence[tuple[str, str]] = ()


@doors.get("/<uuid:public_id>/invoices/new")
@permission(Permission.INVOICES_ISSUE)
def ask(public_id: UUID) -> Page:
    """Show an empty invoice for the group of the person's membership, or for another one of theirs."""
    desk = _desk(person_or_stop(public_id), request.args.get("group", ""))
    return _nobody(public_id) if desk is None else _page(desk, Written(uuid4(), _usual_due(desk), ()))


@doors.post("/<uuid:public_id>/invoices/new")
@permission(Permission.INVOICES_ISSUE)
def press(public_id: UUID) -> Page:
    """Change what is written, show what it would be, or issue it as it was shown."""
    desk = _desk(person_or_stop(public_id), request.form.get("group", ""))
    if desk is None:
        return _nobody(public_id)
    written, do = _written(desk), request.form.get("do", "show")
    if do == "issue" and (before := written_before(session(), key=written.key)) is not None:
        return _there_already(before)
    if do in {"show", "pdf", "issue", "keep"}:
        return _decide(desk, written, do)
    if do in {"template", "repeat"}:
        return _of_template(desk, written, do)
    return _page(desk, replace(written, lines=desk.changed(written.lines, do)))


def _desk(person: Person, slug: str) -> Desk | None:
    """Return where one writes: None where nobody has books for this person."""
    groups = groups_to_invoice(session(), person_id=person.id, below=below())
    if not groups:
        return None
    group = next((one for one in groups if one.slug == slug), None) if slug else groups[0]
    if group is None:
        abort(404)
    creditor = session().get_one(Creditor, group.creditor_id)
    return Desk(group, creditor, person, groups, today(session()))


def _nobody(public_id: UUID) -> Response:
    note(gettext(_("No group has books in which this person could be invoiced.")), tone="warn")
    return redirect(addresses.person(public_id), code=303)


def _usual_due(desk: Desk) -> str:
    return (desk.on + dt.timedelta(days=desk.creditor.payment_days)).isoformat()


def _written(desk: Desk) -> Written:
    """Read the form. Where another creditor was chosen, it is paid when that one is."""
    key = key_of(request.form.get("key"))
    due = "" if desk.moved else tidy(request.form.get("due"))
    parts = tidy(request.form.get("parts")) or "1"
    return Written(key, due or _usual_due(desk), desk.read(), parts=parts)


def _of_template(desk: Desk, written: Written, do: str) -> Page:
    """Add the lines of a template to what is written, or go where it can be repeated for this person."""
    chosen = next((one for one in desk.templates if str(one.uuid) == request.form.get("template")), None)
    if chosen is None:
        return _page(desk, replace(written, errors=[("template", gettext(_("Choose a template.")))]))
    if do == "repeat":
        address = addresses.door("templates.template", public_id=chosen.uuid, person=desk.person.uuid)
        return redirect(address, code=303)
    lines = [*written.lines, *written_of(lines_of(chosen), desk.sold, desk.creditor.currency)]
    return _page(desk, replace(written, lines=lines[:MOST]))


def _kept(desk: Desk, written: Written, lines: Sequence[WantedLine]) -> Page:
    """Keep what is written as a template of the group that sends it."""
    try:
        kept = save_template(
            session(),
            group=desk.group,
            name=tidy(request.form.get("name"))[:LONGEST],
            lines=lines,
            prices=desk.prices,
            language=desk.person.language,
        )
    except EmptyTemplateError:
        return _page(desk, replace(written, errors=[("name", gettext(_("Write a name, and at least one line.")))]))
    except NameTakenError:
        session().rollback()
        return _page(desk, replace(written, errors=[("name", gettext(_("There is a template of that name.")))]))
    except TooMuchError as error:
        return _page(desk, replace(written, errors=[said_at(error, desk.creditor.currency)]))
    address = addresses.door("templates.template", public_id=kept.uuid)
    commit()
    note(gettext(_("The template is kept. It can be sent to many now.")))
    return redirect(address, code=303)


def _decide(desk: Desk, written: Written, do: str) -> Page:
    """Show, print or issue what is written; where it cannot be, say why at the boxes."""
    lines, wanted_rows = desk.wanted(written.lines)
    wrong = faults(lines)
    if do == "keep" and not wrong:
        return _kept(desk, written, [row for row in wanted_rows if row.membership_id is None])
    due = _day(written.due)
    if due is None:
        wrong = [("due", gettext(_("Choose the last day to pay."))), *wrong]
    if written.parts not in dict(parts_offered()):
        wrong = [("parts", gettext(PARTS, least=1, most=MOST_PARTS)), *wrong]
    if wrong or due is None:
        return _page(desk, replace(written, lines=lines, errors=wrong))
    wanted = Wanted(desk.person.id, desk.group.id, due, wanted_rows, int(written.parts))
    try:
        return _decided(desk, written, wanted) if do == "issue" else _shown(desk, written, wanted, do)
    except InvoicingError as error:
        session().rollback()
        return _page(desk, replace(written, lines=lines, errors=[said_at(error, desk.creditor.currency)]))


def _day(written: str) -> dt.date | None:
    try:
        return read_day(written)
    except ValueError:
        return None


def _decided(desk: Desk, written: Written, wanted: Wanted) -> Page:
    """Issue what was seen; where it would say something else by now, show that."""
    try:
        return _issued(written, wanted)
    except SomethingElseError:
        session().rollback()
        return _preview(desk, written, prepare(session(), wanted=wanted, on=desk.on), moved=True), 409


def _issued(written: Written, wanted: Wanted) -> Response:
    invoice = issue_one_off(
        session(),
        wanted=wanted,
        key=written.key,
        on=today(session()),
        by=require().actor,
        seen=request.form.get("seen", ""),
    )
    number, public_id = invoice.called, invoice.uuid
    commit(then=house().wake.messages)
    note(gettext(_("Invoice %(number)s is issued and on its way."), number=number))
    return redirect(_led(public_id), code=303)


def _there_already(invoice: Invoice) -> Response:
    note(gettext(_("Invoice %(number)s was issued already. Nothing was issued twice."), number=invoice.called))
    return redirect(_led(invoice.uuid), code=303)


def _led(public_id: UUID) -> str:
    return addresses.invoice(public_id) or url_for("you.page")


def _shown(desk: Desk, written: Written, wanted: Wanted, do: str) -> Page:
    ready = prepare(session(), wanted=wanted, on=desk.on)
    if do == "pdf":
        return Answer(render(document_of(session(), ready=ready, on=desk.on)), mimetype="application/pdf")
    return _preview(desk, written, ready)


def _preview(desk: Desk, written: Written, ready: Ready, *, moved: bool = False) -> str:
    document = document_of(session(), ready=ready, on=desk.on)
    return render_template(
        "admin/person/invoice_preview.html",
        desk=desk,
        written=written,
        ready=ready,
        document=document,
        picture=base64.b64encode(preview(document, ppi=110)[0]).decode(),
        vat=vat_parts(document.lines),
        moved=moved,
        payer=full_name(ready.payer),
        name=full_name(desk.person),
        vat_words=vat_words,
        money_words=money_words,
        named=named,
        above=_above(desk.person),
    )


def _page(desk: Desk, written: Written) -> str:
    return render_template(
        "admin/person/invoice.html",
        desk=desk,
        written=written,
        name=full_name(desk.person),
        most=MOST,
        parts=parts_offered(),
        vat_words=vat_words,
        money_words=money_words,
        named=named,
        above=_above(desk.person),
    )


def _above(person: Person) -> dict[str, str]:
    return {"address": addresses.person(person.uuid), "words": full_name(person)}
