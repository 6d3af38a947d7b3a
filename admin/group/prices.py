"""What a group's own part of the fee costs: as elsewhere, or, where it is allowed, as the group says."""

from dataclasses import dataclass

from flask import abort, redirect, render_template
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.addresses import door
from admin.group.here import group_doors, this_group
from admin.office.amounts import money_words
from admin.setup.money import hundredths_of, minor_of
from admin.tables.fields import Amount, Day
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.models import Creditor, Group
from dues.pricing.errors import AmountError, FollowsTooEarlyError, PriceTwiceError, PricingError
from dues.pricing.models import PriceRule
from dues.pricing.own import OwnPart, drop_own_price, own_parts, set_own_price
from language import gettext_noop as _
from web.house import begin_anew, commit, session
from web.notes import note
from web.speech import gettext, named, reader

doors = group_doors("group_prices", "/look/prices")


class OwnPriceForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a part costs from a day on."""

    amount = Amount(_("Amount for a whole term"), hint=_("For everybody, whatever their age."))
    from_on = Day(_("From"), hint=_("Periods that begin on this day or later cost it."))


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of the fee as the page shows it."""

    part: OwnPart
    name: str
    elsewhere: tuple[str, ...]
    here: tuple[str, ...]
    address: str


@doors.get("/")
@permission(Permission.GROUP_LOOK)
def page() -> str:
    """Show the parts that are the group's own and what they cost."""
    group = _group()
    parts = [
        Shown(
            one,
            named(one.names),
            tuple(_words(rule) for rule in one.elsewhere),
            tuple(_words(rule) for rule in one.here),
            door("group_prices.ask", component_id=one.component_id),
        )
        for one in own_parts(session(), group=group)
    ]
    return render_template("group/look/prices.html", parts=parts, may_set=group.own_prices)


@doors.get("/<int:component_id>")
@permission(Permission.GROUP_LOOK)
def ask(component_id: int) -> str:
    """Ask what a part costs from now on."""
    part = _part_or_stop(component_id)
    on = today(session())
    current = part.in_force(on) or (part.elsewhere[-1] if part.elsewhere else None)
    amount = hundredths_of(current.amount, current.currency) if current else None
    return _page(OwnPriceForm(formdata=None, data={"amount": amount, "from_on": on}), part)


@doors.post("/<int:component_id>")
@permission(Permission.GROUP_LOOK)
def save(component_id: int) -> str | Response:
    """Set it."""
    part, form = _part_or_stop(component_id), OwnPriceForm()
    currency = session().scalar(select(Creditor.currency).where(Creditor.id == this_group().creditor_id)) or ""
    minor = minor_of(form.amount.data or 0, currency) if form.validate() and currency else None
    if minor is None:
        return _page(form, part)
    try:
        set_own_price(
            session(),
            group_id=this_group().id,
            component_id=component_id,
            amount=minor,
            from_on=form.from_on.data,
            today=today(session()),
        )
    except FollowsTooEarlyError as error:
        begin_anew()
        words = _("The price before has been used. The new one can begin on %(day)s at the earliest.")
        form.from_on.errors = [gettext(words, day=reader().long_date(error.earliest))]
    except PriceTwiceError:
        begin_anew()
        form.from_on.errors = [gettext(_("There is a price from this day already. Choose another day."))]
    except AmountError:
        begin_anew()
        form.amount.errors = [gettext(_("A price is zero or more."))]
    else:
        commit()
        note(gettext(_("The price is set. Invoices that were issued keep theirs.")))
        return redirect(door("group_prices.page"), code=303)
    return _page(form, _part_or_stop(component_id))


@doors.post("/<int:component_id>/drop")
@permission(Permission.GROUP_LOOK)
def drop(component_id: int) -> Response:
    """Let the part cost what it costs elsewhere."""
    _part_or_stop(component_id)
    try:
        drop_own_price(session(), group_id=this_group().id, component_id=component_id, today=today(session()))
    except PricingError:
        abort(404)
    commit()
    note(gettext(_("From the next period on it costs what it costs elsewhere.")))
    return redirect(door("group_prices.page"), code=303)


def _group() -> Group:
    return session().scalars(select(Group).where(Group.id == this_group().id)).one()


def _part_or_stop(component_id: int) -> OwnPart:
    """Return a part that the group may price; another one is not there."""
    group = _group()
    found = [one for one in own_parts(session(), group=group) if one.component_id == component_id]
    if not (group.own_prices and found):
        abort(404)
    return found[0]


def _words(rule: PriceRule) -> str:
    """Return a price in words: how much, for which ages, on which days."""
    amount = money_words(rule.amount, rule.currency)
    ages = ""
    if rule.min_age is not None and rule.max_age is not None:
        ages = gettext(_("%(first)s to %(last)s years"), first=rule.min_age, last=rule.max_age)
    elif rule.max_age is not None:
        ages = gettext(_("up to %(last)s years"), last=rule.max_age)
    elif rule.min_age is not None:
        ages = gettext(_("from %(first)s years"), first=rule.min_age)
    first = gettext(_("from %(day)s"), day=reader().date(rule.valid_from)) if rule.valid_from else ""
    last = gettext(_("through %(day)s"), day=reader().date(rule.valid_to)) if rule.valid_to else ""
    return " · ".join(one for one in (amount, ages, first, last) if one)


def _page(form: OwnPriceForm, part: OwnPart) -> str:
    return render_template(
        "group/form.html",
        heading=gettext(_("What %(part)s costs"), part=named(part.names)),
        about=gettext(_("Only this part of the fee is your own. The other parts stay as they are.")),
        form=form,
        faults=form.errors,
        ids={one.name: one.first_id for one in form if hasattr(one, "first_id")},
        fields=[form.amount, form.from_on],
        back=door("group_prices.page"),
        back_words=gettext(_("Our prices")),
        save=gettext(_("Set the price")),
    )
