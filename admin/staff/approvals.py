"""What needs two persons: what waits, what it would do in words, and the answer of the second person."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.keeper import lacks_second_factor
from admin.office.amounts import money_words
from admin.office.refund_words import account_words
from admin.staff.words import may_words, place_words
from admin.user import require
from dues.access import grants, roles
from dues.access.approvals import approve, decided, proposed_by, refuse, waiting_for
from dues.access.declare import staff
from dues.access.errors import ApprovalError, DecidedError, OneHandError, OwnApprovalError, RoleMovedError
from dues.access.hands import behind_both
from dues.access.models import Approval, ApprovalState, Staff, StaffRole
from dues.access.staff import staff_names
from dues.dates import today
from dues.editing import EditingError
from dues.groups.errors import GroupsError
from dues.groups.find import group_names
from dues.groups.models import BankAgreement, Creditor
from dues.invoicing.errors import InvoicingError
from dues.invoicing.models import Invoice
from dues.patience import BusyError
from dues.payments import agreements, credit_limit
from dues.payments.errors import PaymentError
from dues.payments.refunds import approve as approve_refund
from dues.payments.refunds.models import Refund
from language import gettext_noop as _
from web.house import begin_anew, commit, house, session
from web.notes import note
from web.speech import gettext, named, reader
from web.states import State

doors = Blueprint("approvals", __name__, url_prefix="/admin/approvals")

_MOST: Final = 100
_PAST: Final = 20
_LONGEST: Final = 500
_STATES: Final[Mapping[ApprovalState, tuple[str, str, str]]] = {
    ApprovalState.WAITING: (_("Waits"), "hold", "clock"),
    ApprovalState.APPROVED: (_("Agreed"), "good", "check"),
    ApprovalState.REFUSED: (_("Refused"), "bad", "cross"),
    ApprovalState.WITHDRAWN: (_("Withdrawn"), "quiet", "undo"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """Something that needs two persons, in words: what it is, and each thing that it changes.

    ``why_not`` says why whoever looks cannot be the second person, where that is so.
    """

    public_id: uuid.UUID
    words: str
    facts: list[tuple[str, str]]
    by: str
    day: str
    mine: bool
    why_not: str
    state: State
    reason: str


@doors.before_request
def _ask_for_second_factor() -> Response | None:
    """Whoever agrees moves money as much as whoever proposes: a stolen password alone must not be the second person."""
    return redirect(url_for("second.set_up"), code=303) if lacks_second_factor(require()) else None


@doors.get("/")
@staff()
def page() -> str:
    """Show what waits, and what was decided last."""
    asks = require()
    waiting = waiting_for(session(), rights=asks.rights, limit=_MOST)
    own = [one for one in proposed_by(session(), staff_id=asks.id) if one not in waiting]
    past = decided(session(), rights=asks.rights, limit=_PAST)
    everything = [*waiting, *own, *past]
    behind = behind_both(session(), waiting, second=asks.id, on=today(session()))
    names = staff_names(session(), ids={*(one.proposed_by for one in everything), *behind.values()})
    return render_template(
        "admin/staff/approvals.html",
        waiting=[_told(one, names, behind) for one in (*waiting, *own)],
        past=[_told(one, names, {}) for one in past],
    )


@doors.post("/<uuid:public_id>/agree")
@staff(fresh=True)
def agree(public_id: uuid.UUID) -> Response:
    """Agree, and let it happen."""
    asks = require()
    return _answer(
        lambda: approve(session(), public_id=public_id, by=asks.id, rights=asks.rights, now=_now()),
        gettext(_("You have agreed, and it is done.")),
    )


@doors.post("/<uuid:public_id>/refuse")
@staff(fresh=True)
def say_no(public_id: uuid.UUID) -> Response:
    """Refuse what a colleague wants, or withdraw what one wanted oneself."""
    asks, why = require(), " ".join(request.form.get("reason", "").split())[:_LONGEST]
    return _answer(
        lambda: refuse(session(), public_id=public_id, by=asks.id, rights=asks.rights, now=_now(), reason=why),
        gettext(_("Nothing changes.")),
    )


def _answer(deed: Callable[[], Approval], words: str) -> Response:
    try:
        deed()
    except DecidedError:
        note(gettext(_("This has been decided already.")), tone="warn")
    except OwnApprovalError:
        note(gettext(_("You proposed this yourself. Somebody else must agree.")), tone="warn")
    except OneHandError as error:
        note(_one_hand(error.behind, staff_names(session(), ids={error.behind})), tone="warn")
    except ApprovalError:
        abort(404)
    except (BusyError, EditingError, GroupsError, InvoicingError, PaymentError, RoleMovedError):
        begin_anew()
        note(gettext(_("This cannot be done any more: something has changed since. Refuse it.")), tone="warn")
    else:
        commit(then=house().wake.messages)
        note(words)
    return redirect(url_for("approvals.page"), code=303)


def _why_not(one: Approval, names: Mapping[int, str], behind: Mapping[int, int]) -> str:
    """Say why whoever looks cannot agree to what waits, although they may do such things; "" where they can."""
    if one.state is not ApprovalState.WAITING:
        return ""
    if one.proposed_by == require().id:
        return gettext(_("You want this yourself. Somebody else must agree."))
    return _one_hand(behind[one.id], names) if one.id in behind else ""


def _one_hand(behind: int, names: Mapping[int, str]) -> str:
    """Say who alone stands behind both, and what helps."""
    if behind == require().id:
        return gettext(
            _(
                "You cannot be the second person here: whoever wants this has their role from you alone. "
                "Somebody else must agree."
            )
        )
    return gettext(
        _(
            "You cannot be the second person here: your role comes from %(name)s alone. Somebody else must agree, or "
            "give you the role once more."
        ),
        name=names.get(behind, "–"),
    )


def _told(one: Approval, names: Mapping[int, str], behind: Mapping[int, int]) -> Told:
    words, facts = _WORDS[one.kind](one.payload)
    state, tone, picture = _STATES[one.state]
    return Told(
        public_id=one.uuid,
        words=words,
        facts=facts,
        by=names.get(one.proposed_by, ""),
        day=reader().long_date(one.proposed_at.date()),
        mine=one.proposed_by == require().id,
        why_not=_why_not(one, names, behind),
        state=State("approval", gettext(state), tone, picture),
        reason=one.reason,
    )


def _grant(payload: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    who, role = session().get(Staff, payload["staff"]), session().get(StaffRole, payload["role"])
    if who is None or role is None:
        return gettext(_("Give a role")), []
    group = payload["group"]
    place = group_names(session(), ids=[group]).get(group, "") if group else ""
    facts = [
        (gettext(_("Where")), place_words(place)),
        (gettext(_("First day")), reader().date(dt.date.fromisoformat(payload["from"]))),
    ]
    if payload["to"]:
        facts.append((gettext(_("Last day")), reader().date(dt.date.fromisoformat(payload["to"]))))
    facts.append((gettext(_("What it may do")), ", ".join(may_words(roles.permissions_of(session(), role_id=role.id)))))
    words = gettext(
        _("Give %(name)s (%(email)s) the role %(role)s"), name=who.name, email=who.email, role=named(role.names)
    )
    return words, facts


def _role(payload: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    wanted, new_name = set(payload["permissions"]), named(payload["names"])
    role = roles.role_called(session(), slug=payload["slug"])
    if role is None:
        words = gettext(_("Make the role %(role)s"), role=new_name)
        return words, [(gettext(_("What it may do")), ", ".join(may_words(sorted(wanted))))]
    has, name = set(roles.permissions_of(session(), role_id=role.id)), named(role.names)
    facts = [(gettext(_("Role that is changed")), f"{name} ({role.slug})")]
    if new_name != name:
        facts.append((gettext(_("Name")), gettext(_("%(new)s instead of %(old)s"), new=new_name, old=name)))
    moves = ((_("It may from then on"), wanted - has), (_("It may no longer"), has - wanted))
    facts += [(gettext(words), ", ".join(may_words(sorted(some))) or gettext(_("nothing"))) for words, some in moves]
    return gettext(_("Change what the role %(role)s may do"), role=name), facts


def _account(payload: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    agreement = session().get(BankAgreement, payload["agreement"])
    if agreement is None:
        return gettext(_("Change an account")), []
    creditor = session().get_one(Creditor, agreement.creditor_id).name
    changes = dict(payload["changes"])
    if changes.pop("preferred", False):
        before = agreements.preferred_of(session(), creditor_id=agreement.creditor_id, currency=agreement.currency)
        then = payload.get("account", {"scheme": agreement.scheme, "number": agreement.number})
        facts = [
            (gettext(_("Account until now")), f"{before.scheme} {before.number}" if before else "–"),
            (gettext(_("Account from then on")), f"{then['scheme']} {then['number']}"),
        ]
        return gettext(_("Let invoices of %(creditor)s ask for money on another account"), creditor=creditor), facts
    facts = [
        (
            gettext(_FIELDS[name]),
            gettext(_("%(new)s instead of %(old)s"), new=new or "–", old=getattr(agreement, name) or "–"),
        )
        for name, new in changes.items()
        if (new or None) != getattr(agreement, name)
    ]
    return gettext(_("Change the account of %(creditor)s"), creditor=creditor), facts


def _credit(payload: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    wish = credit_limit.wish_of(payload)
    invoice = session().get_one(Invoice, wish.invoice_id)
    amount = invoice.amount if wish.amounts is None else sum(wish.amounts.values())
    facts = [
        (gettext(_("Amount")), money_words(amount, invoice.currency)),
        (gettext(_("Issued on")), reader().date(invoice.issued_on)),
    ]
    return gettext(_WAYS[wish.how], number=invoice.called), facts


def _refund(payload: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    refund = session().get_one(Refund, payload["refund"])
    facts = [
        (gettext(_("Amount")), money_words(refund.amount, refund.currency)),
        (gettext(_("Account")), account_words(refund.scheme, refund.number)),
        (gettext(_("Reason")), refund.reason or "–"),
    ]
    return gettext(_("Pay back to %(name)s"), name=refund.name), facts


_WAYS: Final = {
    credit_limit.How.WHOLE: _("Credit invoice %(number)s"),
    credit_limit.How.PART: _("Credit invoice %(number)s in part"),
    credit_limit.How.CANCEL: _("Cancel invoice %(number)s, which was not sent"),
}


_FIELDS: Final = {
    "scheme": _("Kind of account"),
    "number": _("Number"),
    "iban": _("IBAN"),
    "bic": _("BIC"),
    "swish_number": _("Swish number"),
}
_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], tuple[str, list[tuple[str, str]]]]]] = {
    grants.KIND: _grant,
    roles.KIND: _role,
    agreements.KIND: _account,
    credit_limit.KIND: _credit,
    approve_refund.KIND: _refund,
}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
