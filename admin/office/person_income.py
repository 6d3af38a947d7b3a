"""What a person earns a year, for fees that are a share of it: seen by whoever invoices, and by nobody else."""

from uuid import UUID

from flask import Blueprint, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from admin import addresses
from admin.office.boxes import Boxes
from admin.office.found import person_or_stop
from admin.office.typed_amount import UnreadableAmountError, typed_amount
from admin.setup.money import currency_choices
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.members.incomes import IncomeError, end_income, incomes_of, set_income
from dues.members.models import Person
from dues.overview.person_file import full_name
from language import gettext_noop as _
from web.house import begin_anew, commit, session
from web.notes import note
from web.speech import gettext

doors = Blueprint("person_income", __name__, url_prefix="/admin/persons")


class IncomeForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """How much a year, in which currency, from which day."""

    amount = StringField()
    currency = StringField()
    from_on = StringField()


@doors.get("/<uuid:public_id>/income")
@permission(Permission.INVOICES_ISSUE)
def ask(public_id: UUID) -> str:
    """Show what is known, and ask for what holds now."""
    person = person_or_stop(public_id)
    known = incomes_of(session(), person_id=person.id)
    currency = known[0].currency if known else currency_choices()[0][0]
    data = {"from_on": today(session()).isoformat(), "currency": currency}
    return _page(person, IncomeForm(formdata=None, data=data))


@doors.post("/<uuid:public_id>/income")
@permission(Permission.INVOICES_ISSUE)
def keep(public_id: UUID) -> str | Response:
    """Keep it."""
    person, form = person_or_stop(public_id), IncomeForm()
    boxes = Boxes(form)
    currency = boxes.text("currency")
    if currency not in dict(currency_choices()):
        boxes.fault("currency", gettext(_("Choose one of the list.")))
    first = boxes.day("from_on", _("Choose the first day."))
    amount = _amount(boxes, currency)
    if not boxes.hand_over() or first is None or amount is None:
        return _page(person, form)
    try:
        set_income(session(), person_id=person.id, amount=amount, currency=currency, from_on=first)
    except IncomeError:
        begin_anew()
        form.amount.errors = [gettext(_("Nobody earns so much. Check the amount."))]
        return _page(person_or_stop(public_id), form)
    commit()
    note(gettext(_("It holds for periods that begin from then on. Invoices that were issued stay as they are.")))
    return redirect(addresses.person(public_id), code=303)


@doors.post("/<uuid:public_id>/income/end")
@permission(Permission.INVOICES_ISSUE)
def end(public_id: UUID) -> Response:
    """Let nothing be known from tomorrow on."""
    person = person_or_stop(public_id)
    on = today(session())
    for currency in {one.currency for one in incomes_of(session(), person_id=person.id)}:
        end_income(session(), person_id=person.id, currency=currency, on=on)
    commit()
    note(gettext(_("From tomorrow on no income is known. Fees that follow it are then the amount for that.")))
    return redirect(addresses.person(public_id), code=303)


def _amount(boxes: Boxes, currency: str) -> int | None:
    written = boxes.text("amount", _("Write the income of a year."))
    try:
        return typed_amount(written, currency)
    except UnreadableAmountError:
        boxes.fault("amount", gettext(_("Write the amount in digits, like 250 or 249,50.")))
        return None


def _page(person: Person, form: IncomeForm) -> str:
    name = full_name(person)
    return render_template(
        "admin/person/income.html",
        person=person,
        form=form,
        name=name,
        known=incomes_of(session(), person_id=person.id),
        on=today(session()),
        currencies=currency_choices(),
        above={"address": addresses.person(person.uuid), "words": name},
    )
