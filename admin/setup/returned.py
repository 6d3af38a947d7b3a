"""Returned payments: what each creditor does about memberships and about what the bank takes."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from flask_wtf import FlaskForm

from admin.setup.of_creditors import OfCreditors
from admin.setup.setting import faults
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Choice
from admin.tables.setup_view import Fault, doors_of
from dues.access.permissions import Permission
from dues.groups.models import Creditor, ReturnedCover, ReturnedFee
from dues.groups.returned import set_returned
from dues.journal.bank_cost import open_bank_cost
from dues.journal.chart import NoBooksError
from language import gettext_noop as _
from web.house import session
from web.speech import gettext

_COVERS: Final[Mapping[ReturnedCover, str]] = {
    ReturnedCover.TAKE_BACK: _("no longer paid"),
    ReturnedCover.KEEP: _("stay paid"),
}
_FEES: Final[Mapping[ReturnedFee, str]] = {
    ReturnedFee.WAIT: _("waits for a decision"),
    ReturnedFee.COST: _("is booked as a cost"),
}


class ReturnedForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What happens when the bank takes a payment back."""

    cover = Choice(
        _("Memberships that it had paid"),
        choices=lambda: [(one.value, gettext(words)) for one, words in _COVERS.items()],
        read_as=ReturnedCover,
        hint=_("The invoice is open again either way, and the member is told by e-mail."),
    )
    fee = Choice(
        _("A fee that the bank takes with it"),
        choices=lambda: [(one.value, gettext(words)) for one, words in _FEES.items()],
        read_as=ReturnedFee,
        hint=_("A cost has an account of its own, which is opened when this is saved."),
    )


class ReturnedView(OfCreditors):
    """What happens when the bank takes a payment back."""

    doors: ClassVar[Doors] = doors_of(Permission.SETUP_EDIT)
    door = "returned"
    address = "/admin/setup/returned"
    words = _("Returned payments")
    about = _("What happens to memberships and fees when the bank takes a payment back.")
    shelf = _("Money")
    columns = (
        Column("name", _("Creditor"), lambda row: row.creditor.name),
        Column("cover", _("Memberships"), lambda row: gettext(_COVERS[row.creditor.returned_cover])),
        Column("fee", _("The bank's fee"), lambda row: gettext(_FEES[row.creditor.returned_fee])),
    )
    form = ReturnedForm
    faults = faults("fee", {NoBooksError: Fault("fee", _("This creditor has no books yet."))})

    def filled(self, row: Creditor) -> Mapping[str, Any]:
        """Return the rules as the form shows them."""
        return {"cover": row.returned_cover, "fee": row.returned_fee}

    def change(self, row: Creditor, form: Any) -> None:
        """Set the rules."""
        set_returned(session(), creditor_id=row.id, cover=form.cover.data, fee=form.fee.data)
        if form.fee.data is ReturnedFee.COST:
            open_bank_cost(session(), creditor=row)
