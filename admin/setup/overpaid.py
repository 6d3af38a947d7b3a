"""Overpayment: what each creditor does with money beyond what was owed, and with small differences."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from flask_wtf import FlaskForm

from admin.setup.of_creditors import FinerThanCurrencyError, OfCreditors, as_kept, as_written
from admin.setup.setting import faults
from admin.tables.base import Doors
from admin.tables.columns import NOTHING, Column
from admin.tables.fields import Amount, Choice, Tick
from admin.tables.filters import Choices
from admin.tables.setup_view import Fault, doors_of
from dues.access.permissions import Permission
from dues.groups.models import Creditor, Overpaid
from dues.payments.gifts.funds import open_funds
from dues.payments.overpaid import NegativeToleranceError, NoFundError, NoLimitError, set_overpaid
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, named, reader

_RULES: Final[Mapping[Overpaid, str]] = {
    Overpaid.ASK: _("Somebody decides each time"),
    Overpaid.CREDIT: _("Credit for the next invoice"),
    Overpaid.REFUND: _("It goes back"),
    Overpaid.GIFT: _("A gift"),
}


def _rules() -> Choices:
    return [(rule.value, gettext(words)) for rule, words in _RULES.items()]


def _funds() -> Choices:
    return [(str(fund.id), named(fund.names)) for fund in open_funds(session())]


def _invitation(row: Creditor) -> Mapping[str, Any]:
    return {"invites": row.invites_gifts, "gift_limit": as_written(row.gift_limit, row.currency)}


class OverpaidForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What becomes of what is too much, and what is too little to matter."""

    overpaid = Choice(
        _("What is paid too much becomes"),
        choices=_rules,
        read_as=Overpaid,
        hint=_("For payments that name an invoice. What goes back waits for approval under Refunds."),
    )
    fund = Choice(
        _("Gifts are for"), choices=_funds, read_as=int, optional=True, hint=_("One of this creditor's own funds.")
    )
    invites = Tick(
        _("Invoices for fees invite to pay more"),
        hint=_(
            "What exceeds the fee is a gift to the fund above, or to another one that the payer chooses. The invoice, "
            "its mail and its page say so. Instalments do not invite."
        ),
    )
    gift_limit = Amount(
        _("Gifts up to"), optional=True, hint=_("What is more waits for somebody: it may be a slip. Empty: no limit.")
    )
    tolerance = Amount(
        _("Small differences are written off up to"),
        optional=True,
        hint=_("Too much or too little, in the currency of the books. The invoice is paid then. Empty: never."),
    )


class OverpaidView(OfCreditors):
    """What a creditor does with what is paid too much."""

    edits = Permission.LIMITS_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.LIMITS_EDIT)
    sensitive = True
    door = "overpaid"
    address = "/admin/setup/overpaid"
    words = _("Paid too much or too little")
    about = _("What becomes of money beyond an invoice, and up to which amount differences do not matter.")
    shelf = _("Money")
    columns = (
        Column("name", _("Creditor"), lambda row: row.creditor.name),
        Column("overpaid", _("Paid too much"), lambda row: gettext(_RULES[row.creditor.overpaid])),
        Column("invites", _("Invites to pay more"), lambda row: row.creditor.invites_gifts),
        Column(
            "tolerance",
            _("Written off up to"),
            lambda row: (
                reader().money(row.creditor.tolerance, row.creditor.currency) if row.creditor.tolerance else NOTHING
            ),
            number=True,
        ),
    )
    form = OverpaidForm
    faults = faults(
        "overpaid",
        {
            NoFundError: Fault("fund", _("Choose one of this creditor's own funds.")),
            NoLimitError: Fault("gift_limit", _("Write an amount above nothing.")),
            NegativeToleranceError: Fault("tolerance", _("Write an amount above nothing.")),
            FinerThanCurrencyError: Fault("tolerance", _("The currency has no such decimals.")),
        },
    )

    def filled(self, row: Creditor) -> Mapping[str, Any]:
        """Return the rule as the form shows it."""
        fund = None if row.gift_fund_id is None else str(row.gift_fund_id)
        return {
            "overpaid": row.overpaid.value,
            "fund": fund,
            **_invitation(row),
            "tolerance": as_written(row.tolerance or None, row.currency),
        }

    def change(self, row: Creditor, form: Any) -> None:
        """Set the rule."""
        set_overpaid(
            session(),
            creditor_id=row.id,
            overpaid=form.overpaid.data,
            fund_id=form.fund.data,
            tolerance=as_kept(form.tolerance.data, row.currency) or 0,
            invites=form.invites.data,
            gift_limit=as_kept(form.gift_limit.data, row.currency),
        )
