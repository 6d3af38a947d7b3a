"""A membership ended: the day and the reason first, then what follows from them, then the press."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField

from admin import addresses
from admin.office.amounts import money_words
from admin.office.boxes import Boxes
from admin.office.busy import told_busy
from admin.office.found import membership_or_stop, person_or_stop
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.invoicing.cover import free_later
from dues.invoicing.errors import NotCreditableError
from dues.loop.end import ENDINGS, Hand, Unneeded, alone, end_membership, out_of_sight, unneeded
from dues.loop.errors import EndDayError, EndMovedError, NoMembershipError
from dues.members.models import MembershipStatus, Person
from dues.overview.person_file import Held, full_name
from dues.patience import BusyError
from dues.payments.errors import MovedError
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.number_of import number_of
from web.speech import gettext, named, pgettext, reader

doors = Blueprint("membership_end", __name__, url_prefix="/admin/persons")

_CREDIT: Final = "credit"
_REFUND: Final = "refund"
_STAYS: Final = "stays"
_DAY: Final = _("Choose a day from %(first)s to %(last)s.")


class EndForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The last day, how it ends, what becomes of what was paid for later, and which invoices were shown as credited."""

    on = StringField()
    how = StringField()
    paid = StringField()
    seen = HiddenField()


@dataclass(frozen=True, slots=True)
class Ending:
    """What a faultless form says, and what follows from it; ``asked`` are the invoices that a second person credits."""

    on: dt.date
    status: MembershipStatus
    paid: str
    credited: tuple[Unneeded, ...]
    asked: frozenset[int]

    @property
    def seen(self) -> str:
        """The invoices that are credited, as the form carries them."""
        return " ".join(str(one.invoice_id) for one in self.credited)

    @property
    def at_once(self) -> list[Unneeded]:
        """What is credited by the ending itself."""
        return [one for one in self.credited if one.invoice_id not in self.asked]

    @property
    def sum(self) -> str:
        """What is credited at once, in words."""
        sums: dict[str, int] = {}
        for one in self.at_once:
            sums[one.currency] = sums.get(one.currency, 0) + one.amount
        return reader().join([money_words(minor, currency) for currency, minor in sums.items()])


@doors.get("/<uuid:public_id>/memberships/<uuid:membership>/end")
@permission(Permission.MEMBERS_EDIT)
def ask(public_id: UUID, membership: UUID) -> str | Response:
    """Ask for the day; once the address holds it, show what follows."""
    person = person_or_stop(public_id)
    held = membership_or_stop(person, membership)
    if held.ended_on is not None:
        return _ended_already(person)
    on = today(session())
    asked = "on" in request.args
    form = (
        EndForm(request.args)
        if asked
        else EndForm(formdata=None, on=on.isoformat(), how=ENDINGS[0].value, paid=_CREDIT)
    )
    return _page(person, held, form, _read(form, held, on) if asked else None)


@doors.post("/<uuid:public_id>/memberships/<uuid:membership>/end")
@permission(Permission.MEMBERS_EDIT)
def end(public_id: UUID, membership: UUID) -> str | Response | tuple[str, int]:
    """End it as it was shown."""
    person = person_or_stop(public_id)
    held = membership_or_stop(person, membership)
    form = EndForm()
    on = today(session())
    ending = _read(form, held, on)
    if ending is None:
        return _page(person, held, form, None)
    seen = [number for one in str(form.seen.data or "").split() if (number := number_of(one)) is not None]
    try:
        notes = end_membership(
            session(),
            membership_id=held.id,
            status=ending.status,
            on=ending.on,
            today=on,
            by=require().actor,
            seen=seen,
            paid=ending.paid != _STAYS,
            refund=ending.paid == _REFUND,
            hand=hand(),
        )
    except NoMembershipError:
        return _ended_already(person)
    except (EndMovedError, EndDayError, MovedError, NotCreditableError):
        session().rollback()
        return _page(person, held, form, _read(form, held, on), moved=True), 409
    except BusyError:
        return told_busy(addresses.person(public_id))
    commit(then=house().wake.messages if notes else None)
    note(_done(held, ending, len(notes)), tone="warn" if len(notes) < len(ending.credited) else "good")
    return redirect(addresses.person(public_id), code=303)


def _ended_already(person: Person) -> Response:
    note(gettext(_("This membership has ended already.")), tone="warn")
    return redirect(addresses.person(person.uuid), code=303)


def _read(form: EndForm, held: Held, today_: dt.date) -> Ending | None:
    boxes = Boxes(form)
    first = min(held.joined_on, today_)
    text = gettext(_DAY, first=reader().long_date(first), last=reader().long_date(today_))
    on = boxes.day("on", text)
    if on is not None and not first <= on <= today_:
        boxes.fault("on", text)
    how = boxes.text("how")
    if how not in set(ENDINGS):
        boxes.fault("how", gettext(_("Choose how it ends.")))
    paid = boxes.text("paid") or _STAYS
    if paid not in dict(_paid_ways()):
        boxes.fault("paid", gettext(_("Choose what becomes of what was paid.")))
    if not boxes.hand_over() or on is None:
        return None
    found = unneeded(session(), membership_id=held.id, on=on, paid=paid != _STAYS)
    return Ending(on, MembershipStatus(how), paid, tuple(found), asked_of(found))


def _paid_ways() -> list[tuple[str, str]]:
    """Return what may become of what was paid for later."""
    return [
        (_CREDIT, gettext(_("It becomes credit of whoever paid, for their next invoice"))),
        (_REFUND, gettext(_("It is put up for refund to whoever paid"))),
        (_STAYS, gettext(_("It stays paid, and nothing is given back"))),
    ]


def hand() -> Hand:
    """Return whoever asks, as one who ends things alone."""
    return Hand(require().id, may_credit=addresses.may(Permission.INVOICES_CREDIT))


def asked_of(found: Iterable[Unneeded]) -> frozenset[int]:
    """Return the invoices that whoever asks does not credit alone."""
    who = hand()
    return frozenset(one.invoice_id for one in found if not alone(session(), one, who))


def waiting(asked: int) -> str:
    """Return how many invoices wait for a second person, in words, with what stands before; nothing where none does."""
    if not asked:
        return ""
    return " " + reader().ngettext(
        "%(num)s invoice is credited when a second person agrees.",
        "%(num)s invoices are credited when a second person agrees.",
        asked,
    )


def _done(held: Held, ending: Ending, notes: int) -> str:
    ended = gettext(_("%(type)s ended on %(day)s."), type=named(held.type_names), day=reader().long_date(ending.on))
    waits = waiting(len(ending.credited) - notes)
    if not notes:
        return ended + waits
    credited = reader().ngettext(
        "%(num)s invoice of %(sum)s is credited.", "%(num)s invoices of %(sum)s are credited.", notes, sum=ending.sum
    )
    return f"{ended} {credited}{waits}"


def _page(person: Person, held: Held, form: EndForm, ending: Ending | None, *, moved: bool = False) -> str:
    words = {
        MembershipStatus.LEFT: pgettext("membership", "Left"),
        MembershipStatus.EXCLUDED: pgettext("membership", "Excluded"),
    }
    return render_template(
        "admin/person/end.html",
        person=person,
        name=full_name(person),
        held=held,
        form=form,
        ending=ending,
        free=[] if ending is None else free_later(session(), membership_id=held.id, on=ending.on),
        out_of_sight=ending is not None and out_of_sight(session(), membership_id=held.id, on=ending.on),
        moved=moved,
        on=today(session()),
        endings=[(status.value, words[status]) for status in ENDINGS],
        paid_ways=_paid_ways(),
        here=addresses.door("membership_end.ask", public_id=person.uuid, membership=held.uuid),
        above={"address": addresses.person(person.uuid), "words": full_name(person)},
        money_words=money_words,
        named=named,
    )
