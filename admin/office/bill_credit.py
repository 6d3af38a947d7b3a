"""An invoice credited: first what follows from it in numbers, then the press."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField

from admin import addresses
from admin.office.bill_states import Facts, facts, settled
from admin.office.boxes import seen_of
from admin.office.busy import told_busy
from admin.office.found import below, invoice_or_stop
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.below import lies_below
from dues.invoicing.errors import NotCreditableError
from dues.invoicing.models import Claim
from dues.invoicing.send_again import on_paper
from dues.invoicing.standing import Settlement
from dues.invoicing.way import find_way
from dues.overview.invoice_file import Head, Line, claims_of, invoice_lines, newest_message, released_by
from dues.overview.money_file import uses_of_claims
from dues.overview.next_step import Step
from dues.overview.steps import ahead, membership_steps
from dues.patience import BusyError
from dues.payments.cancel_unsent import unsent
from dues.payments.credit_limit import How, Wish, offer_credit
from dues.payments.errors import MovedError
from language import gettext_noop as _
from web import states
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, named
from web.states import State

doors = Blueprint("bill_credit", __name__, url_prefix="/admin/invoices")


class CreditForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What was open when the page was shown, in minor units; whether it is cancelled without a word."""

    seen = HiddenField()
    how = HiddenField()


@dataclass(frozen=True, slots=True)
class Freed:
    """A stretch that may be charged again: whose, when, and for which parts of the fee."""

    member: str
    period: tuple[dt.date, dt.date]
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What crediting an invoice leads to.

    ``again`` is what happens next to the memberships whose stretches are free then; ``waits`` says that the invoice
    itself has not left the house yet, ``unsent`` that nobody can know of it.
    """

    head: Head
    facts: Facts
    state: State
    freed: tuple[Freed, ...]
    again: tuple[Step, ...]
    waits: bool
    unsent: bool

    @property
    def paid(self) -> int:
        """What has been paid on it, and becomes credit."""
        return self.left - self.facts.open

    @property
    def left(self) -> int:
        """What earlier credit notes have left of it."""
        return self.head.invoice.amount - self.facts.credited


@doors.get("/<uuid:public_id>/credit")
@permission(Permission.INVOICES_CREDIT)
def ask(public_id: UUID) -> str | Response:
    """Show what follows."""
    head = credited_invoice(public_id)
    return _page(head, moved=False) if creditable(head) else not_creditable(head)


@doors.post("/<uuid:public_id>/credit")
@permission(Permission.INVOICES_CREDIT)
def credit(public_id: UUID) -> str | Response | tuple[str, int]:
    """Credit it as it was shown; a second press finds it credited."""
    head = credited_invoice(public_id)
    form = CreditForm()
    seen = str(form.seen.data or "")
    how = How.CANCEL if form.how.data == How.CANCEL else How.WHOLE
    try:
        waits = offer_credit(
            session(),
            wish=Wish(head.invoice.id, how),
            on=today(session()),
            by=require().actor,
            proposer=require().id,
            seen=seen_of(seen),
        )
    except NotCreditableError:
        session().rollback()
        return not_creditable(invoice_or_stop(public_id))
    except MovedError:
        session().rollback()
        return _page(invoice_or_stop(public_id), moved=True), 409
    except BusyError:
        return told_busy(addresses.invoice(public_id))
    number, asked = head.invoice.called, waits is not None
    commit(then=house().wake.messages)
    if asked:
        words = _("Invoice %(number)s is above the limit of one person. It is credited when a second person agrees.")
        note(gettext(words, number=number), tone="warn")
        return redirect(addresses.invoice(public_id), code=303)
    words = _("Invoice %(number)s is credited. The credit note is on its way.")
    if how is How.CANCEL:
        words = _("Invoice %(number)s is cancelled. Nobody was told of it.")
    note(gettext(words, number=number))
    return redirect(addresses.invoice(public_id), code=303)


def credited_invoice(public_id: UUID) -> Head:
    """Return the invoice of an address that whoever asks may take back, or stop."""
    head = invoice_or_stop(public_id)
    return head if may_credit(head) else abort(404)


def may_credit(head: Head) -> bool:
    """Tell whether whoever asks may take this invoice back: a group's own house credits what its own books claim."""
    return addresses.may(Permission.INVOICES_CREDIT) and lies_below(
        session(), group_id=head.creditor.group_id, path=below()
    )


def creditable(head: Head) -> bool:
    """Tell whether there is something left of it to take back."""
    claims = claims_of(session(), invoice_id=head.invoice.id)
    over = settled(claims, on=today(session())) if claims else Settlement.CREDITED
    return head.note is None and over not in (Settlement.CREDITED, Settlement.WRITTEN_OFF)


def not_creditable(head: Head) -> Response:
    """Say why there is nothing to take back."""
    if head.note is not None:
        text = gettext(_("This invoice was credited already, by credit note %(number)s."), number=head.note.called)
    else:
        text = gettext(_("There is nothing to credit here."))
    note(text, tone="warn")
    return redirect(addresses.invoice(head.invoice.uuid), code=303)


def _page(head: Head, *, moved: bool) -> str:
    on = today(session())
    found = _outlook(head, claims_of(session(), invoice_id=head.invoice.id), on=on)
    return render_template(
        "admin/invoice/credit.html",
        head=head,
        invoice=head.invoice,
        found=found,
        moved=moved,
        goes=find_way(session(), payer=head.payer, creditor_id=head.invoice.creditor_id),
        on_paper=on_paper(head.invoice),
        form=CreditForm(formdata=None, seen=str(found.facts.open)),
        above={"address": addresses.invoice(head.invoice.uuid), "words": _name(head)},
        named=named,
        on=on,
    )


def _name(head: Head) -> str:
    return gettext("Invoice %(number)s", number=head.invoice.called)


def _outlook(head: Head, claims: list[Claim], *, on: dt.date) -> Outlook:
    freed = [held.id for held in released_by(session(), invoice_id=head.invoice.id)]
    again = membership_steps(session(), memberships=freed, at=ahead(session(), today=on), credited=head.invoice.id)
    message = newest_message(session(), invoice_id=head.invoice.id)
    return Outlook(
        head=head,
        facts=facts(head, claims, uses_of_claims(session(), claims=[claim.id for claim in claims])),
        state=states.settlement(settled(claims, on=on)),
        freed=_freed(invoice_lines(session(), invoice_id=head.invoice.id)),
        again=tuple(step for step in again.values() if step.happens),
        unsent=unsent(session(), invoice_id=head.invoice.id),
        waits=message is not None and message.state == "queued",
    )


def _freed(lines: list[Line]) -> tuple[Freed, ...]:
    stretches: dict[tuple[str, tuple[dt.date, dt.date]], list[str]] = {}
    for line in lines:
        if line.period is not None:
            stretches.setdefault((line.member_name, line.period), []).append(named(line.component))
    return tuple(Freed(member, period, tuple(parts)) for (member, period), parts in stretches.items())
