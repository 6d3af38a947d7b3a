"""Bank agreements: the accounts that money comes to, and the references that their banks take."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final

from flask import g
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from admin.setup import finding
from admin.setup.fields import Pick, Picked
from admin.setup.money import currency_choices
from admin.setup.setting import Setting, faults, number_of
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Choice, Number, Text, Tick
from admin.tables.filters import Choices
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from admin.user import require
from documents import written_account
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.errors import AccountInUseError, AccountNumberError, ReferenceKindError, ReferenceLengthError
from dues.groups.lists import ListedAgreement, agreements_page, group_of_creditor
from dues.groups.models import BankAgreement, ReferenceKind
from dues.invoicing.document import ACCOUNT_KINDS
from dues.journal.chart import NoBooksError
from dues.paging import Page
from dues.payments.agreements import (
    FIXED,
    BicError,
    OnlyPreferredError,
    SwishNumberError,
    is_used,
    offer_agreement,
    offer_change,
    remove_agreement,
)
from language import gettext_noop as _
from web.house import house, session
from web.notes import note
from web.speech import gettext

SCHEMES = {
    "BGNR": _("Bankgiro (Sweden)"),
    "PGNR": _("Plusgiro (Sweden)"),
    "BBAN": _("Account number (Norway)"),
    "IBAN": _("IBAN"),
}
KINDS = {
    ReferenceKind.OCR: _("OCR (Sweden)"),
    ReferenceKind.KID: _("KID (Norway)"),
    ReferenceKind.RF: _("RF, the international one"),
}
KEPT = ("scheme", "number", "iban", "bic", "currency", "swish_number", "reference_length", "length_digit", "preferred")


def schemes() -> Choices:
    """Return the kinds of accounts."""
    return [(scheme, gettext(words)) for scheme, words in SCHEMES.items()]


def kinds() -> Choices:
    """Return the kinds of references."""
    return [(kind.value, gettext(words)) for kind, words in KINDS.items()]


def _in_use(error: AccountInUseError) -> str:
    """Say that an account is taken, and not by whom: whoever asks may not know them."""
    if error.own:
        return gettext(_("Another bank agreement has this account in this currency."))
    return gettext(_("This account is used by another creditor already."))


ACCOUNT_FAULTS: Final[Mapping[type[Exception], Fault]] = {
    AccountNumberError: Fault(
        "number",
        _("This number cannot be right: check its length and its digits against the bank's own papers."),
    ),
    AccountInUseError: Fault("number", _in_use),
    ReferenceKindError: Fault(
        "reference_kind",
        _(
            "Payments to accounts of this kind do not carry such references. Choose OCR for Bankgiro and "
            "Plusgiro, KID in Norway, RF elsewhere."
        ),
    ),
    ReferenceLengthError: Fault("reference_length", _("References are 6 to 17 characters long.")),
    BicError: Fault(
        "bic", _("Write the BIC as the bank gives it, 8 or 11 letters and digits, or leave the box empty.")
    ),
    SwishNumberError: Fault(
        "swish_number", _("Write the ten digits of the organisation's Swish number, which begins with 123.")
    ),
    OnlyPreferredError: Fault(
        "preferred",
        _("Invoices need an account. Open the one that shall take its place, and tick this box there."),
    ),
    NoBooksError: Fault("creditor", _("This creditor has no books yet.")),
}
"""Why an account is refused, wherever one is written."""


class AgreementForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a bank agreement is made of."""

    creditor = Pick(
        _("Creditor"), find=finding.creditors, source="creditors.suggest", hint=_("The group whose account it is.")
    )
    scheme = Choice(_("Kind of account"), choices=schemes)
    number = Text(
        _("Number"),
        width="short",
        hint=_(
            "With or without blanks and hyphens. Its check digits are proved. Fixed once documents show "
            "it or bank files came for it."
        ),
    )
    currency = Choice(
        _("Currency"), choices=currency_choices, optional=True, hint=_("The creditor's own where none is chosen.")
    )
    iban = Text(_("IBAN of the same account"), optional=True, hint=_("Where bank files call the account by it."))
    bic = Text(_("BIC"), optional=True, width="short", hint=_("Found from the IBAN where it is left empty."))
    swish_number = Text(
        _("Swish number"), optional=True, width="short", hint=_("Invoices then have a code to scan with Swish.")
    )
    reference_kind = Choice(
        _("Kind of reference"),
        choices=kinds,
        hint=_("What payers quote. Your agreement with the bank says which it takes."),
    )
    reference_length = Number(
        _("Length of the reference"),
        least=6,
        most=17,
        hint=_(
            "From 6 to 17 characters, as agreed with the bank; for RF the most digits within it. Fixed "
            "once used: payers keep old slips."
        ),
    )
    length_digit = Tick(_("The last digit but one tells the length"), hint=_("As some agreements on OCR ask for."))
    preferred = Tick(
        _("Invoices ask for money on this account"),
        hint=_("One account in each currency does. It takes the place of the one that did before."),
    )


class AgreementsView(Setting):
    """Accounts that money comes to."""

    edits = Permission.ACCOUNTS_CHANGE
    doors: ClassVar[Doors] = doors_of(Permission.ACCOUNTS_CHANGE)
    sensitive = True
    door = "agreements"
    address = "/admin/setup/agreements"
    words = _("Bank agreements")
    about = _("The accounts that money comes to, and what payers quote. Invoices show the one that is preferred.")
    shelf = _("Money")
    new_words = _("Add a bank agreement")
    columns = (
        Column(
            "number",
            _("Number"),
            lambda row: written_account(row.agreement.number, ACCOUNT_KINDS[row.agreement.scheme]),
        ),
        Column("scheme", _("Kind of account"), lambda row: gettext(SCHEMES[row.agreement.scheme])),
        Column("creditor", _("Creditor")),
        Column("currency", _("Currency"), lambda row: row.agreement.currency),
        Column("reference", _("Reference"), lambda row: gettext(KINDS[row.agreement.reference_kind])),
        Column("preferred", _("On invoices"), lambda row: row.agreement.preferred),
    )
    search = _("Beginning of a number, or of the group's name")
    form = AgreementForm
    fixed = ("creditor", "currency")
    can_delete = True
    faults = faults(
        "number",
        ACCOUNT_FAULTS,
    )

    def read(self, wanted: Wanted) -> Page[ListedAgreement]:
        """Return a page of agreements."""
        return agreements_page(session(), beginning=wanted.search, at=wanted.place)

    def one(self, key: str) -> BankAgreement | None:
        """Return an agreement by its number among agreements."""
        return session().get(BankAgreement, number_of(key))

    def key_of(self, row: BankAgreement | ListedAgreement) -> str:
        """Return that number."""
        return str(row.id if isinstance(row, BankAgreement) else row.agreement.id)

    def called(self, row: BankAgreement) -> str:
        """Return the account's number as it is written."""
        return str(written_account(row.number, ACCOUNT_KINDS[row.scheme]))

    def defaults(self) -> Mapping[str, Any]:
        """The first account is the one on invoices."""
        return {"reference_length": 12, "preferred": True}

    def fixed_in(self, row: BankAgreement) -> Collection[str]:
        """What documents and bank files say is fixed."""
        if not is_used(session(), agreement_id=row.id):
            return ()
        return [name for name in FIXED if getattr(row, name) is not None]

    def filled(self, row: BankAgreement) -> Mapping[str, Any]:
        """Return an agreement as its form shows it."""
        return {
            **{name: getattr(row, name) for name in KEPT},
            "iban": "" if row.scheme == "IBAN" else row.iban or "",
            "bic": row.bic or "",
            "swish_number": row.swish_number or "",
            "reference_kind": row.reference_kind.value,
            "creditor": Picked.of(row.creditor_id, group_of_creditor(session(), creditor_id=row.creditor_id)),
        }

    def add(self, form: Any) -> BankAgreement:
        """Add an account of a creditor."""
        said = {name: form[name].data for name in KEPT}
        kept = {name: value for name, value in said.items() if value not in ("", None)}
        kind = ReferenceKind(form.reference_kind.data)
        asks, on = require(), today(session())
        made, waits = offer_agreement(
            session(),
            creditor_id=form.creditor.picked,
            reference_kind=kind,
            by=asks.actor,
            proposer=asks.id,
            on=on,
            **kept,
        )
        g.waits = waits is not None
        return made

    def change(self, row: BankAgreement, form: Any) -> None:
        """Change an agreement."""
        said = {name: form[name].data for name in KEPT}
        if row.scheme == "IBAN" or form.scheme.data == "IBAN":
            said.pop("iban")
        asks, on = require(), today(session())
        waits = offer_change(
            session(),
            agreement_id=row.id,
            reference_kind=ReferenceKind(form.reference_kind.data),
            by=asks.actor,
            proposer=asks.id,
            on=on,
            **said,
        )
        g.waits = waits is not None

    def _done(self, words: str) -> Response:
        answer = super()._done(words)
        if g.get("waits"):
            waits = gettext(
                _(
                    "Where members send their money changes when a second person agrees. Until then invoices "
                    "show the account that they showed before. All who may agree are told by mail."
                )
            )
            note(f"{words} {waits}", tone="warn")
            house().wake.messages()
        return answer

    def remove(self, row: BankAgreement) -> None:
        """Take an agreement away."""
        remove_agreement(session(), agreement_id=row.id)
