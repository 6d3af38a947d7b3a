"""How a group's invoices are laid out: its own creditor's, or, where the creditor above lets it, the group's own."""

from typing import Any

from flask import Response, abort, redirect, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from admin.addresses import door
from admin.group.here import group_doors, this_group
from admin.setup.layouts import LayoutForm, filled_form, picture_of, too_much, written
from database.turns import take_turn
from documents import InvoiceDocument, Layout, render
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.layout import LayoutRefusedError, layout_of, set_group_layout, set_layout
from dues.groups.models import Creditor, Group
from dues.groups.own_templates import in_use
from dues.invoicing.freeze_looks import looks_now
from dues.overview.sample_layout import sample_layout
from language import gettext_noop as _
from web.house import begin_anew, commit, session
from web.notes import note
from web.speech import gettext, reader

doors = group_doors("group_layout", "/look/layout")


@doors.get("/")
@permission(Permission.GROUP_LOOK)
def page() -> str:
    """Show the layout that holds, and what it makes of an invoice."""
    group, creditor = _here()
    return _page(LayoutForm(formdata=None, data=filled_form(_holds(group, creditor))), group, creditor)


@doors.post("/")
@permission(Permission.GROUP_LOOK)
def save() -> str | Answer:
    """Lay out so from the next invoice on."""
    group, creditor = _allowed()
    take_turn(session(), f"groups {group.uuid}")
    form = LayoutForm()
    if not form.validate():
        return _page(form, group, creditor)
    try:
        layout = written(form)
    except LayoutRefusedError as error:
        begin_anew()
        form.footer.errors = [too_much(error)]
        return _page(form, *_here())
    if _own(group, creditor):
        set_layout(session(), creditor_id=creditor.id, layout=layout, groups_look=creditor.groups_look)
    else:
        set_group_layout(session(), group_id=group.id, layout=layout)
    commit()
    note(gettext(_("The layout is saved. It holds from the next invoice on; what was issued stays as it was.")))
    return redirect(door("group_layout.page"), code=303)


@doors.post("/drop")
@permission(Permission.GROUP_LOOK)
def drop() -> Answer:
    """Lay out as the nearest group above has it."""
    group, _creditor = _allowed()
    set_group_layout(session(), group_id=group.id, layout=None)
    commit()
    note(gettext(_("Invoices are laid out as in the group above, from the next one on.")))
    return redirect(door("group_layout.page"), code=303)


@doors.post("/preview")
@permission(Permission.GROUP_LOOK)
def preview() -> str:
    """Return the first page as a picture, for a script that shows it while somebody chooses."""
    return render_template("admin/setup/layout_sample.html", **_seen(LayoutForm(), _here()[0]))


@doors.post("/document")
@permission(Permission.GROUP_LOOK)
def document() -> str | Answer:
    """Send an invoice in this layout as a PDF."""
    form, group = LayoutForm(), _here()[0]
    form.validate()
    try:
        made = _sample(group, written(form))
    except LayoutRefusedError:
        return render_template("admin/setup/layout_sample.html", **_seen(form, group))
    answer = Response(render(made), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename="sample.pdf")
    return answer


def _here() -> tuple[Group, Creditor | None]:
    group = session().scalars(select(Group).where(Group.id == this_group().id)).one()
    return group, session().get(Creditor, group.creditor_id) if group.creditor_id else None


def _allowed() -> tuple[Group, Creditor]:
    group, creditor = _here()
    if creditor is None or not (_own(group, creditor) or creditor.groups_look):
        abort(404)
    return group, creditor


def _own(group: Group, creditor: Creditor | None) -> bool:
    return creditor is not None and creditor.group_id == group.id


def _holds(group: Group, creditor: Creditor | None) -> Layout:
    looks = looks_now(session(), group=group, on=today(session()))
    return layout_of(looks.layout if looks else creditor.layout if creditor else {})


def _page(form: LayoutForm, group: Group, creditor: Creditor | None) -> str:
    own = _own(group, creditor)
    templated = in_use(session(), creditors=[creditor.id], on=today(session())) if creditor else {}
    return render_template(
        "group/look/layout.html",
        form=form,
        faults=form.errors,
        ids={one.name: one.first_id for one in form if hasattr(one, "first_id")},
        fields=[form.columns, form.grouping, form.logo, form.footer],
        may=creditor is not None and (own or creditor.groups_look),
        differs=not own and bool(group.layout),
        creditor=creditor,
        templated=bool(templated),
        seen=_seen(form, group),
    )


def _seen(form: Any, group: Group) -> dict[str, Any]:
    """Return the picture of the first page; nothing where the form cannot be shown yet."""
    try:
        return dict(picture_of(_sample(group, written(form))))
    except LayoutRefusedError:
        return {"picture": "", "pages": 0}


def _sample(group: Group, layout: Layout) -> InvoiceDocument:
    return sample_layout(session(), group_id=group.id, layout=layout, language=reader().code, on=today(session()))
