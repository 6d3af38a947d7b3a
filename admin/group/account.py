"""The account that a group's members pay to: its own, whose change waits for a second person, or that of one above."""

from typing import Any

from flask import redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from admin.addresses import door
from admin.group.here import group_doors, this_group
from admin.setup.agreements import ACCOUNT_FAULTS, SCHEMES, schemes
from admin.tables.fields import Choice, Text, Tick
from admin.user import require
from documents import AccountKind, written_account
from dues.access.approvals import proposed_by, waiting_for
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.editing import EditingError
from dues.groups.account_of import AccountOf, account_of
from dues.groups.errors import GroupsError
from dues.groups.models import BankAgreement, ReferenceKind
from dues.payments.agreements import KIND, offer_agreement, offer_change
from language import gettext_noop as _
from web.house import begin_anew, commit, house, session
from web.notes import note
from web.speech import gettext

doors = group_doors("group_account", "/money/account")

_KINDS = {
    "BGNR": AccountKind.BANKGIRO,
    "PGNR": AccountKind.PLUSGIRO,
    "BBAN": AccountKind.NORWEGIAN,
    "IBAN": AccountKind.IBAN,
}
REFERENCES = {
    "BGNR": ReferenceKind.OCR,
    "PGNR": ReferenceKind.OCR,
    "BBAN": ReferenceKind.KID,
    "IBAN": ReferenceKind.RF,
}
USUAL = {"SE": "BGNR", "NO": "BBAN"}
_WAITS = _(
    "Where members send their money changes when a second person agrees. Until then invoices show the account that "
    "they showed before. All who may agree are told by mail."
)


class AccountForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """An account at a bank."""

    scheme = Choice(_("Kind of account"), choices=schemes)
    number = Text(
        _("Number"), width="short", hint=_("With or without blanks and hyphens. Its check digits are proved.")
    )
    iban = Text(_("IBAN of the same account"), optional=True, hint=_("Where bank files call the account by it."))
    swish_number = Text(
        _("Swish number"), optional=True, width="short", hint=_("Invoices then have a code to scan with Swish.")
    )
    length_digit = Tick(
        _("The last digit but one tells the length"), hint=_("As some agreements with Swedish banks on OCR ask for.")
    )


def account_words(account: AccountOf) -> str:
    """Return an account as people write it, nothing where there is none."""
    return "" if account.agreement is None else agreement_words(account.agreement)


def agreement_words(agreement: BankAgreement) -> str:
    """Return the kind and the number of an account."""
    number = written_account(agreement.number, _KINDS[agreement.scheme])
    return f"{gettext(SCHEMES[agreement.scheme])} {number}"


@doors.get("/")
@permission(Permission.ACCOUNTS_CHANGE, fresh=True)
def ask() -> str:
    """Show the account, what waits, and the form for another one."""
    usual = USUAL.get(this_group().country, "IBAN")
    return _page(AccountForm(formdata=None, data={"scheme": usual}))


@doors.post("/")
@permission(Permission.ACCOUNTS_CHANGE, fresh=True)
def propose() -> str | Response:
    """Add an account; that members pay to it waits for a second person."""
    account = account_of(session(), group_id=this_group().id)
    form = AccountForm()
    if account.creditor is None or not account.own or not form.validate():
        return _page(form)
    said = {name: form[name].data for name in ("number", "iban", "swish_number", "length_digit") if form[name].data}
    if form.scheme.data == "IBAN":
        said.pop("iban", None)
    try:
        offer_agreement(
            session(),
            creditor_id=account.creditor.id,
            by=require().actor,
            proposer=require().id,
            on=today(session()),
            first_waits=True,
            scheme=form.scheme.data,
            reference_kind=REFERENCES[form.scheme.data],
            **said,
        )
    except (EditingError, GroupsError) as error:
        return _refused(form, error)
    return _done()


@doors.post("/<int:agreement_id>/use")
@permission(Permission.ACCOUNTS_CHANGE, fresh=True)
def prefer(agreement_id: int) -> Response:
    """Ask that members pay to another of the group's accounts."""
    account = account_of(session(), group_id=this_group().id)
    if not account.own or agreement_id not in {one.id for one in account.others}:
        return redirect(door("group_account.ask"), code=303)
    offer_change(
        session(),
        agreement_id=agreement_id,
        by=require().actor,
        proposer=require().id,
        on=today(session()),
        preferred=True,
    )
    return _done()


def _done() -> Response:
    commit(then=house().wake.messages)
    note(gettext(_WAITS), tone="warn")
    return redirect(door("group_account.ask"), code=303)


def _refused(form: Any, error: Exception) -> str:
    fault = next((one for kind, one in ACCOUNT_FAULTS.items() if isinstance(error, kind)), None)
    begin_anew()
    if fault is None:
        raise error
    field = fault.field if fault.field in form else "number"
    form[field].errors = [fault.words(error)]
    return _page(form)


def _page(form: AccountForm) -> str:
    asks, here = require(), this_group()
    account = account_of(session(), group_id=here.id)
    ours = {one.id for one in (*account.others, account.agreement) if one is not None}
    waiting = {
        one.payload["agreement"]: one.proposed_by == asks.id
        for one in (*waiting_for(session(), rights=asks.rights, limit=100), *proposed_by(session(), staff_id=asks.id))
        if one.kind == KIND and one.payload["agreement"] in ours
    }
    return render_template(
        "group/money/account.html",
        form=form,
        faults=form.errors,
        ids={one.name: one.first_id for one in form if hasattr(one, "first_id")},
        fields=[one for one in form if hasattr(one, "first_id")],
        account=account,
        words=account_words(account),
        agreement_words=agreement_words,
        waiting=waiting,
    )
