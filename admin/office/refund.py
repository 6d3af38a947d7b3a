"""A refund: to whom and where it goes, its approval, what the bank said; and a new one of a person's credit."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from admin import addresses
from admin.office.actors import Actors
from admin.office.amounts import money_words
from admin.office.boxes import Boxes
from admin.office.found import person_or_stop
from admin.office.refund_past import refund_past
from admin.office.refund_words import account_words, refund_state, stopped_words
from admin.office.return_words import return_reason_words
from admin.office.typed_amount import UnreadableAmountError, typed_amount
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.models import Creditor
from dues.members.models import Person
from dues.overview.money_file import postings_of_refund
from dues.overview.person_file import full_name
from dues.patience import BusyError
from dues.payments.errors import PaymentError
from dues.payments.models import Credit
from dues.payments.refunds.accounts import own_account, payout_account
from dues.payments.refunds.approve import offer_approval, within_limit, write_account
from dues.payments.refunds.cancel import cancel, reject
from dues.payments.refunds.errors import (
    NotEnoughCreditError,
    RefundMovedError,
    SourceReturnedError,
    UnknownRefundError,
    WrongPayoutAccountError,
)
from dues.payments.refunds.find import refund_named, told_by_bank
from dues.payments.refunds.listing import credits_of
from dues.payments.refunds.mail import ask_for_account
from dues.payments.refunds.models import Refund, RefundOrder, RefundState
from dues.payments.refunds.propose import propose
from dues.payments.return_links import has_gone_back
from dues.payments.take_credit_back import take_credit_back, used_for
from language import gettext_noop as _
from web.house import begin_anew, commit, house, session
from web.notes import note
from web.speech import gettext, named

doors = Blueprint("refund", __name__, url_prefix="/admin/refunds")

_GONE_BACK: Final = _(
    "Not approved: the bank has taken the payment back, and the money would go back twice. Cancel the refund."
)
_NOT_AN_ACCOUNT: Final = _("This is no account number that money can go to. Check its digits.")


class AccountForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Who gets the money, and on which account."""

    name = StringField()
    account = StringField()


class NewForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """How much of which credit goes back, to whom, and why."""

    credit = StringField()
    amount = StringField()
    name = StringField()
    account = StringField()
    reason = StringField()


@doors.get("/<uuid:public_id>")
@permission(Permission.PAYMENTS_READ)
def page(public_id: UUID) -> str:
    """Show it."""
    refund = _found(public_id)
    data = {"name": refund.name, "account": account_words(refund.scheme, refund.number)}
    return _page(refund, AccountForm(formdata=None, data=data))


@doors.post("/<uuid:public_id>/account")
@permission(Permission.REFUNDS_APPROVE)
def account(public_id: UUID) -> str | Response:
    """Keep to whom and where it goes."""
    refund, form = _found(public_id), AccountForm()
    boxes = Boxes(form)
    name, written = boxes.text("name", _("Say who gets the money.")), boxes.text("account", _NOT_AN_ACCOUNT)
    if not boxes.hand_over():
        return _page(refund, form)
    try:
        write_account(session(), refund_id=refund.id, account=written, name=name, by=require().actor)
    except WrongPayoutAccountError:
        begin_anew()
        form.account.errors = [gettext(_NOT_AN_ACCOUNT)]
        return _page(_found(public_id), form)
    except RefundMovedError:
        return _moved(public_id)
    commit()
    note(gettext(_("The account is kept.")))
    return _back(public_id)


@doors.post("/<uuid:public_id>/approve")
@permission(Permission.REFUNDS_APPROVE)
def approve(public_id: UUID) -> Response:
    """Approve it, or ask a second person."""
    refund = _found(public_id)
    try:
        waits = offer_approval(session(), refund_id=refund.id, by=require().actor, proposer=require().id)
    except SourceReturnedError:
        session().rollback()
        note(gettext(_GONE_BACK), tone="warn")
        return _back(public_id)
    except (PaymentError, BusyError):
        return _moved(public_id)
    asked = waits is not None
    commit(then=house().wake.messages)
    if asked:
        note(
            gettext(_("It is above the limit of one person. It is approved when a second person agrees.")), tone="warn"
        )
    else:
        note(gettext(_("The refund is approved. It goes out with the next order to the bank.")))
    return _back(public_id)


@doors.post("/<uuid:public_id>/cancel")
@permission(Permission.REFUNDS_APPROVE)
def call_off(public_id: UUID) -> Response:
    """Cancel it: the money is what it was before."""
    return _done(
        public_id,
        lambda refund: cancel(session(), refund_id=refund.id, on=today(session()), by=require().actor),
        gettext(_("The refund is cancelled. The money is what it was before.")),
    )


@doors.post("/<uuid:public_id>/refused")
@permission(Permission.REFUNDS_APPROVE)
def refused(public_id: UUID) -> Response:
    """Say that the bank refused it before money left."""
    return _done(
        public_id,
        lambda refund: reject(session(), refund_id=refund.id),
        gettext(_("The refund waits for another account.")),
    )


@doors.post("/<uuid:public_id>/ask")
@permission(Permission.REFUNDS_APPROVE)
def ask_account(public_id: UUID) -> Response:
    """Ask the person by mail to which account their money goes."""
    try:
        asked = ask_for_account(session(), refund_id=_found(public_id).id)
    except PaymentError:
        return _moved(public_id)
    commit(then=house().wake.messages)
    if asked:
        note(gettext(_("The question for the account is on its way by e-mail.")))
    else:
        note(gettext(_("Nobody can be asked by e-mail here. Write or call them.")), tone="warn")
    return _back(public_id)


@doors.get("/of/<uuid:person_id>")
@permission(Permission.REFUNDS_APPROVE)
def ask(person_id: UUID) -> str:
    """Ask how much of a person's credit goes back."""
    person = person_or_stop(person_id)
    there = credits_of(session(), person_id=person.id)
    data = {"name": full_name(person), "amount": "", "account": "", "reason": ""}
    return _new_page(person, there, NewForm(formdata=None, data=data))


@doors.post("/of/<uuid:person_id>/uses/<int:use_id>/take-back")
@permission(Permission.PAYMENTS_ALLOCATE)
def take_back(person_id: UUID, use_id: int) -> Response:
    """Take back that credit was used for an invoice."""
    person = person_or_stop(person_id)
    back = redirect(url_for("refund.ask", person_id=person_id), code=303)
    if use_id not in {one.use_id for one in used_for(session(), person_id=person.id)}:
        note(gettext(_("This was taken back already.")), tone="warn")
        return back
    try:
        take_credit_back(session(), use_id=use_id, on=today(session()), by=require().actor)
    except (PaymentError, BusyError):
        session().rollback()
        note(gettext(_("The invoice has been closed since. What was paid on it is credit now.")), tone="warn")
        return back
    commit()
    note(gettext(_("It is credit again, and the invoice is open. Credit is not used for it by itself any more.")))
    return back


@doors.post("/of/<uuid:person_id>")
@permission(Permission.REFUNDS_APPROVE)
def begin(person_id: UUID) -> str | Response:
    """Propose it."""
    person, form = person_or_stop(person_id), NewForm()
    there = credits_of(session(), person_id=person.id)
    chosen = next((one for one in there if _key(one) == form.credit.data), there[0] if len(there) == 1 else None)
    boxes = Boxes(form)
    if chosen is None:
        boxes.fault("credit", gettext(_("Choose one of the list.")))
    name, reason, written = (
        boxes.text("name", _("Say who gets the money.")),
        boxes.text("reason"),
        boxes.text("account"),
    )
    amount = _amount(boxes, chosen)
    _check_account(boxes, written, chosen)
    if not boxes.hand_over() or chosen is None:
        return _new_page(person, there, form)
    credit, creditor = chosen
    try:
        refund_id = propose(
            session(),
            creditor_id=creditor.id,
            person_id=person.id,
            payment_id=None,
            amount=amount,
            currency=credit.currency,
            name=name,
            account=written or None,
            reason=reason,
            by=require().actor,
            on=today(session()),
        )
    except (NotEnoughCreditError, BusyError):
        begin_anew()
        form.amount.errors = [gettext(_("The credit has changed since. Look again."))]
        person = person_or_stop(person_id)
        return _new_page(person, credits_of(session(), person_id=person.id), form)
    public_id = session().get_one(Refund, refund_id).uuid
    commit()
    note(gettext(_("The refund is proposed. Approve it, and it goes out with the next order to the bank.")))
    return _back(public_id)


def _amount(boxes: Boxes, chosen: tuple[Credit, Creditor] | None) -> int:
    """Read the amount; an empty box is all there is."""
    written = boxes.text("amount")
    if chosen is None:
        return 0
    credit = chosen[0]
    try:
        amount = typed_amount(written, credit.currency) if written else credit.balance
    except UnreadableAmountError:
        boxes.fault("amount", gettext(_("Write the amount in digits, like 250 or 249,50.")))
        return 0
    if not 0 < amount <= credit.balance:
        most = money_words(credit.balance, credit.currency)
        boxes.fault("amount", gettext(_("Write an amount above nothing, at most %(most)s."), most=most))
    return amount


def _check_account(boxes: Boxes, written: str, chosen: tuple[Credit, Creditor] | None) -> None:
    if not written or chosen is None:
        return
    try:
        payout_account(written, country=chosen[1].country, currency=chosen[0].currency)
    except WrongPayoutAccountError:
        boxes.fault("account", gettext(_NOT_AN_ACCOUNT))


def _key(one: tuple[Credit, Creditor]) -> str:
    return f"{one[1].uuid}-{one[0].currency}"


def _new_page(person: Person, there: list[tuple[Credit, Creditor]], form: NewForm) -> str:
    words = [(_key(one), f"{one[1].name}: {money_words(one[0].balance, one[0].currency)}") for one in there]
    return render_template(
        "admin/refunds/new.html",
        person=person,
        name=full_name(person),
        credits=words,
        uses=used_for(session(), person_id=person.id),
        may_undo=require().may(Permission.PAYMENTS_ALLOCATE),
        form=form,
        above={"address": addresses.person(person.uuid), "words": full_name(person)},
    )


def _page(refund: Refund, form: AccountForm) -> str:
    creditor = session().get_one(Creditor, refund.creditor_id)
    person = session().get(Person, refund.person_id) if refund.person_id else None
    order = session().get(RefundOrder, refund.order_id) if refund.order_id else None
    open_now = refund.state in (RefundState.PROPOSED, RefundState.BOUNCED)
    return render_template(
        "admin/refunds/page.html",
        refund=refund,
        creditor=creditor,
        person=person,
        person_name=full_name(person) if person else "",
        order=order,
        told=told_by_bank(session(), refund_id=refund.id),
        return_reason_words=return_reason_words,
        state=refund_state(refund.state, refund.stopped),
        account=account_words(refund.scheme, refund.number),
        amount_words=money_words(refund.amount, refund.currency),
        alone=within_limit(session(), refund=refund, creditor=creditor),
        stopped=stopped_words(refund),
        past=refund_past(refund),
        postings=postings_of_refund(session(), refund=refund),
        named=named,
        gone_back=has_gone_back(session(), refund=refund)
        if open_now or refund.state is RefundState.APPROVED
        else False,
        own_account=own_account(session(), refund=refund) if refund.number else "",
        open=open_now,
        may_cancel=refund.state in (RefundState.PROPOSED, RefundState.APPROVED, RefundState.BOUNCED),
        sent=refund.state is RefundState.SENT,
        may=require().may(Permission.REFUNDS_APPROVE),
        actors=Actors.of(session(), [refund.actor, refund.approved_by]),
        form=form,
        addresses=addresses,
        above={"address": addresses.address("refunds.index_view"), "words": gettext(_("Refunds"))},
    )


def _done(public_id: UUID, deed: Callable[[Refund], None], words: str) -> Response:
    try:
        deed(_found(public_id))
    except (PaymentError, BusyError):
        return _moved(public_id)
    commit()
    note(words)
    return _back(public_id)


def _moved(public_id: UUID) -> Response:
    session().rollback()
    note(gettext(_("Nothing was done: the refund has gone on since you looked, or lacks an account.")), tone="warn")
    return _back(public_id)


def _back(public_id: UUID) -> Response:
    return redirect(url_for("refund.page", public_id=public_id), code=303)


def _found(public_id: UUID) -> Refund:
    try:
        return refund_named(session(), name=public_id)
    except UnknownRefundError:
        abort(404)
