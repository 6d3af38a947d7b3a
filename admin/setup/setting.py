"""What the set-up views of this house share: values to begin with, facts that a form only shows, common refusals."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final

from wtforms import ValidationError

from admin.setup.fields import fix
from admin.tables.columns import NOTHING
from admin.tables.fields import WordedField
from admin.tables.setup_view import Fault, SetupView
from dues.editing import FixedError, GoneError, MissingError, StillUsedError
from language import gettext_noop as _
from web.speech import gettext, reader

_USERS: Final[Mapping[str, str]] = {
    "groups": _("groups below it"),
    "creditor": _("books of its own"),
    "membership": _("memberships"),
    "membership_type": _("membership types"),
    "type_component": _("membership types"),
    "fee_component": _("parts of fees"),
    "coding_rule": _("rules of accounting"),
    "price_rule": _("prices"),
    "price_class_line": _("invoices or previews"),
    "own_text": _("own texts, also earlier ones"),
    "person_segment": _("persons"),
    "discount": _("discounts"),
    "payer": _("agreements on who pays"),
    "invoice": _("invoices"),
    "invoice_line": _("invoices"),
    "payee": _("invoices"),
    "bank_section": _("bank files"),
    "bank_source": _("banks' servers"),
    "bank_agreement, invoice or entry": _("bank agreements, invoices or entries"),
}


def still_used(error: StillUsedError) -> str:
    """Say what refers to what was to be taken away."""
    users = reader().gettext(_USERS[error.table]) if error.table in _USERS else gettext(_("something else"))
    return gettext(_("This cannot be taken away: it is used by %(users)s."), users=users)


def wrong(text: str, **values: object) -> ValidationError:
    """Return what a form's own check of a field raises; ``text`` is marked for translation."""
    return ValidationError(gettext(text, **values))


class Setting(SetupView):
    """A set-up view. ``fixed`` names fields that are chosen once, when a row is made."""

    create_template = "admin/setup/create.html"
    edit_template = "admin/setup/edit.html"
    fixed: ClassVar[Collection[str]] = ()
    first: ClassVar[str]
    """The field at which a refusal stands that is about none."""

    def defaults(self) -> Mapping[str, Any]:
        """Return what an empty form begins with."""
        return {}

    def fixed_in(self, _row: Any) -> Collection[str]:
        """Return the fields of a row that are fixed by what has happened since."""
        return ()

    def create_form(self) -> Any:
        """Return the form as it begins, or as it was sent."""
        return self.form(data=self.defaults())

    def edit_form(self, row: Any) -> Any:
        """Return the form as the row fills it, or as it was sent; what is fixed stands as it is."""
        filled = self.filled(row)
        form = self.form(data=filled)
        for name in {*self.fixed, *self.fixed_in(row)}:
            fix(form[name], filled.get(name))
        form.row = row
        return form

    def fields(self, form: Any) -> list[WordedField]:
        """Return what is drawn; of what is fixed only what says something."""
        return [field for field in super().fields(form) if field.kind != "fixed" or field.said not in ("", NOTHING)]

    def panel(self, _form: Any) -> Mapping[str, Any]:
        """Return what stands beside the form."""
        return {}


def faults(first: str, more: Mapping[type[Exception], Fault]) -> Mapping[type[Exception], Fault]:
    """Return a view's own refusals, and those that every verb may raise; the latter stand at the first field."""
    common: Mapping[type[Exception], Fault] = {
        StillUsedError: Fault(first, still_used),
        FixedError: Fault(first, _("This was used in the meantime, and some of it is fixed now. Load the page again.")),
        MissingError: Fault(first, _("Fill this in.")),
        GoneError: Fault(first, _("What this belongs to is not there any more.")),
    }
    return {**more, **{kind: fault for kind, fault in common.items() if kind not in more}}


def number_of(key: str) -> int:
    """Return a number that stands in an address; raise ValueError for what is none."""
    if not (key.isascii() and key.isdecimal() and len(key) < len(str(2**63))):
        raise ValueError(key)
    return int(key)
