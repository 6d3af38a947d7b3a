"""Layouts: which columns a creditor's documents have, how lines are grouped, and what stands around them."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from flask import Response, abort, render_template, request
from flask_wtf import FlaskForm

from admin.setup.fields import Order
from admin.setup.of_creditors import OfCreditors
from admin.setup.setting import faults, wrong
from admin.tables.base import Doors
from admin.tables.columns import Column as Shown
from admin.tables.fields import Choice, Lines, Tick
from admin.tables.filters import Choices
from admin.tables.setup_view import Fault, doors_of
from admin.tables.theme import expose
from documents import (
    FOOTER_LENGTH,
    FOOTER_LINES,
    NEEDED,
    Column,
    Grouping,
    InvoiceDocument,
    Layout,
    LogoPlace,
    preview,
    render,
)
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.layout import LayoutRefusedError, layout_of, set_layout, written_layout
from dues.groups.models import Creditor
from dues.groups.own_templates import in_use
from dues.overview.sample_layout import sample_layout
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, reader

CREDITOR: Final = "creditor"
_PIXELS_AN_INCH: Final = 80
_COLUMNS: Final = tuple(Column)
_WORDS: Final[Mapping[Column, str]] = {
    Column.WHAT: _("Description"),
    Column.MEMBER: _("Member"),
    Column.PERIOD: _("Period"),
    Column.QUANTITY: _("Quantity"),
    Column.UNIT_PRICE: _("Unit price"),
    Column.VAT: _("VAT"),
    Column.AMOUNT: _("Amount"),
}


def _things() -> Sequence[tuple[int, str]]:
    return [(place, gettext(_WORDS[one])) for place, one in enumerate(_COLUMNS)]


def _groupings() -> Choices:
    return [
        (Grouping.NONE.value, gettext(_("Not at all"))),
        (Grouping.MEMBER.value, gettext(_("By member, with subtotals"))),
        (Grouping.COMPONENT.value, gettext(_("By part of the fee, with subtotals"))),
    ]


def _places() -> Choices:
    return [(LogoPlace.LEFT.value, gettext(_("On the left"))), (LogoPlace.RIGHT.value, gettext(_("On the right")))]


def too_much(_error: LayoutRefusedError) -> str:
    """Say how much room there is at the foot."""
    text = _("There is room for %(lines)s lines of %(length)s characters.")
    return gettext(text, lines=FOOTER_LINES, length=FOOTER_LENGTH)


class LayoutForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """How documents are laid out."""

    columns = Order(
        _("Columns"),
        things=_things,
        hint=_(
            "From left to right: 1, 2, 3 … What has no place stands small below the description; a column "
            "in which nothing would stand is left out."
        ),
    )
    grouping = Choice(_("Lines are put together"), choices=_groupings)
    logo = Choice(_("The logo stands"), choices=_places)
    footer = Lines(
        _("Lines at the foot"),
        optional=True,
        hint=_("Up to three lines above name, number and addresses, for example when you can be called."),
    )

    def validate_columns(self, field: Order) -> None:
        """Nobody can pay what is not said."""
        chosen = [_COLUMNS[place] for place in field.data or []]
        if not field.process_errors and not set(NEEDED) <= set(chosen):
            raise wrong(_("Give description and amount a place."))


class CreditorLayoutForm(LayoutForm):
    """How a creditor's documents are laid out, and whether its groups may have it otherwise."""

    groups_look = Tick(
        _("Groups may look their own way"),
        hint=_(
            "Invoices of a group then bear its own logo, colour and layout, or those of the nearest group above; "
            "sender and account stay this creditor's."
        ),
    )


class LayoutsView(OfCreditors):
    """How the documents of each creditor are laid out."""

    door = "layouts"
    address = "/admin/setup/layouts"
    words = _("Layout of documents")
    about = _("Columns, subtotals, logo and foot of invoices, for each creditor. What was issued stays as it was.")
    shelf = _("Words")
    columns = (
        Shown("name", _("Creditor"), lambda row: row.creditor.name),
        Shown("columns", _("Columns"), lambda row: _said(layout_of(row.creditor.layout))),
        Shown(
            "grouping",
            _("Lines are put together"),
            lambda row: dict(_groupings())[layout_of(row.creditor.layout).grouping.value],
        ),
    )
    form = CreditorLayoutForm
    edit_template = "admin/setup/layout.html"
    edits = Permission.TEXTS_EDIT
    doors: ClassVar[Doors] = doors_of(
        Permission.TEXTS_EDIT, preview=Permission.SETUP_READ, document=Permission.SETUP_READ
    )
    faults = faults("columns", {LayoutRefusedError: Fault("footer", too_much)})

    def filled(self, row: Creditor) -> Mapping[str, Any]:
        """Return the layout as its form shows it."""
        return {**filled_form(layout_of(row.layout)), "groups_look": row.groups_look}

    def change(self, row: Creditor, form: Any) -> None:
        """Lay out so from the next document on."""
        set_layout(session(), creditor_id=row.id, layout=written(form), groups_look=bool(form.groups_look.data))

    def panel(self, form: Any) -> Mapping[str, Any]:
        """Show a page in this layout."""
        return {"creditor": self.key_of(form.row), **_seen(form)}

    def own_template(self, row: Creditor) -> bool:
        """Tell whether a template of the creditor's own sets its documents today."""
        return row.id in in_use(session(), creditors=[row.id], on=today(session()))

    @expose("/preview/", methods=("POST",))
    def preview(self) -> str:
        """Return the first page as a picture, for a script that shows it while somebody chooses."""
        return render_template("admin/setup/layout_sample.html", **_seen(self._sent()))

    @expose("/document/", methods=("POST",))
    def document(self) -> str | Response:
        """Send an invoice in this layout as a PDF."""
        form = self._sent()
        try:
            layout = written(form)
        except LayoutRefusedError:
            return render_template("admin/setup/layout_sample.html", **_seen(form))
        answer = Response(render(_sample(form.row, layout)), mimetype="application/pdf")
        answer.headers.set("Content-Disposition", "inline", filename="sample.pdf")
        return answer

    def _sent(self) -> Any:
        """Return a form that was sent to look at, not to keep."""
        form = self.edit_form(self.get_one(request.form.get(CREDITOR, "")) or abort(404))
        form.validate()
        return form


def filled_form(layout: Layout) -> dict[str, Any]:
    """Return a layout as its form shows it."""
    return {
        "columns": [_COLUMNS.index(one) for one in layout.columns],
        "grouping": layout.grouping.value,
        "logo": layout.logo.value,
        "footer": "\n".join(layout.footer),
    }


def written(form: Any) -> Layout:
    """Return a layout as its form says it. Raises LayoutRefusedError."""
    return written_layout(
        columns=[_COLUMNS[place] for place in form.columns.data or []],
        grouping=Grouping(form.grouping.data) if form.grouping.data in set(Grouping) else Grouping.NONE,
        logo=LogoPlace(form.logo.data) if form.logo.data in set(LogoPlace) else LogoPlace.LEFT,
        footer=form.footer.data or "",
    )


def _seen(form: Any) -> Mapping[str, Any]:
    """Return the picture of the first page and how many there are; nothing where the form cannot be shown yet."""
    try:
        return picture_of(_sample(form.row, written(form)))
    except LayoutRefusedError:
        return {"picture": "", "pages": 0}


def picture_of(document: InvoiceDocument) -> Mapping[str, Any]:
    """Return the picture of a document's first page, and how many pages there are."""
    pages = preview(document, _PIXELS_AN_INCH)
    return {"picture": base64.b64encode(pages[0]).decode(), "pages": len(pages)}


def _sample(creditor: Creditor, layout: Layout) -> InvoiceDocument:
    return sample_layout(
        session(), group_id=creditor.group_id, layout=layout, language=reader().code, on=today(session())
    )


def _said(layout: Layout) -> str:
    return ", ".join(gettext(_WORDS[one]) for one in layout.columns)
