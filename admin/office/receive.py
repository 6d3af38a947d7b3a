"""Registers money that an officer received in cash, by a card terminal or in another way, on the page of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from flask import Blueprint, abort, redirect, render_template, request
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import StringField

from admin import addresses
from admin.addresses import door
from admin.office import queue_words as words
from admin.office.actors import Actors
from admin.office.amounts import money_words
from admin.office.bench import LARGEST, whole
from admin.office.boxes import Boxes, key_of
from admin.office.found import below, person_or_stop
from admin.office.typed_amount import UnreadableAmountError, typed_amount
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.groups.below import books_within
from dues.groups.models import CASH, Creditor, Group
from dues.invoicing.models import Claim, Invoice
from dues.members.models import Membership, Person
from dues.overview.money_file import Came, find_payment, uses_of_payment
from dues.overview.person_file import full_name
from dues.patience import BusyError
from dues.payments.by_hand import FutureDayError, How, Received, TooLargeError, receive, withdraw
from dues.payments.errors import PaymentError
from language import gettext_noop as _
from web.house import begin_anew, commit, house, session
from web.notes import note
from web.speech import gettext, reader

doors = Blueprint("receive", __name__, url_prefix="/admin/persons")

_MOST: Final = 50
HOWS: Final[Mapping[How, str]] = {
    How.CASH: _("Cash"),
    How.TERMINAL: _("Card terminal"),
    How.OTHER: _("In another way"),
}


class ReceiveForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """For what, how much, how and when."""

    purpose = StringField()
    amount = StringField()
    how = StringField()
    on = StringField()
    note = StringField()
    key = StringField()


@dataclass(frozen=True, slots=True)
class For:
    """What money can be received for: an open claim, or (without one) a credit with a creditor."""

    creditor_id: int
    currency: str
    words: str
    claim_id: int | None = None
    open_amount: int = 0

    @property
    def key(self) -> str:
        """What the form calls it."""
        return f"claim-{self.claim_id}" if self.claim_id is not None else f"credit-{self.creditor_id}"


@doors.get("/<uuid:public_id>/receive")
@permission(Permission.PAYMENTS_RECEIVE)
def ask(public_id: UUID) -> str:
    """Ask for what it is, how much and how."""
    person = person_or_stop(public_id)
    offered = _offered(person)
    wanted = next(
        (one for one in offered if one.key == request.args.get("purpose", "")), offered[0] if offered else None
    )
    data = {"on": dates.today(session()).isoformat(), "how": How.CASH.value, "key": str(uuid4())}
    if wanted is not None:
        data["purpose"] = wanted.key
        if wanted.open_amount:
            data["amount"] = reader().amount(wanted.open_amount, wanted.currency)
    return _page(person, ReceiveForm(formdata=None, data=data), offered)


@doors.post("/<uuid:public_id>/receive")
@permission(Permission.PAYMENTS_RECEIVE)
def put(public_id: UUID) -> str | Response:
    """Book it, and lead to its receipt."""
    person, form = person_or_stop(public_id), ReceiveForm()
    offered = _offered(person)
    received = _read(person, form, offered)
    if received is None:
        return _page(person, form, offered)
    try:
        payment = receive(session(), received=received, on=dates.today(session()), by=require().actor)
        commit(then=house().wake.messages)
    except TooLargeError:
        return _refused(public_id, form, "amount", gettext(_("Nobody hands over so much. Check the amount.")))
    except FutureDayError:
        return _refused(public_id, form, "on", gettext(_("This day has not come yet. Write when it was received.")))
    except (PaymentError, BusyError) as error:
        return _refused(public_id, form, "purpose", words.refusal(error))
    note(gettext(_("The money is booked. Print the receipt, or show it.")))
    return redirect(door("receive.receipt", payment_id=payment), code=303)


@doors.get("/received/<int:payment_id>")
@permission(Permission.PAYMENTS_READ)
def receipt(payment_id: int) -> str:
    """Show the receipt of money that was received by hand."""
    came = _came_or_stop(payment_id)
    uses = [use for use in uses_of_payment(session(), payment_id=payment_id) if use.holds]
    return render_template(
        "admin/payment/receipt.html",
        came=came,
        payment=came.payment,
        uses=uses,
        how={how.value: gettext(said) for how, said in HOWS.items()}.get(came.payment.kind, ""),
        withdrawn=not uses,
        actors=Actors.of(session(), [use.actor for use in uses]),
        addresses=addresses,
    )


@doors.post("/received/<int:payment_id>/withdraw")
@permission(Permission.PAYMENTS_RECEIVE)
def undo(payment_id: int) -> Response:
    """Take it back: it was registered by mistake."""
    _came_or_stop(payment_id)
    why = gettext(_("registered by mistake"))
    try:
        withdraw(session(), payment_id=payment_id, reason=why, on=dates.today(session()), by=require().actor)
        commit()
    except (PaymentError, BusyError) as error:
        session().rollback()
        note(words.refusal(error), tone="warn")
    else:
        note(gettext(_("Withdrawn. What was paid by it is open again.")))
    return redirect(door("receive.receipt", payment_id=payment_id), code=303)


def _came_or_stop(payment_id: int) -> Came:
    came = find_payment(session(), payment_id=payment_id, path=below()) if payment_id <= LARGEST else None
    return came if came is not None and came.agreement.scheme == CASH else abort(404)


def _offered(person: Person) -> list[For]:
    """Return the open claims somebody owes, oldest first, and the credits they can have with creditors of theirs."""
    claims = (
        select(Claim, Invoice.called, Creditor)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .join(Creditor, Creditor.id == Claim.creditor_id)
        .where(Claim.debtor_id == person.id, Claim.ended.is_(None), Claim.currency == Creditor.currency)
        .order_by(Claim.due_on, Claim.id)
        .limit(_MOST)
    )
    if below():
        claims = claims.where(books_within(Claim.creditor_id, below()))
    rows = session().execute(claims).all()
    owed = [
        For(
            creditor.id,
            claim.currency,
            gettext(
                _("Invoice %(number)s, %(amount)s open"),
                number=number,
                amount=money_words(claim.open_amount, claim.currency),
            ),
            claim.id,
            claim.open_amount,
        )
        for claim, number, creditor in rows
    ]
    return [*owed, *_credits(person, {creditor.id for _claim, _number, creditor in rows})]


def _credits(person: Person, owed_to: set[int]) -> list[For]:
    theirs = (
        select(Group.creditor_id)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.person_id == person.id, Group.creditor_id.is_not(None))
    )
    wanted = select(Creditor).where(Creditor.id.in_(theirs) | Creditor.id.in_(owed_to)).order_by(Creditor.name)
    if below():
        wanted = wanted.where(books_within(Creditor.id, below()))
    return [
        For(one.id, one.currency, gettext(_("Credit with %(creditor)s"), creditor=one.name))
        for one in session().scalars(wanted)
    ]


def _read(person: Person, form: ReceiveForm, offered: Sequence[For]) -> Received | None:
    boxes = Boxes(form)
    wanted = next((one for one in offered if one.key == boxes.text("purpose")), None)
    if wanted is None:
        boxes.fault("purpose", gettext(_("Choose one of the list.")))
    day = boxes.day("on", _("Choose the day."))
    amount = _amount(boxes, wanted.currency if wanted else "")
    if boxes.text("how") not in {how.value for how in How}:
        boxes.fault("how", gettext(_("Choose one of the list.")))
    if not boxes.hand_over() or wanted is None or day is None:
        return None
    return Received(
        creditor_id=wanted.creditor_id,
        person_id=person.id,
        amount=amount,
        how=How(boxes.text("how")),
        received_on=day,
        key=key_of(form.key.data),
        claim_id=wanted.claim_id,
        open_seen=whole(request.form.get(f"open-{wanted.key}", "")) or None,
        note=boxes.text("note"),
    )


def _amount(boxes: Boxes, currency: str) -> int:
    written = boxes.text("amount")
    try:
        amount = typed_amount(written, currency) if currency else 0
    except UnreadableAmountError:
        amount = 0
    if amount <= 0 and currency:
        boxes.fault("amount", gettext(_("Write the amount as digits, for example 250.00.")))
    return amount


def _refused(public_id: UUID, form: ReceiveForm, box: str, sentence: str) -> str:
    begin_anew()
    form[box].errors = [sentence]
    person = person_or_stop(public_id)
    return _page(person, form, _offered(person))


def _page(person: Person, form: ReceiveForm, offered: Sequence[For]) -> str:
    return render_template(
        "admin/person/receive.html",
        person=person,
        name=full_name(person),
        form=form,
        offered=offered,
        hows=[(how.value, gettext(said)) for how, said in HOWS.items()],
        above={"address": addresses.person(person.uuid), "words": full_name(person)},
    )
